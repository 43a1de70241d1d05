//go:build !linux

package main

// asInit is false: only Linux has containers in which a program is PID 1.
func asInit(func(string) string) bool { return false }

func runInit([]string, environ, stdio) int { panic("app: no init on this system") }
