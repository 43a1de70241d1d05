//go:build unix

package child

import (
	"os/exec"
	"syscall"
)

// StartDetached starts cmd so that it outlives this program: in a session of its
// own, whose group has its number.
func StartDetached(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	return cmd.Start()
}

// AskGroup asks the group of a process to end that StartDetached started.
func AskGroup(pid int) { _ = syscall.Kill(-pid, syscall.SIGTERM) }
