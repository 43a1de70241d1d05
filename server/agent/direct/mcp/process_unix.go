//go:build unix

package mcp

import (
	"os/exec"
	"syscall"
)

// group is the process group of a program: all that it starts, except for what
// makes a group of its own.
type group int

func startGroup(cmd *exec.Cmd) (group, error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	return group(cmd.Process.Pid), nil
}

// An error means that the group is gone.
func (g group) ask()  { _ = syscall.Kill(-int(g), syscall.SIGTERM) }
func (g group) kill() { _ = syscall.Kill(-int(g), syscall.SIGKILL) }
func (group) forget() {}
