package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// fakeBrowser puts a program of that name into a folder. It writes what it got
// into a pipe, which the returned function reads.
func fakeBrowser(t *testing.T, name, script string) (dir string, opened func() string) {
	t.Helper()
	dir = t.TempDir()
	fifo := filepath.Join(dir, "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	body := "#!/bin/sh\n" + strings.ReplaceAll(script, "FIFO", "'"+fifo+"'") + "\n"
	if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o700); err != nil {
		t.Fatal(err)
	}
	return dir, func() string {
		t.Helper()
		b, err := os.ReadFile(fifo) // returns when the script closed it
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(b))
	}
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func TestTheBrowserIsOpenedInASessionOfItsOwn(t *testing.T) {
	dir, opened := fakeBrowser(t, "xdg-open", `read a b c d e f rest < /proc/$$/stat; echo "$1 $# own=$(( $$ == f )) key=$OPENAI_API_KEY auth=$XAUTHORITY" > FIFO`)
	b := browser{environ{"PATH=relative:" + dir + ":/bin", "OPENAI_API_KEY=sk-1", "XAUTHORITY=/x"}, quiet()}
	if err := b.open("http://127.0.0.1:8787/?a=1&b=$(id)"); err != nil {
		t.Fatal(err)
	}
	if got, want := opened(), "http://127.0.0.1:8787/?a=1&b=$(id) 1 own=1 key= auth=/x"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestBROWSERCountsWhereTheDesktopHasNothing(t *testing.T) {
	dir, opened := fakeBrowser(t, "my-browser", `echo "$1" > FIFO`)
	b := browser{environ{"PATH=" + t.TempDir(), "BROWSER=" + filepath.Join(dir, "my-browser")}, quiet()}
	if err := b.open("http://h/"); err != nil {
		t.Fatal(err)
	}
	if got := opened(); got != "http://h/" {
		t.Errorf("got %q", got)
	}
}

func TestWithoutABrowserTheAddressIsSaid(t *testing.T) {
	b := browser{environ{"PATH=" + t.TempDir()}, quiet()}
	if err := b.open("http://h/"); err == nil || !strings.Contains(err.Error(), "http://h/") || !strings.Contains(err.Error(), "xdg-open") {
		t.Errorf("got %v", err)
	}
}

func TestABrowserThatFailsIsInTheLog(t *testing.T) {
	dir, opened := fakeBrowser(t, "xdg-open", `echo > FIFO; exit 3`)
	lines := make(chan string, 10)
	b := browser{environ{"PATH=" + dir}, slog.New(slog.NewTextHandler(into(lines), nil))}
	if err := b.open("http://h/"); err != nil {
		t.Fatal(err)
	}
	opened()
	<-lines // that it is opened
	if line := <-lines; !strings.Contains(line, "level=WARN") || !strings.Contains(line, "exit status 3") || !strings.Contains(line, "http://h/") {
		t.Errorf("got %q", line)
	}
}

// into sends each line of a log.
type into chan<- string

func (c into) Write(b []byte) (int, error) { c <- string(b); return len(b), nil }
