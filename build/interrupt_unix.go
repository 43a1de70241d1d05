//go:build !windows

package main

import (
	"os/exec"
	"syscall"
)

// apart gives a program a process group of its own: Ctrl-C then reaches only
// us, and the program hears of it once. Two signals would hurry its end.
func apart(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// interrupt asks a program to end in good order.
func interrupt(cmd *exec.Cmd) error { return cmd.Process.Signal(syscall.SIGTERM) }
