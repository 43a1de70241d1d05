//go:build !windows

package main

import "path/filepath"

func userHome(env func(string) string) string { return env("HOME") }

// hermesHome is where Hermes lives when HERMES_HOME does not say.
func hermesHome(_ func(string) string, home string) (string, error) {
	if home == "" {
		return "", errNoHome
	}
	return filepath.Join(home, ".hermes"), nil
}
