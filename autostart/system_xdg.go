//go:build !windows && !darwin

package autostart

func system(c Config) place { return xdg{c} }
