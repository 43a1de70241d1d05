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

// defaultWorkspace returns the first folder that can be used of: what was
// asked for, ~/workspace or ~/work if they are there, ~/workspace made now,
// workspace in the state folder. Never the home folder itself and never a root:
// agents work in there.
func defaultWorkspace(c config) (string, error) {
	type candidate struct {
		path string
		make bool
	}
	candidates := []candidate{{c.Workspace, true}}
	if c.UserHome != "" {
		candidates = append(candidates,
			candidate{filepath.Join(c.UserHome, "workspace"), false},
			candidate{filepath.Join(c.UserHome, "work"), false},
			candidate{filepath.Join(c.UserHome, "workspace"), true})
	}
	candidates = append(candidates, candidate{filepath.Join(c.StateDir, "workspace"), true})
	for _, k := range candidates {
		if k.path == "" {
			continue
		}
		p, err := absolute(k.path, c.UserHome)
		if err == nil && !tooWide(p, c.UserHome) && usable(p, k.make) {
			return p, nil
		}
	}
	return "", errors.New("no folder can serve as the default workspace. " +
		"Set HERMES_WEBUI_DEFAULT_WORKSPACE to a folder that you can write to")
}

// tooWide reports whether p is the home folder, one above it, or a root.
func tooWide(p, home string) bool {
	p = resolved(p)
	if filepath.Dir(p) == p {
		return true
	}
	if home == "" {
		return false
	}
	rel, err := filepath.Rel(p, resolved(home))
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// resolved follows links where p exists.
func resolved(p string) string {
	if r, err := filepath.EvalSymlinks(p); err == nil {
		return r
	}
	return filepath.Clean(p)
}

// usable reports whether p is a folder that can be listed and written to.
func usable(p string, make bool) bool {
	if make {
		if err := os.MkdirAll(p, 0o755); err != nil {
			return false
		}
	}
	if _, err := os.ReadDir(p); err != nil {
		return false
	}
	f, err := os.CreateTemp(p, ".hermes-*")
	if err != nil {
		return false
	}
	return errors.Join(f.Close(), os.Remove(f.Name())) == nil
}
