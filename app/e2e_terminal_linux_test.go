package main_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"hermes-webui/app/wholetest"
)

// newTerminal opens both ends of a new one.
func newTerminal(t *testing.T) (ours, theirs *os.File) {
	t.Helper()
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	ours = os.NewFile(uintptr(fd), "ptmx")
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	theirs, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return ours, theirs
}

// TestAServerEndsWithItsTerminal closes the window in which it was started.
func TestAServerEndsWithItsTerminal(t *testing.T) {
	ours, theirs := newTerminal(t)
	dir := t.TempDir()
	cmd := exec.Command(wholetest.Build(t, ""), "--serve", "--port", "0", "--state-dir", filepath.Join(dir, "state"))
	cmd.Env = []string{"HOME=" + dir, "PATH=" + os.Getenv("PATH")}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = theirs, theirs, theirs
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = theirs.Close()
	late := time.AfterFunc(30*time.Second, func() { _ = cmd.Process.Kill() })
	defer late.Stop()
	var said strings.Builder
	for b := make([]byte, 4096); !strings.Contains(said.String(), "Hermes Web UI is at"); {
		n, err := ours.Read(b)
		if err != nil {
			t.Fatalf("%v after %s", err, said.String())
		}
		said.Write(bytes.ToValidUTF8(b[:n], nil))
	}
	if err := ours.Close(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("it ended with %v", err)
	}
}

func TestTheTrayLogsIntoTheFileToo(t *testing.T) {
	file := filepath.Join(t.TempDir(), "web.log")
	p := wholetest.Start(t, wholetest.Options{Mode: "--tray", Args: []string{"--log-file", file}, Env: []string{"DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere"}})
	eventually(t, func() bool {
		b, err := os.ReadFile(file)
		return err == nil && bytes.Contains(b, []byte("no tray for now"))
	})
	if said := p.Log(); strings.Contains(said, "msg=") {
		t.Errorf("it also logs to stderr: %s", said)
	}
}
