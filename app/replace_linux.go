package main

import "syscall"

// dup makes to the same as fd, and open after an exec.
func dup(fd, to int) error {
	if fd == to {
		_, _, errno := syscall.Syscall(syscall.SYS_FCNTL, uintptr(fd), syscall.F_SETFD, 0)
		return errnoOf(errno)
	}
	return syscall.Dup3(fd, to, 0)
}

func errnoOf(e syscall.Errno) error {
	if e == 0 {
		return nil
	}
	return e
}
