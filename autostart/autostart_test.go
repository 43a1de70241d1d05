//go:build !windows

package autostart

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files")

func mine(t *testing.T) Config {
	home := t.TempDir()
	return Config{
		ID: "io.github.hermes-webui", Title: "Hermes Web UI", About: "Starts it in the tray",
		Program: "/opt/Ünsere R&D/hermes-webui", Args: []string{"--tray"},
		Home: home, Log: filepath.Join(home, "state", "logs", "login.log"), Path: "/opt/bin:/usr/bin:/bin",
	}
}

// places are the two that keep files. Both work on every system but Windows.
func places(t *testing.T) map[string]struct {
	s    *Switch
	path string
} {
	c := mine(t)
	l := launchd{c, func() bool { return false }, func() error { t.Error("enabled without need"); return nil }}
	x := xdg{c}
	agent, err := l.file()
	if err != nil {
		t.Fatal(err)
	}
	file, err := x.file()
	if err != nil {
		t.Fatal(err)
	}
	return map[string]struct {
		s    *Switch
		path string
	}{
		"xdg":     {&Switch{c: c, place: x}, file},
		"launchd": {&Switch{c: c, place: l}, agent},
	}
}

func want(t *testing.T, s *Switch, kind Kind) State {
	t.Helper()
	st, err := s.State()
	if err != nil {
		t.Fatal(err)
	}
	if st.Kind != kind || !strings.HasSuffix(st.Text, ".") {
		t.Fatalf("got %s: %q, want %s", st.Kind, st.Text, kind)
	}
	return st
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestOnAndOffAgainAndAgain(t *testing.T) {
	for name, p := range places(t) {
		t.Run(name, func(t *testing.T) {
			want(t, p.s, Off)
			ok(t, p.s.Disable())
			var first []byte
			for range 3 {
				ok(t, p.s.Enable())
				ok(t, p.s.Enable())
				b, err := os.ReadFile(p.path)
				ok(t, err)
				if first == nil {
					first = b
				}
				if !bytes.Equal(b, first) {
					t.Fatalf("it grew from\n%s\nto\n%s", first, b)
				}
				st := want(t, p.s, On)
				if !slices.Equal(st.Command, []string{p.s.c.Program, "--tray"}) {
					t.Fatalf("it starts %q", st.Command)
				}
				ok(t, p.s.Disable())
				want(t, p.s, Off)
			}
			left, err := os.ReadDir(filepath.Dir(p.path))
			ok(t, err)
			if len(left) != 0 {
				t.Errorf("it left %v", left)
			}
		})
	}
}

func TestAnEntryOfAnotherProgramIsStaleUntilItIsTurnedOnAgain(t *testing.T) {
	for name, p := range places(t) {
		t.Run(name, func(t *testing.T) {
			ok(t, p.s.Enable())
			for _, change := range []func(*Config){
				func(c *Config) { c.Program = "/opt/new/hermes-webui" },
				func(c *Config) { c.Args = []string{"--tray", "--port", "9000"} },
			} {
				c := p.s.c
				change(&c)
				moved := &Switch{c: c, place: replaceConfig(p.s.place, c)}
				st := want(t, moved, Stale)
				if !strings.Contains(st.Text, p.s.c.Program) && !strings.Contains(st.Text, "--tray") {
					t.Errorf("it does not say what the login starts: %s", st.Text)
				}
				changed, err := moved.Refresh(func([]string) bool { return false })
				if ok(t, err); changed {
					t.Error("the entry of another was changed")
				}
				changed, err = moved.Refresh(func([]string) bool { return true })
				if ok(t, err); !changed {
					t.Error("nothing was changed")
				}
				want(t, moved, On)
				ok(t, p.s.Enable())
			}
		})
	}
}

func replaceConfig(p place, c Config) place {
	switch v := p.(type) {
	case xdg:
		return xdg{c}
	case launchd:
		v.c = c
		return v
	default:
		panic("another place")
	}
}

func TestARefreshNeverTurnsAnythingOn(t *testing.T) {
	for name, p := range places(t) {
		t.Run(name, func(t *testing.T) {
			if changed, err := p.s.Refresh(func([]string) bool { return true }); changed || err != nil {
				t.Fatal(changed, err)
			}
			want(t, p.s, Off)
		})
	}
	c := mine(t)
	s := &Switch{c: c, place: xdg{c}}
	ok(t, s.Enable())
	path, _ := xdg{c}.file()
	edit(t, path, c.Program, "/old/hermes-webui")
	edit(t, path, "enabled=true", "enabled=false")
	if changed, err := s.Refresh(func([]string) bool { return true }); changed || err != nil {
		t.Fatal(changed, err)
	}
	want(t, s, TurnedOff)
}

func edit(t *testing.T, path, old, fresh string) {
	t.Helper()
	b, err := os.ReadFile(path)
	ok(t, err)
	changed := strings.ReplaceAll(string(b), old, fresh)
	if changed == string(b) {
		t.Fatalf("%s does not say %q", b, old)
	}
	ok(t, os.WriteFile(path, []byte(changed), 0o644))
}

func TestWhatTheDesktopTurnedOffIsSeenAndAPersonCanTurnItOn(t *testing.T) {
	for _, line := range []string{"Hidden=true", "X-GNOME-Autostart-enabled=false"} {
		c := mine(t)
		s := &Switch{c: c, place: xdg{c}}
		ok(t, s.Enable())
		path, _ := xdg{c}.file()
		key, _, _ := strings.Cut(line, "=")
		edit(t, path, "X-GNOME-Autostart-enabled=true\n", "")
		edit(t, path, "Terminal=false\n", "Terminal=false\n"+line+"\n[Other]\n"+key+"=true\n")
		want(t, s, TurnedOff)
		ok(t, s.Enable())
		want(t, s, On)
	}
	off := true
	c := mine(t)
	s := &Switch{c: c, place: launchd{c, func() bool { return off }, func() error { off = false; return nil }}}
	ok(t, s.Enable())
	want(t, s, On)
	off = true
	want(t, s, TurnedOff)
	ok(t, s.Enable())
	want(t, s, On)
}

func TestALinkIsReplacedAndNeverFollowed(t *testing.T) {
	for name, p := range places(t) {
		t.Run(name, func(t *testing.T) {
			precious := filepath.Join(t.TempDir(), "precious")
			ok(t, os.WriteFile(precious, []byte("mine"), 0o600))
			ok(t, os.MkdirAll(filepath.Dir(p.path), 0o700))
			for _, target := range []string{precious, filepath.Join(t.TempDir(), "nothing")} {
				ok(t, os.Symlink(target, p.path))
				ok(t, p.s.Enable())
				want(t, p.s, On)
				if info, err := os.Lstat(p.path); err != nil || !info.Mode().IsRegular() {
					t.Errorf("it is %v, %v", info, err)
				}
				ok(t, p.s.Disable())
			}
			if b, err := os.ReadFile(precious); err != nil || string(b) != "mine" {
				t.Errorf("what the link named says %q, %v", b, err)
			}
			ok(t, os.Symlink(precious, p.path))
			ok(t, p.s.Disable())
			if _, err := os.Stat(precious); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestWhatStandsInTheWayIsSaid(t *testing.T) {
	for name, p := range places(t) {
		t.Run(name, func(t *testing.T) {
			ok(t, os.MkdirAll(p.path, 0o700))
			for what, err := range map[string]error{"on": p.s.Enable(), "state": second(p.s.State())} {
				if err == nil || !strings.Contains(err.Error(), p.path) {
					t.Errorf("%s: got %v", what, err)
				}
			}
			ok(t, os.Remove(p.path))
			ok(t, os.Remove(filepath.Dir(p.path)))
			ok(t, os.WriteFile(filepath.Dir(p.path), nil, 0o600))
			if err := p.s.Enable(); err == nil || !strings.Contains(err.Error(), filepath.Dir(p.path)) {
				t.Errorf("a file as the folder: got %v", err)
			}
		})
	}
	for name, place := range map[string]place{"xdg": xdg{Config{Home: "", ConfigHome: "relative"}}, "launchd": launchd{c: Config{Home: ""}}} {
		if _, err := place.read(); err == nil || !strings.Contains(err.Error(), "home") {
			t.Errorf("%s without a home: got %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestXDGConfigHome(t *testing.T) {
	for config, want := range map[string]string{
		"":             "/home/me/.config/autostart/x.desktop",
		"relative/dir": "/home/me/.config/autostart/x.desktop",
		"/etc/mine":    "/etc/mine/autostart/x.desktop",
	} {
		if got, err := (xdg{Config{ID: "x", Home: "/home/me", ConfigHome: config}}).file(); got != want || err != nil {
			t.Errorf("%q: got %s, %v", config, got, err)
		}
	}
}

func TestEntriesThatSomebodyElseWrote(t *testing.T) {
	for text, command := range map[string][]string{
		"":                           nil,
		"[Desktop Entry]\n":          nil,
		"Exec=/x\n":                  nil,
		"[Desktop Entry]\nExec=\"/x": nil,
		"[Desktop Entry]\nExec=/x --tray\nExec=/y\n":                       {"/x", "--tray"},
		"[Other]\nExec=/y\n[Desktop Entry]\n# a word\n Exec = \"/a b\" c ": {"/a b", "c"},
		`[Desktop Entry]` + "\n" + `Exec="/a\\"b" "\\$x" ""`:               {`/a"b`, "$x", ""},
		`[Desktop Entry]` + "\n" + `Exec=/100%%`:                           {"/100%"},
	} {
		if got := parseDesktop(text); !slices.Equal(got.command, command) || !got.there || got.off {
			t.Errorf("%q: got %+v, want %q", text, got, command)
		}
	}
}

func TestProgramsThatNoLoginCanStart(t *testing.T) {
	c := mine(t)
	for program, word := range map[string]string{
		"hermes-webui":                     "not known",
		"/tmp/go-build123/b001/exe/app":    "build",
		"/private/AppTranslocation/A/h":    "Applications",
		"/opt/a\nHidden=true/h":            "another name",
		"/opt/\xff/h":                      "not text",
		"/opt/100%/h":                      "another name",
		"/opt/q\"uote/h":                   "another name",
		"/opt/$HOME/h":                     "another name",
		"/opt/`id`/h":                      "another name",
		"/opt/back\\slash/h":               "another name",
		"/opt/dele\x7fte/h":                "another name",
		"/opt/no\u00a0break space/h":       "",
		"/opt/it's a&b;c #1 (x) 日本/hermes": "",
	} {
		c.Program = program
		s := &Switch{c: c, place: xdg{c}}
		err := s.Possible()
		if word == "" {
			ok(t, err)
			ok(t, s.Enable())
			want(t, s, On)
			ok(t, s.Disable())
			continue
		}
		if err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("%q: got %v", program, err)
		}
		if s.Enable() == nil {
			t.Errorf("%q was turned on", program)
		}
		want(t, s, Off)
	}
}

func TestWhatIsWritten(t *testing.T) {
	c := mine(t)
	c.Home, c.Log = "/Users/ünser & co", "/Users/ünser & co/.hermes/webui/logs/<login>.log"
	c.Args = []string{"--tray", "--state-dir", "/Users/a b"}
	for name, got := range map[string][]byte{
		"entry.desktop": []byte(desktopFile(c)),
		"agent.plist":   launchAgent(c, c.Path),
		"run.txt":       []byte(commandLine(append([]string{`C:\Program Files\Hermes\`}, c.Args...)) + "\n"),
	} {
		path := filepath.Join("testdata", name)
		if *update {
			ok(t, os.WriteFile(path, got, 0o644))
		}
		if want, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %v, got\n%s", name, err, got)
		}
	}
}

// needs returns where a program is by which others read what is written here. On
// Linux, where it is tested, it has to be there.
func needs(t *testing.T, program, pkg string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	switch {
	case err == nil:
	case runtime.GOOS == "linux":
		t.Fatalf("%s is missing: apt-get install %s", program, pkg)
	default:
		t.Skipf("%s is not for this system", program)
	}
	return path
}

func TestTheEntryIsValidForDesktops(t *testing.T) {
	validate := needs(t, "desktop-file-validate", "desktop-file-utils")
	if out, err := exec.Command(validate, "testdata/entry.desktop").CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%v: %s", err, out)
	}
}

// Another reader than ours: the one of Python.
func TestTheAgentIsAPropertyListForOthers(t *testing.T) {
	python := needs(t, "python3", "python3")
	for _, path := range []string{"/bin", "/o'pt/<x>&\"y\":/bin"} {
		c := mine(t)
		c.Program = `/Applications/R&D <1>/"Hermes" ]]>.app/Contents/MacOS/hermes-webui`
		cmd := exec.Command(python, "-c", "import plistlib,json,sys; print(json.dumps(plistlib.loads(sys.stdin.buffer.read())))")
		cmd.Stdin = bytes.NewReader(launchAgent(c, path))
		var complaint strings.Builder
		cmd.Stderr = &complaint
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err, complaint.String())
		}
		var got map[string]any
		ok(t, json.Unmarshal(out, &got))
		want := map[string]any{
			"Label": c.ID, "ProgramArguments": []any{c.Program, "--tray"}, "RunAtLoad": true,
			"KeepAlive": map[string]any{"SuccessfulExit": false}, "LimitLoadToSessionType": "Aqua", "ProcessType": "Interactive",
			"WorkingDirectory": c.Home, "StandardOutPath": c.Log, "StandardErrorPath": c.Log,
			"EnvironmentVariables": map[string]any{"PATH": path},
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got %v\nwant %v", got, want)
		}
		ours, err := parsePlist(launchAgent(c, path))
		if ok(t, err); !reflect.DeepEqual(ours, want) {
			t.Errorf("we read %v", ours)
		}
	}
}

func TestTheFolderOfTheLogOfLaunchdIsMade(t *testing.T) {
	p := places(t)["launchd"]
	ok(t, p.s.Enable())
	if info, err := os.Stat(filepath.Dir(p.s.c.Log)); err != nil || !info.IsDir() {
		t.Error(info, err)
	}
}

func TestThePathOfAnAgentOnlyGrows(t *testing.T) {
	for _, c := range []struct{ name, now, old, want string }{
		{"first time", "/a:/b", "", "/a:/b"},
		{"from the Finder", "/usr/bin:/bin", "/opt/bin:/usr/bin:/bin", "/opt/bin:/usr/bin:/bin"},
		{"a new folder", "/new:/usr/bin", "/opt/bin:/usr/bin", "/new:/usr/bin:/opt/bin"},
		{"what means something else elsewhere", ".:bin::/a:/a", "/b", "/a:/b"},
		{"nothing", "", "", ""},
	} {
		if got := mergePath(c.now, c.old); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
	p := places(t)["launchd"]
	ok(t, p.s.Enable())
	c := p.s.c
	c.Path = "/new:" + c.Path
	s := &Switch{c: c, place: replaceConfig(p.s.place, c)}
	if st := want(t, s, Stale); !strings.Contains(st.Text, "PATH") {
		t.Errorf("it says %q", st.Text)
	}
	ok(t, s.Enable())
	want(t, s, On)
	want(t, p.s, On)
}

func TestAnAgentWithOtherSettingsIsStale(t *testing.T) {
	p := places(t)["launchd"]
	ok(t, p.s.Enable())
	edit(t, p.path, "<key>RunAtLoad</key>\n\t<true/>", "<key>RunAtLoad</key>\n\t<false/>")
	want(t, p.s, Stale)
	ok(t, os.WriteFile(p.path, []byte("<plist><dict><key>Disabled</key><true/></dict></plist>"), 0o600))
	want(t, p.s, TurnedOff)
	for _, broken := range []string{"", "<plist>", "bplist00\x00", "<plist><array/></plist>", "<plist><dict><string/></dict></plist>",
		strings.Repeat("<array>", 100), "<plist><dict><key>ProgramArguments</key><array><true/></array></dict></plist>"} {
		ok(t, os.WriteFile(p.path, []byte(broken), 0o600))
		want(t, p.s, Stale)
		ok(t, p.s.Enable())
		want(t, p.s, On)
	}
}

func TestWhatLaunchctlLists(t *testing.T) {
	const list = "disabled services = {\n\t\"com.a\" => enabled\n\t\"io.github.hermes-webui\" => disabled\n\t\"com.b\" => true\n\t\"com.c\" => false\n}\n"
	for label, want := range map[string]bool{"com.a": false, "io.github.hermes-webui": true, "com.b": true, "com.c": false, "hermes-webui": false} {
		if got := listedDisabled(list, label); got != want {
			t.Errorf("%s: got %v", label, got)
		}
	}
}
