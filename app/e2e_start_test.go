package main_test

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"hermes-webui/app/wholetest"
)

func TestMain(m *testing.M) {
	code := m.Run()
	wholetest.Clean()
	os.Exit(code)
}

// call runs the program to its end and returns its exit code and what it wrote.
func call(t *testing.T, args ...string) (code int, out, complaints string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var o, e strings.Builder
	cmd := exec.CommandContext(ctx, wholetest.Build(t, ""), args...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}
	cmd.Stdout, cmd.Stderr = &o, &e
	err := cmd.Run()
	if _, ended := errors.AsType[*exec.ExitError](err); err != nil && !ended {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), o.String(), e.String()
}

func wantAll(t *testing.T, said string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(said, w) {
			t.Errorf("it does not say %q: %s", w, said)
		}
	}
}

func TestHealthAnswersWithinASecondOfTheStart(t *testing.T) {
	wholetest.Build(t, "")
	best := time.Hour
	for range 3 {
		began := time.Now()
		p := wholetest.Launch(t, wholetest.Options{})
		a := untilHealth(t, p)
		best = min(best, time.Since(began))
		if a.Status != http.StatusOK {
			t.Fatalf("health answered %d: %s", a.Status, a.Body)
		}
		wantAll(t, string(a.Body), `"status": "ok"`, `"phase": "`)
		p.Kill()
	}
	t.Logf("best of three: %v", best)
	if best > time.Second {
		t.Errorf("the first answer took %v", best)
	}
}

// untilHealth asks until anything answers.
func untilHealth(t *testing.T, p *wholetest.Program) wholetest.Answer {
	t.Helper()
	for {
		if a, err := p.Try(t.Context(), "GET", "/health", nil); err == nil {
			return a
		}
		select {
		case <-p.Done():
			t.Fatalf("the program ended: %s", p.Log())
		case <-time.After(time.Millisecond): // another process: nothing to wait on
		}
	}
}

func TestASecondStartNamesTheFirst(t *testing.T) {
	p := wholetest.Start(t, wholetest.Options{})
	_, port, err := net.SplitHostPort(p.Addr)
	if err != nil {
		t.Fatal(err)
	}
	for name, port := range map[string]string{"same port": port, "other port": "0"} {
		code, _, said := call(t, "--serve", "--port", port, "--state-dir", p.Dir)
		if code != 75 {
			t.Errorf("%s: exit %d, want 75: %s", name, code, said)
		}
		wantAll(t, said, strconv.Itoa(p.Pid()), p.URL)
	}
	if a := p.Do(200, "GET", "/health", nil); a.Status != 200 {
		t.Error("the first one suffered")
	}
}

func TestATakenPortNamesItsHolder(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"status": "ok", "sessions": 0, "active_streams": 0, "accept_loop": {"requests_total": 1}}`)
	}))
	defer upstream.Close()
	other := wholetest.Start(t, wholetest.Options{})
	for _, c := range []struct {
		name, addr, want string
		pid              int
	}{
		{"stranger", silent.Addr().String(), "another program", os.Getpid()},
		{"python", upstream.Listener.Addr().String(), "the Python Hermes WebUI", os.Getpid()},
		{"ours", other.Addr, "another Hermes Web UI", other.Pid()},
	} {
		_, port, err := net.SplitHostPort(c.addr)
		if err != nil {
			t.Fatal(err)
		}
		code, _, said := call(t, "--serve", "--port", port, "--state-dir", filepath.Join(t.TempDir(), "state"))
		if code != 76 {
			t.Errorf("%s: exit %d, want 76: %s", c.name, code, said)
		}
		wantAll(t, said, "port "+port, c.want, "--port")
		if runtime.GOOS == "linux" {
			wantAll(t, said, strconv.Itoa(c.pid))
		}
	}
}

func TestNobodyElseIsLetIn(t *testing.T) {
	for _, host := range []string{"0.0.0.0", "::", "192.0.2.1", "example.org"} {
		dir := filepath.Join(t.TempDir(), "state")
		code, out, said := call(t, "--serve", "--host", host, "--port", "0", "--state-dir", dir)
		if code != 64 || out != "" {
			t.Errorf("--host %s: exit %d, %q; want 64", host, code, out)
		}
		wantAll(t, said, "--host="+host)
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("--host %s: the state folder was made all the same", host)
		}
	}
}

// The first line of the log says that the signals are heeded; from there on any
// moment is a good one to stop, be it in the middle of making the database.
func TestATerminationAtAnyMomentIsAGoodEnd(t *testing.T) {
	wholetest.Build(t, "")
	for i := range 40 {
		p := wholetest.Launch(t, wholetest.Options{})
		for p.Log() == "" {
			select {
			case <-p.Done():
				t.Fatal("the program ended without a word")
			case <-time.After(100 * time.Microsecond): // another process: nothing to wait on
			}
		}
		delay := time.Duration(rand.Int64N(int64(60 * time.Millisecond)))
		if i < 10 {
			delay /= 30
		}
		time.Sleep(delay)
		began := time.Now()
		if code := p.Stop(); code != 0 {
			t.Fatalf("after %v: exit %d\n%s", delay, code, p.Log())
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("after %v: it took %v to end", delay, took)
		}
	}
}

func TestAnOpenStreamDoesNotHoldUpTheEnd(t *testing.T) {
	p := wholetest.Start(t, wholetest.Options{})
	s, err := p.Open(t.Context(), nil, "0", "")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	began := time.Now()
	if code := p.Stop(); code != 0 {
		t.Fatalf("exit %d: %s", code, p.Log())
	}
	if took := time.Since(began); took > 4*time.Second {
		t.Errorf("it took %v to end", took)
	}
	for {
		f, err := s.Next()
		if err != nil {
			t.Fatal("the stream ended without the word closing")
		}
		if f.Kind == "closing" {
			return
		}
	}
}

func TestTheProgramCanBeAskedToQuit(t *testing.T) {
	p := wholetest.Start(t, wholetest.Options{})
	p.Do(202, "POST", "/api/system/quit", nil)
	select {
	case <-p.Done():
	case <-time.After(10 * time.Second):
		t.Fatal("it goes on")
	}
	if p.ExitCode() != 0 {
		t.Errorf("exit %d: %s", p.ExitCode(), p.Log())
	}
}

func TestInterruptIsAGoodEndToo(t *testing.T) {
	p := wholetest.Start(t, wholetest.Options{})
	proc, err := os.FindProcess(p.Pid())
	if err != nil {
		t.Fatal(err)
	}
	if err := proc.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	<-p.Done()
	if p.ExitCode() != 0 {
		t.Errorf("exit %d: %s", p.ExitCode(), p.Log())
	}
}

func TestVersionNamesTheBuild(t *testing.T) {
	for _, word := range []string{"version", "--version"} {
		code, out, _ := call(t, word)
		if code != 0 {
			t.Errorf("%s: exit %d", word, code)
		}
		wantAll(t, out, "hermes-webui ", "commit", "built")
	}
}

func TestTheHealthCommandAsksTheServerOfTheStateFolder(t *testing.T) {
	p := wholetest.Start(t, wholetest.Options{})
	code, out, said := call(t, "health", "--deep", "--state-dir", p.Dir)
	if code != 0 {
		t.Errorf("exit %d: %s", code, said)
	}
	wantAll(t, out, `"status": "ok"`)
	p.Stop()
	_, port, _ := net.SplitHostPort(p.Addr)
	if code, _, said := call(t, "health", "--port", port, "--state-dir", p.Dir); code != 1 {
		t.Errorf("without a server: exit %d, want 1: %s", code, said)
	}
}
