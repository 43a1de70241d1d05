//go:build unix

package gatewaytest

import (
	"os"
	"os/exec"
	"syscall"
)

// asking are the signals that ask a program to end.
func asking() []os.Signal { return []os.Signal{syscall.SIGTERM, syscall.SIGHUP} }

// startHelper starts what lives in a session of its own, as slash workers do.
func startHelper() error {
	cmd := exec.Command("sleep", "300")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	return cmd.Start()
}
