//go:build windows || darwin

package main

// trayBus: panels of this system need no bus.
func trayBus(func(string) string) string { return "" }
