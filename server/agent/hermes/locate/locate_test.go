//go:build unix

package locate

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fake writes a program that answers the question like a Python.
func fake(t *testing.T, path, answer string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	script := "#!/bin/sh\n" + answer + "\n"
	if err := os.WriteFile(path, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

const (
	has     = "echo 1.2.3"
	hasNot  = "echo no-agent >&2; exit 1"
	isBroke = "echo 'ImportError: libpython is gone' >&2; exit 1"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

func TestTheAgentIsFoundWhereInstallersPutIt(t *testing.T) {
	for name, tt := range map[string]struct {
		set  func(t *testing.T, dir string, e *Env) (python string)
		from string
	}{
		"said outright": {func(t *testing.T, dir string, e *Env) string {
			e.Python = fake(t, dir+"/py", has)
			return e.Python
		}, "HERMES_WEBUI_PYTHON"},
		"a folder with a virtual environment": {func(t *testing.T, dir string, e *Env) string {
			e.Dir = dir + "/agent"
			return fake(t, dir+"/agent/.venv/bin/python", has)
		}, "HERMES_WEBUI_AGENT_DIR"},
		"a link on PATH": {func(t *testing.T, dir string, e *Env) string {
			p := fake(t, dir+"/venv/bin/python", has)
			write(t, dir+"/venv/bin/hermes", "#!"+p+"\n")
			e.Path = dir + "/bin"
			if err := os.MkdirAll(e.Path, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(dir+"/venv/bin/hermes", dir+"/bin/hermes"); err != nil {
				t.Fatal(err)
			}
			return p
		}, "hermes on PATH"},
		"the first line of a script": {func(t *testing.T, dir string, e *Env) string {
			p := fake(t, dir+"/else/python3.12", has)
			write(t, dir+"/bin/hermes", "#!"+p+"\nimport sys\n")
			e.Path = dir + "/bin"
			return p
		}, "hermes on PATH"},
		"a wrapper of the shell": {func(t *testing.T, dir string, e *Env) string {
			p := fake(t, dir+"/venv/bin/python", has)
			write(t, dir+"/venv/bin/hermes", "#!"+p+"\n")
			write(t, dir+"/bin/hermes", "#!/usr/bin/env bash\n# "+dir+"/no/python is old\nexec \""+dir+"/venv/bin/hermes\" \"$@\"\n")
			e.Path = dir + "/bin"
			return p
		}, "hermes on PATH"},
		"its own installer": {func(t *testing.T, dir string, e *Env) string {
			e.Home = dir + "/.hermes"
			return fake(t, e.Home+"/hermes-agent/venv/bin/python", has)
		}, "Hermes' own installer"},
		"uv": {func(t *testing.T, dir string, e *Env) string {
			e.User = dir
			return fake(t, dir+"/.local/share/uv/tools/hermes-agent/bin/python", has)
		}, "uv tool"},
		"pipx": {func(t *testing.T, dir string, e *Env) string {
			e.User = dir
			return fake(t, dir+"/.local/share/pipx/venvs/hermes-agent/bin/python", has)
		}, "pipx"},
		"the ordinary Python": {func(t *testing.T, dir string, e *Env) string {
			e.Path = dir + "/bin"
			return fake(t, dir+"/bin/python3", has)
		}, "python3 on PATH"},
	} {
		t.Run(name, func(t *testing.T) {
			e := Env{Vars: os.Environ()}
			want := tt.set(t, t.TempDir(), &e)
			r := Find(t.Context(), e)
			if r.Python != want || r.Where != tt.from || r.Version != "1.2.3" {
				t.Errorf("found %q by %q, version %q; want %q by %q; tried %v", r.Python, r.Where, r.Version, want, tt.from, r.Tried)
			}
		})
	}
}

func TestWhatWasTriedIsSaidWithItsReason(t *testing.T) {
	dir := t.TempDir()
	e := Env{
		Python: fake(t, dir+"/py", isBroke), Dir: dir + "/nothing", User: dir + "/me", Home: dir + "/.hermes",
		Path: dir + "/bin", Vars: os.Environ(),
	}
	write(t, dir+"/bin/hermes", "#!/bin/sh\necho hello\n")
	fake(t, dir+"/bin/python3", hasNot)
	r := Find(t.Context(), e)
	if r.Python != "" {
		t.Fatalf("found %q", r.Python)
	}
	want := map[string]string{
		"HERMES_WEBUI_PYTHON":    "libpython is gone",
		"HERMES_WEBUI_AGENT_DIR": "There is no Python in",
		"hermes on PATH":         "does not say which Python",
		"Hermes' own installer":  "There is no Python in",
		"python3 on PATH":        "hermes-agent is not installed",
	}
	for _, try := range r.Tried {
		if part := want[try.Where]; part == "" || !strings.Contains(try.Why, part) {
			t.Errorf("%s: %s", try.Where, try.Why)
		}
		delete(want, try.Where)
	}
	if len(want) > 0 {
		t.Errorf("nothing is said of %v", want)
	}
}

func TestTheFirstThatWorksIsTakenAfterThoseThatDoNot(t *testing.T) {
	dir := t.TempDir()
	e := Env{Python: dir + "/gone", Path: dir + "/bin", Vars: os.Environ()}
	want := fake(t, dir+"/bin/python3", has)
	r := Find(t.Context(), e)
	if r.Python != want || len(r.Tried) != 2 || r.Tried[0].Where != "HERMES_WEBUI_PYTHON" {
		t.Errorf("got %+v", r)
	}
}

func TestProfilesAreFolders(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"work", "Bad Name", "a_b-1"} {
		write(t, filepath.Join(root, "profiles", name, "config.yaml"), "")
	}
	write(t, filepath.Join(root, "profiles", "file"), "")
	write(t, filepath.Join(root, "profiles", "work", "profile.yaml"), "description: \"For work\"\ndescription_auto: true\n")
	all := Profiles(root)
	if len(all) != 3 || all[0].Name != "default" || all[0].Home != root || all[1].Name != "a_b-1" || all[2] != (Profile{"work", "For work", filepath.Join(root, "profiles", "work")}) {
		t.Errorf("got %+v", all)
	}
	if got := Root(filepath.Join(root, "profiles", "work")); got != root {
		t.Errorf("Root = %q", got)
	}
	if got := Root(root); got != root {
		t.Errorf("Root = %q", got)
	}
}
