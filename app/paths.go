package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// stateDir returns the folder that holds everything we write: the flag, else
// HERMES_WEBUI_STATE_DIR, else webui in Hermes' home. A HERMES_HOME that points
// at a profile (…/profiles/NAME) needs no rule of its own: the state is in
// that profile's folder.
func stateDir(flag string, env func(string) string, home string) (string, error) {
	for _, p := range []string{flag, env("HERMES_WEBUI_STATE_DIR")} {
		if p != "" {
			return absolute(p, home)
		}
	}
	if p := env("HERMES_HOME"); p != "" {
		return absolute(filepath.Join(p, "webui"), home)
	}
	p, err := hermesHome(env, home)
	if err != nil {
		return "", err
	}
	return filepath.Join(p, "webui"), nil
}

// absolute expands a leading ~ and makes p absolute.
func absolute(p, home string) (string, error) {
	rest, tilde := strings.CutPrefix(filepath.ToSlash(p), "~")
	if tilde && (rest == "" || rest[0] == '/') {
		if home == "" {
			return "", fmt.Errorf("cannot expand %s: your home folder is not known", p)
		}
		p = filepath.Join(home, filepath.FromSlash(rest))
	}
	abs, err := filepath.Abs(p)
	if err != nil {
		return "", fmt.Errorf("cannot find the folder %s: %w", p, err)
	}
	return abs, nil
}

var errNoHome = errors.New("cannot tell where to keep the state: " +
	"your home folder is not known. Set HERMES_WEBUI_STATE_DIR or pass --state-dir")

// makeStateDir makes the folder and those in it that are ours. It does not
// change the mode of what was there: the folder may be shared.
func makeStateDir(dir string) error {
	for _, d := range []string{dir, filepath.Join(dir, "run")} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return fmt.Errorf("cannot make the state folder %s: %w. "+
				"Choose another with --state-dir", d, err)
		}
	}
	return nil
}
