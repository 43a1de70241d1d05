//go:build !windows && !darwin

package autostart

// forbidden are characters that the launchers of desktops read in different
// ways, whichever way they are escaped.
const forbidden = "%\"\\$`"
