package machine_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/gofrs/flock"

	"hermes-webui/app/machine"
)

func TestThisProcessAndThoseAboveItAreSeen(t *testing.T) {
	table, err := machine.All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	chain := table.Chain(os.Getpid())
	if len(chain) < 2 || chain[0].PID != os.Getpid() || chain[1].PID != os.Getppid() || chain[0].User != os.Getuid() {
		t.Fatalf("%+v", chain)
	}
	if exe, _ := os.Executable(); chain[0].Program != exe {
		t.Errorf("program %q, want %q", chain[0].Program, exe)
	}
}

func TestTheListenerOfAPortIsFoundWhateverItListensOn(t *testing.T) {
	for _, at := range []string{"127.0.0.1:0", "0.0.0.0:0", "[::]:0"} {
		ln, err := net.Listen("tcp", at)
		if err != nil {
			t.Fatal(err)
		}
		port := ln.Addr().(*net.TCPAddr).Port
		l, ok, err := machine.Listening(t.Context(), "127.0.0.1", port)
		if err != nil || !ok || l.PID != os.Getpid() || l.User != os.Getuid() {
			t.Errorf("%s: %+v, %v, %v", at, l, ok, err)
		}
		ln.Close()
		if _, ok, _ := machine.Listening(t.Context(), "127.0.0.1", port); ok {
			t.Errorf("%s: still there after it was closed", at)
		}
	}
}

func TestTheHolderOfALockIsFound(t *testing.T) {
	file := filepath.Join(t.TempDir(), "lock")
	l := flock.New(file)
	if got, err := l.TryLock(); !got || err != nil {
		t.Fatal(got, err)
	}
	if pid := machine.Holder(file); pid != os.Getpid() {
		t.Errorf("got %d", pid)
	}
	if err := l.Unlock(); err != nil {
		t.Fatal(err)
	}
	if pid := machine.Holder(file); pid != 0 {
		t.Errorf("free, and %d has it", pid)
	}
}

// A command line may hold keys: only the script of a Python is shown of it.
func TestAProcessIsNamedWithoutItsCommandLine(t *testing.T) {
	cmd := exec.Command("sleep", "30")
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "COLOUR=green"}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	table, err := machine.All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if said, want := table[cmd.Process.Pid].String(), fmt.Sprintf("sleep (process %d)", cmd.Process.Pid); said != want {
		t.Errorf("%q, want %q", said, want)
	}
	if got := machine.Variable(cmd.Process.Pid, "COLOUR"); got != "green" {
		t.Errorf("variable: %q", got)
	}
	p := machine.Process{PID: 7, Name: "python3\x1b[2J", Args: []string{"/usr/bin/python3", "-u", "/srv/server.py", "--key", "sk-1"}}
	if said := p.String(); said != "python3?[2J /srv/server.py (process 7)" {
		t.Errorf("%q", said)
	}
}
