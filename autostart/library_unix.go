//go:build !windows

package autostart

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"

	library "github.com/emersion/go-autostart"
)

// libraryFolder is where the library keeps entries. It decides that at its
// start, by the same variables, and does not tell.
var libraryFolder = func() string {
	home, config := os.Getenv("HOME"), os.Getenv("XDG_CONFIG_HOME")
	switch {
	case runtime.GOOS == "darwin":
		return filepath.Join(home, "Library", "LaunchAgents")
	case config != "":
		return filepath.Join(config, "autostart")
	default:
		return filepath.Join(home, ".config", "autostart")
	}
}()

// removeFile takes an entry away; the library where it would find it, which a
// relative XDG_CONFIG_HOME prevents.
func removeFile(id, path string) error {
	var err error
	if filepath.Dir(path) == libraryFolder {
		err = (&library.App{Name: id}).Disable()
	} else {
		err = os.Remove(path)
	}
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
