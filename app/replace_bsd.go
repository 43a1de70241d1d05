//go:build unix && !linux

package main

import "syscall"

// dup makes to the same as fd, and open after an exec.
func dup(fd, to int) error {
	if fd != to {
		return syscall.Dup2(fd, to)
	}
	_, _, errno := syscall.Syscall(syscall.SYS_FCNTL, uintptr(fd), syscall.F_SETFD, 0)
	if errno != 0 {
		return errno
	}
	return nil
}
