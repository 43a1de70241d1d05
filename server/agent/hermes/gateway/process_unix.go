//go:build unix

package gateway

import (
	"os/exec"
	"syscall"
)

// ownGroup puts the agent and what it starts into a group of their own.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func terminate(cmd *exec.Cmd) { _ = syscall.Kill(cmd.Process.Pid, syscall.SIGTERM) }

// killGroup kills what is left of the group. The group's id is not given to
// another one while a member lives; with none left there is nobody to kill.
func killGroup(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
