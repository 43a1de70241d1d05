//go:build linux

package traytest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"hermes-webui/tray"
)

var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "puppet")
	if err != nil {
		return "", err
	}
	bin := filepath.Join(dir, "puppet")
	// Without the race detector: the library does not stand it.
	cmd := exec.Command("go", "build", "-o", bin, "hermes-webui/tray/traytest/puppet")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, out)
	}
	return bin, err
})

// Discard removes what was built. TestMain calls it last.
func Discard() {
	if bin, err := built(); err == nil {
		_ = os.RemoveAll(filepath.Dir(bin))
	}
}

// Puppet is a program with a tray, in a process of its own.
type Puppet struct {
	tb    testing.TB
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines chan string
	ended chan struct{}
	home  string
}

// NewPuppet starts one that knows of the bus at address, and of nothing else in
// the session of whoever runs the test. It ends with the test. more is added to
// its environment: PUPPET_GUEST is the name of a guest's tray.
func NewPuppet(tb testing.TB, address string, more ...string) *Puppet {
	tb.Helper()
	bin, err := built()
	must(tb, err)
	p := &Puppet{tb: tb, lines: make(chan string, 1024), ended: make(chan struct{}), home: tb.TempDir()}
	p.cmd = exec.Command(bin)
	p.cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + p.home, "DBUS_SESSION_BUS_ADDRESS=" + address}
	p.cmd.Env = append(p.cmd.Env, more...)
	p.cmd.Stderr = tb.Output()
	p.in, err = p.cmd.StdinPipe()
	must(tb, err)
	out, err := p.cmd.StdoutPipe()
	must(tb, err)
	must(tb, p.cmd.Start())
	tb.Cleanup(func() { _ = p.cmd.Process.Kill(); <-p.ended })
	go func() {
		for s := bufio.NewScanner(out); s.Scan(); {
			p.lines <- s.Text()
		}
		_ = p.cmd.Wait()
		close(p.ended)
	}()
	return p
}

func (p *Puppet) tell(v any) {
	p.tb.Helper()
	b, err := json.Marshal(v)
	must(p.tb, err)
	_, err = p.in.Write(append(b, '\n'))
	must(p.tb, err)
}

// Show makes the tray draw a state.
func (p *Puppet) Show(s tray.State) { p.tb.Helper(); p.tell(map[string]any{"state": s}) }

// Notify makes it send a message.
func (p *Puppet) Notify(n tray.Notice) { p.tb.Helper(); p.tell(map[string]any{"notice": n}) }

// Refuse makes its host refuse answers.
func (p *Puppet) Refuse(words string) { p.tb.Helper(); p.tell(map[string]any{"refuse": words}) }

// Counts asks for the numbers of goroutines, files and bytes on the heap.
func (p *Puppet) Counts() (goroutines, files, heap int) {
	p.tb.Helper()
	p.tell(map[string]any{"count": true})
	if _, err := fmt.Sscanf(p.Said(), "counts %d %d %d", &goroutines, &files, &heap); err != nil {
		p.tb.Fatal(err)
	}
	return goroutines, files, heap
}

// Said waits for the next call to the host.
func (p *Puppet) Said() string {
	p.tb.Helper()
	select {
	case l := <-p.lines:
		return l
	case <-p.ended:
		p.tb.Fatal("the program with the tray has ended")
	case <-time.After(within):
		p.tb.Fatal("nothing was called")
	}
	return ""
}

// Says waits for the next call, which must be this one.
func (p *Puppet) Says(want string) {
	p.tb.Helper()
	if got := p.Said(); got != want {
		p.tb.Fatalf("called %q, want %q", got, want)
	}
}

// End closes its input and returns how it ended.
func (p *Puppet) End() *os.ProcessState {
	p.tb.Helper()
	_ = p.in.Close()
	return p.wait()
}

// Ended waits until it has ended by itself and returns how.
func (p *Puppet) Ended() *os.ProcessState { p.tb.Helper(); return p.wait() }

// Kill ends it without a word.
func (p *Puppet) Kill() { p.tb.Helper(); must(p.tb, p.cmd.Process.Signal(syscall.SIGKILL)); p.wait() }

func (p *Puppet) wait() *os.ProcessState {
	p.tb.Helper()
	select {
	case <-p.ended:
	case <-time.After(within):
		p.tb.Fatal("the program with the tray does not end")
	}
	return p.cmd.ProcessState
}

// PID is its process.
func (p *Puppet) PID() int { return p.cmd.Process.Pid }
