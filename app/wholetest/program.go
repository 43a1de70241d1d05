// Package wholetest starts the built program and speaks to it as a client
// would: real processes, real sockets, kill -9. Only tests and benchmarks
// import it.
package wholetest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// built remembers the binaries of this test process, by build tags.
var built = struct {
	sync.Mutex
	dir   string
	paths map[string]string
}{paths: map[string]string{}}

// Build returns the path of the program, built without the race detector and
// with these build tags. It is built once per test process.
func Build(tb testing.TB, tags string) string {
	tb.Helper()
	built.Lock()
	defer built.Unlock()
	if path, ok := built.paths[tags]; ok {
		return path
	}
	if built.dir == "" {
		dir, err := os.MkdirTemp("", "hermes-webui-")
		if err != nil {
			tb.Fatal(err)
		}
		built.dir = dir
	}
	path := filepath.Join(built.dir, "hermes-webui-"+tags)
	cmd := exec.Command("go", "build", "-tags", tags, "-o", path, "hermes-webui/app")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		tb.Fatalf("%v\n%s", err, out)
	}
	built.paths[tags] = path
	return path
}

// Clean removes what Build made; call it at the end of TestMain.
func Clean() {
	built.Lock()
	defer built.Unlock()
	if built.dir != "" {
		_ = os.RemoveAll(built.dir)
	}
}

// Options say how the program is started.
type Options struct {
	Tags string   // build tags
	Dir  string   // state directory; "" = a new one
	Addr string   // host:port; "" = a free one
	Env  []string // beside PATH and HOME
	Mode string   // "" = --serve
	Args []string // beside the mode, --port and --state-dir

	Files []*os.File // descriptors 3 and up
	Under []string   // a command that becomes the program, which is put behind it
}

// Program is a running server.
type Program struct {
	URL  string
	Dir  string
	Addr string
	tb   testing.TB
	cmd  *exec.Cmd
	log  *logBuffer
	done chan struct{}
}

// Start starts the program and waits until it is ready. It is killed at the
// end of the test.
func Start(tb testing.TB, o Options) *Program {
	tb.Helper()
	p := Launch(tb, o)
	p.Ready()
	return p
}

// Launch starts the program and does not wait for it.
func Launch(tb testing.TB, o Options) *Program {
	tb.Helper()
	if o.Dir == "" {
		o.Dir = filepath.Join(tb.TempDir(), "state")
	}
	if o.Addr == "" {
		o.Addr = freeAddr(tb)
	}
	home := filepath.Join(filepath.Dir(o.Dir), "home")
	if err := os.MkdirAll(filepath.Join(home, "workspace"), 0o700); err != nil {
		tb.Fatal(err)
	}
	_, port, err := net.SplitHostPort(o.Addr)
	if err != nil {
		tb.Fatal(err)
	}
	p := &Program{URL: "http://" + o.Addr, Dir: o.Dir, Addr: o.Addr, tb: tb, log: &logBuffer{}, done: make(chan struct{})}
	line := append(slices.Clone(o.Under), Build(tb, o.Tags), cmp.Or(o.Mode, "--serve"), "--port", port, "--state-dir", o.Dir)
	p.cmd = exec.Command(line[0], append(line[1:], o.Args...)...)
	p.cmd.ExtraFiles = o.Files
	p.cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + home}, o.Env...)
	p.cmd.Stdout, p.cmd.Stderr = p.log, p.log
	if err := p.cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	go func() { _ = p.cmd.Wait(); close(p.done) }()
	tb.Cleanup(func() {
		p.Kill()
		if tb.Failed() {
			tb.Logf("log of the program:\n%s", p.log.tail(8000))
		}
	})
	return p
}

func freeAddr(tb testing.TB) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// Ready waits until the API answers.
func (p *Program) Ready() {
	p.tb.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for time.Now().Before(deadline) {
		select {
		case <-p.done:
			p.tb.Fatalf("the program ended: %v\n%s", p.cmd.ProcessState, p.log.tail(4000))
		default:
		}
		if r, err := http.Get(p.URL + "/health?deep=1"); err == nil {
			_ = r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(5 * time.Millisecond) // another process: there is nothing to wait on
	}
	p.tb.Fatalf("the program was not ready in time\n%s", p.log.tail(4000))
}

// Kill ends the program as a power cut would end the process.
func (p *Program) Kill() {
	_ = p.cmd.Process.Signal(syscall.SIGKILL)
	<-p.done
}

// Stop asks the program to end and returns its exit code.
func (p *Program) Stop() int {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	<-p.done
	return p.cmd.ProcessState.ExitCode()
}

// Done is closed when the program has ended.
func (p *Program) Done() <-chan struct{} { return p.done }

// ExitCode returns the exit code of a program that has ended.
func (p *Program) ExitCode() int { return p.cmd.ProcessState.ExitCode() }

// Log returns what the program wrote.
func (p *Program) Log() string { return p.log.tail(1 << 20) }

// Pid returns the process id.
func (p *Program) Pid() int { return p.cmd.Process.Pid }

// Answer is what the API answered.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Into decodes the body.
func (a Answer) Into(tb testing.TB, v any) {
	tb.Helper()
	if err := json.Unmarshal(a.Body, v); err != nil {
		tb.Fatalf("%v in %d %s", err, a.Status, a.Body)
	}
}

// Try sends a request and returns an error when there is no answer.
func (p *Program) Try(ctx context.Context, method, path string, body any) (Answer, error) {
	var rd io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return Answer{}, err
		}
		rd = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, method, p.URL+path, rd)
	if err != nil {
		return Answer{}, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return Answer{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	return Answer{resp.StatusCode, resp.Header, raw}, err
}

// Do sends a request; no answer, or another status than want, fails the test.
func (p *Program) Do(want int, method, path string, body any) Answer {
	p.tb.Helper()
	a, err := p.Try(p.tb.Context(), method, path, body)
	if err != nil {
		p.tb.Fatal(err)
	}
	if a.Status != want {
		p.tb.Fatalf("%s %s: %d, want %d: %s", method, path, a.Status, want, a.Body)
	}
	return a
}

// RSS returns the resident memory in bytes (Linux).
func (p *Program) RSS() (int64, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Pid()))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(raw)) {
		if kb, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			var n int64
			_, err := fmt.Sscan(kb, &n)
			return n << 10, err
		}
	}
	return 0, errors.New("no VmRSS")
}

// CPU returns the processor time used so far (Linux).
func (p *Program) CPU() (time.Duration, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.Pid()))
	if err != nil {
		return 0, err
	}
	f := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:]))
	var user, system int64
	if _, err := fmt.Sscan(f[11]+" "+f[12], &user, &system); err != nil {
		return 0, err
	}
	return time.Duration(user+system) * (time.Second / 100), nil // USER_HZ is 100 everywhere
}

// Written returns the bytes that went to storage so far (Linux).
func (p *Program) Written() (int64, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/io", p.Pid()))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(raw)) {
		if n, ok := strings.CutPrefix(line, "write_bytes:"); ok {
			var v int64
			_, err := fmt.Sscan(n, &v)
			return v, err
		}
	}
	return 0, errors.New("no write_bytes")
}

type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) tail(n int) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.b.Bytes()
	return string(b[max(0, len(b)-n):])
}
