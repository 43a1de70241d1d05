//go:build unix

package child

import (
	"os/exec"
	"syscall"
)

// Group is the process group of a program that lives longer than one command:
// all that it starts, except for what makes a group of its own (see Note.End).
type Group int

// StartGroup starts cmd as the leader of a group.
func StartGroup(cmd *exec.Cmd) (Group, error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	return Group(cmd.Process.Pid), nil
}

// Ask asks all of the group to end, Kill ends it. That a group is gone already is
// no error.
func (g Group) Ask()  { _ = syscall.Kill(-int(g), syscall.SIGTERM) }
func (g Group) Kill() { _ = syscall.Kill(-int(g), syscall.SIGKILL) }

// Forget lets go of the group, once all of it has ended.
func (Group) Forget() {}
