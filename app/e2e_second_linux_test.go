package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"hermes-webui/app/wholetest"
)

// screen is a desktop with a browser that only notes what it is to open.
type screen struct {
	t    *testing.T
	bus  string
	dir  string
	note string
}

func newScreen(t *testing.T) *screen {
	t.Helper()
	s := &screen{t: t, bus: wholetest.Bus(t), dir: t.TempDir()}
	s.note = filepath.Join(s.dir, "opened")
	script := "#!/bin/sh\nprintf '%s %s\\n' \"$BY\" \"$*\" >> '" + s.note + "'\n"
	if err := os.WriteFile(filepath.Join(s.dir, "xdg-open"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return s
}

// env is that of a process on this screen. The browser notes the name.
func (s *screen) env(name string) []string {
	return []string{"PATH=" + s.dir + ":" + os.Getenv("PATH"), "DISPLAY=:99", "DBUS_SESSION_BUS_ADDRESS=" + s.bus, "BY=" + name}
}

// opened returns what was opened so far, once it is at least n.
func (s *screen) opened(n int) []string {
	s.t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) { // another process: nothing to wait on
		b, _ := os.ReadFile(s.note) // not there: nothing yet
		lines := strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
		if len(b) == 0 {
			lines = nil
		}
		if len(lines) >= n {
			return lines
		}
		if time.Now().After(end) {
			s.t.Fatalf("the browser opened %q", lines)
		}
	}
}

// again starts the program once more and returns its end.
func (s *screen) again(first *wholetest.Program, name string, flags ...string) (code int, said string) {
	s.t.Helper()
	cmd := exec.CommandContext(s.t.Context(), wholetest.Build(s.t, ""), append(flags, "--state-dir", first.Dir)...)
	cmd.Env = append(s.env(name), "HOME="+filepath.Join(filepath.Dir(first.Dir), "home"))
	out, _ := cmd.CombinedOutput() // its code is looked at
	return cmd.ProcessState.ExitCode(), string(out)
}

func wantOpened(t *testing.T, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Fatalf("the browser opened %q, want %q", got, want)
	}
}

func TestASecondDesktopStartOpensTheBrowserOfTheFirst(t *testing.T) {
	s := newScreen(t)
	first := wholetest.Start(t, wholetest.Options{Mode: "--desktop", Env: s.env("first")})
	wantOpened(t, s.opened(1), "first "+first.URL+"/")
	for i, flags := range [][]string{{"--desktop"}, {}, {"--desktop", "--port", "0"}} {
		if code, said := s.again(first, "second", flags...); code != 0 {
			t.Fatalf("%q: exit %d: %s", flags, code, said)
		}
		if got := s.opened(i + 2); got[i+1] != "first "+first.URL+"/" {
			t.Fatalf("%q: the browser opened %q", flags, got)
		}
	}
	if code, said := s.again(first, "second", "--tray"); code != 0 {
		t.Fatalf("--tray: exit %d: %s", code, said)
	}
	if got := s.opened(4); len(got) != 4 {
		t.Errorf("--tray opened the browser: %q", got)
	}
	if code, said := s.again(first, "second", "--serve"); code != 75 {
		t.Errorf("--serve: exit %d: %s", code, said)
	}
}

func TestATrayStartOpensNoBrowser(t *testing.T) {
	s := newScreen(t)
	first := wholetest.Start(t, wholetest.Options{Mode: "--tray", Env: s.env("first")})
	s.again(first, "second", "--tray")
	s.again(first, "second", "--desktop")
	wantOpened(t, s.opened(1), "first "+first.URL+"/")
}

// Beside the server of a service a start with a desktop stays as its tray, and
// opens the browser by itself; one at login only stays.
func TestAServerThatReplacedAStuckOneOpensNoBrowser(t *testing.T) {
	s := newScreen(t)
	first := wholetest.Start(t, wholetest.Options{Mode: "--desktop", Env: append(s.env("first"), "HERMES_WEBUI_CURED_AT=1")})
	s.again(first, "second", "--desktop")
	wantOpened(t, s.opened(1), "first "+first.URL+"/")
}

func TestTheServerOfAServiceIsNotAskedForABrowser(t *testing.T) {
	s := newScreen(t)
	first := wholetest.Start(t, wholetest.Options{Env: s.env("first")})
	atLogin := wholetest.Launch(t, wholetest.Options{Mode: "--tray", Dir: first.Dir, Env: s.env("login")})
	logs(t, atLogin, "showing a tray for it")
	second := wholetest.Launch(t, wholetest.Options{Mode: "--desktop", Dir: first.Dir, Env: s.env("second")})
	wantOpened(t, s.opened(1), "second "+first.URL)
	for _, p := range []*wholetest.Program{atLogin, second} {
		if code := p.Stop(); code != 0 {
			t.Errorf("exit %d: %s", code, p.Log())
		}
	}
	if got := s.opened(1); len(got) != 1 {
		t.Errorf("the browser opened %q", got)
	}
	first.Do(200, "GET", "/health", nil)
}

// The pid in the folder is a hint; only the lock decides.
func TestAfterACrashTheNextStartServes(t *testing.T) {
	s := newScreen(t)
	first := wholetest.Start(t, wholetest.Options{Mode: "--desktop", Env: s.env("first")})
	s.opened(1)
	first.Kill()
	second := wholetest.Start(t, wholetest.Options{Mode: "--desktop", Dir: first.Dir, Env: s.env("second")})
	wantOpened(t, s.opened(2), "first "+first.URL+"/", "second "+second.URL+"/")
}

func TestOfManyStartsAtOnceOneServes(t *testing.T) {
	s := newScreen(t)
	dir := filepath.Join(t.TempDir(), "state")
	home := t.TempDir()
	binary := wholetest.Build(t, "")
	const many = 6
	var all []*exec.Cmd
	var logs [many]strings.Builder
	ended := make(chan int, many)
	var wg sync.WaitGroup
	for i := range many {
		cmd := exec.Command(binary, "--desktop", "--port", "0", "--state-dir", dir)
		cmd.Env = append(s.env("one"), "HOME="+home)
		cmd.Stderr = &logs[i]
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = cmd.Process.Kill() })
		all = append(all, cmd)
		wg.Go(func() {
			_ = cmd.Wait()
			ended <- cmd.ProcessState.ExitCode()
		})
	}
	for range many - 1 {
		select {
		case code := <-ended:
			if code != 0 {
				t.Errorf("exit %d", code)
			}
		case <-time.After(30 * time.Second):
			t.Fatal("more than one serves")
		}
	}
	select {
	case <-ended:
		t.Error("nobody serves")
	default:
	}
	got := s.opened(many)
	for _, line := range got {
		if line != got[0] {
			t.Errorf("different servers: %q", got)
		}
	}
	for _, cmd := range all {
		_ = cmd.Process.Signal(os.Interrupt) // most are gone
	}
	wg.Wait()
	if t.Failed() {
		for i := range logs {
			t.Logf("%d:\n%s", i, logs[i].String())
		}
	}
}
