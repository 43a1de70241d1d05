package main

import (
	"os"
	"path/filepath"
)

func userHome(env func(string) string) string { return env("USERPROFILE") }

// hermesHome is where Hermes lives when HERMES_HOME does not say: in
// LOCALAPPDATA, but an older install in the home folder stays where it is.
func hermesHome(env func(string) string, home string) (string, error) {
	local := env("LOCALAPPDATA")
	if local == "" && home == "" {
		return "", errNoHome
	}
	old := filepath.Join(home, ".hermes")
	if local == "" {
		return old, nil
	}
	current := filepath.Join(local, "hermes")
	if home != "" && populated(old) && !populated(current) {
		return old, nil
	}
	return current, nil
}

func populated(dir string) bool {
	entries, err := os.ReadDir(dir)
	return err == nil && len(entries) > 0
}
