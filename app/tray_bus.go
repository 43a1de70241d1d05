//go:build !windows && !darwin

package main

// trayBus is where the tray finds the panel.
func trayBus(env func(string) string) string { return busAddress(env) }
