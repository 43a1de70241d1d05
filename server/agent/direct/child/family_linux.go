package child

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// family is everything that one command started, found in /proc.
type family struct {
	cmd  *exec.Cmd
	mark string
	pipe string // what /proc calls the command's output
	// known are the members of the last look, for the one goroutine that ends them.
	known []proc
}

func newFamily(cmd *exec.Cmd, mark string, out *os.File) (*family, error) {
	info, err := out.Stat()
	if err != nil {
		return nil, err
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return nil, errors.New("child: a pipe without a number")
	}
	return &family{cmd: cmd, mark: mark, pipe: fmt.Sprintf("pipe:[%d]", s.Ino)}, nil
}

// await returns when the command ended. It stays a zombie until release: until
// then nothing else can have its number, and signalling the group is safe.
func (f *family) await() {
	for {
		err := unix.Waitid(unix.P_PID, f.pid(), nil, unix.WEXITED|unix.WNOWAIT, nil)
		if !errors.Is(err, unix.EINTR) {
			return
		}
	}
}

// release lets go of the command's number. The exit is in ProcessState then.
func (f *family) release() { _ = f.cmd.Wait() }

// others counts what runs besides the command itself.
func (f *family) others() int {
	n := 0
	for _, m := range f.members() {
		if m.pid != f.pid() {
			n++
		}
	}
	return n
}

// signal sends a signal to all: to the group at once, which no fork outruns, and
// to each one outside of it.
func (f *family) signal(s syscall.Signal) {
	members := f.members() // before a parent ends, by which some are known
	_ = syscall.Kill(-f.pid(), s)
	for _, m := range members {
		if m.group != f.pid() {
			m.signal(s)
		}
	}
}

// members finds all that run now. Who was seen once is one of them for good.
func (f *family) members() []proc {
	found := kin{leader: f.pid(), mark: f.mark, pipe: f.pipe, known: f.known}.find()
	f.known = found
	return found
}
