//go:build unix && !linux

package child

import (
	"os"
	"os/exec"
	"syscall"
)

// family is the process group of one command. What leaves it cannot be found
// again here.
type family struct{ cmd *exec.Cmd }

func newFamily(cmd *exec.Cmd, _ string, _ *os.File) (*family, error) { return &family{cmd}, nil }

// await returns when the command ended. Its number is free from then on, but no
// new group can have it as long as one of the old group is left.
func (f *family) await() { _ = f.cmd.Wait() }

func (f *family) release() {}

// others reports whether the group has a member; it cannot be counted.
func (f *family) others() int {
	if syscall.Kill(-f.pid(), 0) == nil {
		return 1
	}
	return 0
}

func (f *family) signal(s syscall.Signal) { _ = syscall.Kill(-f.pid(), s) }
