//go:build unix

package main_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"hermes-webui/app/wholetest"
	"hermes-webui/server/agent/direct/modeltest"
	"hermes-webui/server/chat"
)

// slow is a model that answers when it is let.
type slow struct {
	url   string
	asked chan struct{}
	let   chan struct{}
}

func slowModel(t *testing.T) slow {
	t.Helper()
	m := slow{asked: make(chan struct{}, 10), let: make(chan struct{})}
	none := modeltest.Refuse(http.StatusBadRequest, `{"error":{"message":"no titles here"}}`)
	srv, err := modeltest.Start(modeltest.Aside(none, func(modeltest.Request) modeltest.Script {
		m.asked <- struct{}{}
		<-m.let
		return modeltest.Say("here ", "it ", "is")
	}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(srv.Close)
	t.Cleanup(func() {
		select {
		case <-m.let:
		default:
			close(m.let)
		}
	})
	m.url = srv.URL
	return m
}

func (m slow) env() []string {
	return []string{"OPENAI_BASE_URL=" + m.url, "OPENAI_API_KEY=k", "OPENAI_MODEL=tester"}
}

func signal(t *testing.T, p *wholetest.Program, s syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(p.Pid(), s); err != nil {
		t.Fatal(err)
	}
}

// logs waits until the program has written words.
func logs(t *testing.T, p *wholetest.Program, words string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !strings.Contains(p.Log(), words); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it does not log %q:\n%s", words, p.Log())
		}
	}
}

func wantExit(t *testing.T, p *wholetest.Program, code int) {
	t.Helper()
	select {
	case <-p.Done():
	case <-time.After(30 * time.Second):
		t.Fatalf("it does not end:\n%s", p.Log())
	}
	if got := p.ExitCode(); got != code {
		t.Errorf("ended with %d, want %d:\n%s", got, code, p.Log())
	}
}

func TestATurnThatRunsMayEndAfterTheFirstSignal(t *testing.T) {
	m := slowModel(t)
	o := wholetest.Options{Env: m.env(), Dir: filepath.Join(t.TempDir(), "state"), Args: []string{"--drain", "1m"}}
	p := wholetest.Start(t, o)
	s := p.Session("direct", "")
	turn := p.Send(s, "go")
	<-m.asked
	p.Send(s, "and then")
	signal(t, p, syscall.SIGTERM)
	closed(t, p)
	close(m.let)
	wantExit(t, p, 0)
	p = wholetest.Start(t, o)
	snap := p.Snapshot(s)
	if got := snap.Turns[0]; got.ID != turn || got.State != chat.Done || wholetest.TextOf(got) != "here it is" {
		t.Errorf("the turn is %s: %q", got.State, wholetest.TextOf(got))
	}
	if snap.Session.Queued != 1 || !snap.Session.Held {
		t.Errorf("%d queued, held %v", snap.Session.Queued, snap.Session.Held)
	}
}

// closed waits until the port is closed.
func closed(t *testing.T, p *wholetest.Program) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if _, err := p.Try(t.Context(), "GET", "/health", nil); err != nil {
			return
		}
	}
	t.Fatal("it goes on answering")
}

func TestTheDrainIsBounded(t *testing.T) {
	m := slowModel(t)
	o := wholetest.Options{Env: m.env(), Dir: filepath.Join(t.TempDir(), "state"), Args: []string{"--drain", "300ms"}}
	p := wholetest.Start(t, o)
	s := p.Session("direct", "")
	p.Send(s, "go")
	<-m.asked
	signal(t, p, syscall.SIGTERM)
	wantExit(t, p, 0)
	wantAll(t, p.Log(), "turns are interrupted")
	p = wholetest.Start(t, o)
	if got := p.Snapshot(s).Turns[0]; got.State != chat.Interrupted {
		t.Errorf("the turn is %s", got.State)
	}
}

func TestASecondSignalHurries(t *testing.T) {
	m := slowModel(t)
	p := wholetest.Start(t, wholetest.Options{Env: m.env(), Args: []string{"--drain", "1h"}})
	p.Send(p.Session("direct", ""), "go")
	<-m.asked
	signal(t, p, syscall.SIGINT)
	closed(t, p)
	began := time.Now()
	signal(t, p, syscall.SIGTERM)
	wantExit(t, p, 0)
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestATurnThatWaitsForAPersonDoesNotHoldTheEnd(t *testing.T) {
	p := wholetest.Start(t, wholetest.Options{Args: []string{"--drain", "1h"}, Env: []string{
		"OPENAI_API_KEY=k", "OPENAI_MODEL=tester", "OPENAI_BASE_URL=" + wholetest.Model(t, modeltest.Use("ask_user", `{"question":"Which?"}`)),
	}})
	s := p.Session("direct", "")
	p.Send(s, "ask")
	w := p.Watch(t.Context(), s)
	w.Until(func(f *chat.Fold) bool { return len(f.Asks) == 1 })
	w.Close()
	if code := p.Stop(); code != 0 {
		t.Errorf("ended with %d", code)
	}
}

func TestSIGUSR1WritesTheGoroutinesAndTheServerGoesOn(t *testing.T) {
	p := wholetest.Start(t, wholetest.Options{})
	signal(t, p, syscall.SIGUSR1)
	logs(t, p, "main.(*process).work")
	p.Do(http.StatusOK, "GET", "/health?deep=1", nil)
}

func TestALogInJSONIsJSONThroughout(t *testing.T) {
	file := filepath.Join(t.TempDir(), "web.log")
	p := wholetest.Start(t, wholetest.Options{Env: []string{"HERMES_WEBUI_LOG_LEVEL=debug", "HERMES_WEBUI_LOG_FORMAT=json", "HERMES_WEBUI_LOG_FILE=" + file}})
	signal(t, p, syscall.SIGUSR1)
	eventually(t, func() bool {
		b, err := os.ReadFile(file)
		return err == nil && bytes.Contains(b, []byte("main.(*process).work")) && bytes.HasSuffix(b, []byte("\n"))
	})
	p.Stop()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var levels []string
	for line := range bytes.Lines(b) {
		var one struct{ Level, Msg string }
		if err := json.Unmarshal(line, &one); err != nil || one.Msg == "" {
			t.Errorf("%v: %.200s", err, line)
		}
		levels = append(levels, one.Level)
	}
	if !slices.Contains(levels, "DEBUG") {
		t.Errorf("it logs only %v", slices.Compact(levels))
	}
}

// notified is the supervisor's end of NOTIFY_SOCKET.
func notified(t *testing.T) (env string, next func() string) {
	t.Helper()
	dir, err := os.MkdirTemp("", "n") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	c, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: filepath.Join(dir, "s"), Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return "NOTIFY_SOCKET=" + filepath.Join(dir, "s"), func() string {
		b := make([]byte, 4096)
		_ = c.SetReadDeadline(time.Now().Add(20 * time.Second))
		n, err := c.Read(b)
		if err != nil {
			t.Fatal(err)
		}
		return string(b[:n])
	}
}

func TestASystemdServiceSaysHowItIs(t *testing.T) {
	env, next := notified(t)
	p := wholetest.Launch(t, wholetest.Options{Env: []string{env, "WATCHDOG_USEC=200000"}})
	until := func(word string) (before []string) {
		for {
			said := next()
			if strings.HasPrefix(said, word) {
				return append(before, said)
			}
			before = append(before, said)
		}
	}
	if start := until("READY=1"); !slices.Contains(start, "STATUS=Starting") || !slices.Contains(start, "EXTEND_TIMEOUT_USEC=30000000") || !strings.Contains(start[len(start)-1], "Ready at "+p.URL) {
		t.Errorf("at the start it says %q", start)
	}
	p.Do(http.StatusOK, "GET", "/health?deep=1", nil) // it is ready when it says so
	for range 3 {
		until("WATCHDOG=1")
	}
	signal(t, p, syscall.SIGHUP) // systemctl reload of Type=notify-reload, though there is nothing to read anew
	until("RELOADING=1\nMONOTONIC_USEC=")
	until("READY=1")
	signal(t, p, syscall.SIGTERM)
	until("STOPPING=1")
	until("EXTEND_TIMEOUT_USEC=40000000") // the drain and 30 s
	wantExit(t, p, 0)
}

func TestTheReadyDescriptorTakesALine(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p := wholetest.Launch(t, wholetest.Options{Args: []string{"--ready-fd", "3"}, Files: []*os.File{w}})
	_ = w.Close()
	_ = r.SetReadDeadline(time.Now().Add(20 * time.Second))
	if said, err := io.ReadAll(r); err != nil || string(said) != "\n" { // closed after it, too
		t.Errorf("%q, %v", said, err)
	}
	p.Do(http.StatusOK, "GET", "/health?deep=1", nil)
}

func TestWrongDrainAndDescriptorAreSaid(t *testing.T) {
	for _, c := range []struct{ flag, value, word string }{
		{"--drain", "soon", "is no time"},
		{"--drain", "-1s", "is no time"},
		{"--ready-fd", "2", "is not a descriptor for this"},
		{"--ready-fd", "77", "has not opened this descriptor"},
	} {
		code, _, complaint := call(t, "--serve", "--port", "0", "--state-dir", filepath.Join(t.TempDir(), "s"), c.flag, c.value)
		if code != 64 || !strings.Contains(complaint, c.word) {
			t.Errorf("%s %s ends with %d: %s", c.flag, c.value, code, complaint)
		}
	}
}

func TestADamagedDatabaseEndsTheStartWithACodeOfItsOwn(t *testing.T) {
	o := wholetest.Options{Dir: filepath.Join(t.TempDir(), "state")}
	p := wholetest.Start(t, o)
	p.Stop()
	file := filepath.Join(o.Dir, "webui.db")
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := 4096; i < len(b); i++ {
		b[i] = 0xAA
	}
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	p = wholetest.Launch(t, o)
	wantExit(t, p, 65)
	wantAll(t, p.Log(), "damaged", "Nothing was deleted")

	o.Args = []string{"--log-file", filepath.Join(t.TempDir(), "web.log")}
	p = wholetest.Launch(t, o)
	wantExit(t, p, 65)
	if b, err = os.ReadFile(o.Args[1]); err != nil {
		t.Fatal(err)
	}
	wantAll(t, string(b), "the server ends", "damaged", "code=65")
}

func TestSIGHUPOpensTheLogAgain(t *testing.T) {
	dir := t.TempDir()
	file, moved := filepath.Join(dir, "web.log"), filepath.Join(dir, "web.log.1")
	env, next := notified(t)
	p := wholetest.Start(t, wholetest.Options{Env: []string{env}, Args: []string{"--log-file", file, "--log-format", "json"}})
	holds := func(name, words string) func() bool {
		return func() bool { b, err := os.ReadFile(name); return err == nil && strings.Contains(string(b), words) }
	}
	eventually(t, holds(file, `"msg":"ready"`))
	if err := os.Rename(file, moved); err != nil {
		t.Fatal(err)
	}
	signal(t, p, syscall.SIGHUP)
	eventually(t, holds(file, "the log was opened again"))
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	for !strings.HasPrefix(next(), "RELOADING=1\nMONOTONIC_USEC=") { // the words of the start come before
	}
	if said := next(); !strings.HasPrefix(said, "READY=1") {
		t.Errorf("after the reload it says %q", said)
	}
	p.Do(http.StatusOK, "GET", "/health?deep=1", nil)
	if said := p.Log(); strings.Contains(said, "msg") {
		t.Errorf("it also logs to stderr: %s", said)
	}
}

func eventually(t *testing.T, done func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("waited 20 s in vain")
		}
	}
}

func TestWhatHangsOnTheLogHoldsUpNobody(t *testing.T) {
	r, w, err := os.Pipe() // which nobody reads
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	p := wholetest.Start(t, wholetest.Options{Args: []string{"--log-file", "/dev/fd/3"}, Files: []*os.File{w}})
	_ = w.Close()
	for range 3 { // each some 100 KB, and a pipe holds 64
		signal(t, p, syscall.SIGUSR1)
		p.Do(http.StatusOK, "GET", "/health", nil)
	}
	p.Do(http.StatusCreated, "POST", "/api/sessions", map[string]any{"agent": "demo"})
	if code := p.Stop(); code != 0 {
		t.Errorf("ended with %d", code)
	}
}

func TestAWrongLogIsSaid(t *testing.T) {
	for _, c := range []struct{ flag, value, word string }{
		{"--log-format", "xml", "is no format of the log"},
		{"--log-level", "loud", "is no level of the log"},
		{"--log-file", "/nowhere/at/all.log", "the log cannot be written"},
	} {
		code, _, complaint := call(t, "--serve", "--port", "0", "--state-dir", filepath.Join(t.TempDir(), "s"), c.flag, c.value)
		if code != 64 || !strings.Contains(complaint, c.word) {
			t.Errorf("%s %s ends with %d: %s", c.flag, c.value, code, complaint)
		}
	}
}

// TestASocketOfTheSupervisorIsServed has the program take over a socket that
// listens, as systemd hands it over.
func TestASocketOfTheSupervisorIsServed(t *testing.T) {
	for _, c := range []struct {
		addr string
		code int
	}{{"127.0.0.1:0", 0}, {"0.0.0.0:0", 64}} {
		ln, err := net.Listen("tcp", c.addr)
		if err != nil {
			t.Fatal(err)
		}
		file, err := ln.(*net.TCPListener).File()
		if err != nil {
			t.Fatal(err)
		}
		// LISTEN_PID is known only to the process itself.
		run := []string{"/bin/sh", "-c", `LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"`, "sh"}
		_, port, _ := net.SplitHostPort(ln.Addr().String())
		o := wholetest.Options{Addr: "127.0.0.1:" + port, Under: run, Files: []*os.File{file}}
		p := wholetest.Launch(t, o)
		_ = file.Close()
		_ = ln.Close()
		if c.code != 0 {
			wantExit(t, p, c.code)
			wantAll(t, p.Log(), "would let other machines in")
			continue
		}
		p.Ready()
		if code := p.Stop(); code != 0 {
			t.Errorf("ended with %d", code)
		}
	}
}

// TestWhatIsNoSocketThatListensIsRefused has the program handed a file, a socket
// of another kind, and one that nobody listens at.
func TestWhatIsNoSocketThatListensIsRefused(t *testing.T) {
	plain, err := os.Create(filepath.Join(t.TempDir(), "file"))
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	unix, err := ln.(*net.UnixListener).File()
	if err != nil {
		t.Fatal(err)
	}
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		file *os.File
		word string
	}{
		{plain, "descriptor 3 of LISTEN_FDS is no socket that listens"},
		{os.NewFile(uintptr(fd), "deaf"), "descriptor 3 of LISTEN_FDS is no socket that listens"},
		{unix, "systemd hands over a socket of unix"},
	} {
		run := []string{"/bin/sh", "-c", `LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"`, "sh"}
		p := wholetest.Launch(t, wholetest.Options{Under: run, Files: []*os.File{c.file}})
		_ = c.file.Close()
		wantExit(t, p, 64)
		wantAll(t, p.Log(), c.word)
	}
}
