//go:build unix

package child

import (
	"os"
	"os/exec"
	"syscall"
	"time"
)

// begin starts cmd as the leader of a session of its own: its group can be
// signalled as a whole, and it has no terminal to ask for passwords on.
func begin(cmd *exec.Cmd, mark string, out *os.File) (*family, error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	f, err := newFamily(cmd, mark, out)
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return f, nil
}

func (f *family) pid() int { return f.cmd.Process.Pid }

// end ends all that is left of the family: it asks, waits for grace, and kills
// until nothing is found. over is closed when the command itself ended. It
// returns how many were there besides the command, and how many still are.
func (f *family) end(grace time.Duration, over <-chan struct{}) (left, stuck int) {
	left = f.others()
	if left == 0 && closed(over) {
		return 0, 0
	}
	f.signal(syscall.SIGTERM)
	f.signal(syscall.SIGCONT) // what is halted hears nothing
	if f.gone(grace, over) {
		return left, 0
	}
	for until := time.Now().Add(killing); time.Now().Before(until); {
		f.signal(syscall.SIGKILL)
		if f.gone(50*time.Millisecond, over) {
			return left, 0
		}
	}
	return left, f.others()
}

// gone waits until nothing of the family runs, at most for a while.
func (f *family) gone(limit time.Duration, over <-chan struct{}) bool {
	pause := time.Millisecond
	for until := time.Now().Add(limit); ; pause = min(2*pause, 50*time.Millisecond) {
		if closed(over) && f.others() == 0 {
			return true
		}
		if time.Now().After(until) {
			return false
		}
		time.Sleep(pause) // the system tells of nobody but the command itself
	}
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// exitOf reads an exit the way shells do.
func exitOf(s *os.ProcessState) (code int, signal string) {
	if s == nil {
		return -1, ""
	}
	if w, ok := s.Sys().(syscall.WaitStatus); ok && w.Signaled() {
		return 128 + int(w.Signal()), w.Signal().String()
	}
	return s.ExitCode(), ""
}
