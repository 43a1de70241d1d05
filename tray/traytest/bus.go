//go:build linux

// Package traytest is the other side of a tray, for tests: a session bus of its
// own, and a panel on it that reads menus and clicks.
package traytest

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Bus is a session bus that nobody else uses.
type Bus struct {
	Address string
	tb      testing.TB
	path    string
	daemon  *exec.Cmd
}

// NewBus starts a bus, which ends with the test.
func NewBus(tb testing.TB) *Bus {
	tb.Helper()
	dir, err := os.MkdirTemp("", "bus") // a socket's path is short
	if err != nil {
		tb.Fatal(err)
	}
	b := &Bus{tb: tb, path: filepath.Join(dir, "bus")}
	b.Address = "unix:path=" + b.path
	tb.Cleanup(func() { b.Kill(); _ = os.RemoveAll(dir) })
	b.Start()
	return b
}

// Start starts it, again, at the same address.
func (b *Bus) Start() {
	b.tb.Helper()
	_ = os.Remove(b.path)
	b.daemon = exec.Command("dbus-daemon", "--session", "--nofork", "--nopidfile", "--nosyslog", "--address="+b.Address, "--print-address=1")
	out, err := b.daemon.StdoutPipe()
	if err != nil {
		b.tb.Fatal(err)
	}
	if err := b.daemon.Start(); err != nil {
		b.tb.Fatalf("no session bus (on Debian: apt-get install dbus): %v", err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "unix:") {
		b.tb.Fatalf("the session bus said %q: %v", line, err)
	}
}

// Kill ends it as a logout does.
func (b *Bus) Kill() {
	if b.daemon == nil {
		return
	}
	_ = b.daemon.Process.Kill()
	_ = b.daemon.Wait()
	b.daemon = nil
	_ = os.Remove(b.path)
}
