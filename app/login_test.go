//go:build !windows

package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hermes-webui/app/supervise"
	"hermes-webui/server/fault"
)

// loginFor is the start at login as a process with this command line sees it.
func loginFor(t *testing.T, home string, by supervise.Origin, args ...string) *login {
	t.Helper()
	c, err := parse(args, envOf(map[string]string{"HOME": home, "PATH": "/usr/bin"}))
	if err != nil {
		t.Fatal(err)
	}
	c.Mode = decision{Mode: desktop}
	return &login{config: c, by: by, changed: func() {}}
}

func TestWhatTheLoginIsToldByFlags(t *testing.T) {
	home := t.TempDir()
	dir := filepath.Join(home, ".hermes", "webui")
	for _, c := range []struct{ line, now, want string }{
		{"", "", "--tray"},
		{"--state-dir " + dir, "", "--tray"},
		{"--state-dir /else", "", "--tray --state-dir /else"},
		{"--port 9000 --host ::1", "", "--tray --host ::1 --port 9000"},
		{"--port 8787 --host localhost", "", "--tray"},
		{"--port 8787", "/p --tray --port 9000", "--tray"},
		{"", "/p --tray --port 9000", "--tray --port 9000"},
		{"", "/p --tray --port nonsense --host $(id)", "--tray"},
		{"", "/p --tray --state-dir /else --port 9000", "--tray"},
		{"--state-dir /else", "/p --tray --state-dir /else --port 9000", "--tray --state-dir /else --port 9000"},
	} {
		got := loginFor(t, home, supervise.Origin{}, strings.Fields(c.line)...).args(strings.Fields(c.now))
		if strings.Join(got, " ") != c.want {
			t.Errorf("%q after %q: got %q, want %q", c.line, c.now, got, c.want)
		}
	}
}

func TestAServiceIsNotStartedAtLoginToo(t *testing.T) {
	l := loginFor(t, t.TempDir(), supervise.Origin{Name: "systemd", Certainty: supervise.Certain})
	st, err := l.State(t.Context())
	if err != nil || st.State != "off" || st.Possible || !strings.HasPrefix(st.Why, "Systemd starts this server already") {
		t.Errorf("got %+v, %v", st, err)
	}
	if _, err := l.Set(t.Context(), true); fault.CodeOf(err) != fault.CodeNoAutostart {
		t.Errorf("got %v", err)
	}
	if st, err := l.Set(t.Context(), false); err != nil || st.State != "off" {
		t.Errorf("off: got %+v, %v", st, err)
	}
}

func TestTheLoginIsNotOfferedWhereNoDesktopIs(t *testing.T) {
	l := loginFor(t, t.TempDir(), supervise.Origin{})
	l.Mode = decision{Mode: headless}
	l.Env = envOf(map[string]string{"HOME": l.UserHome})
	st, err := l.State(t.Context())
	if err != nil || st.Possible || !strings.Contains(st.Why, "No desktop") {
		t.Errorf("got %+v, %v", st, err)
	}
}

// installed is a login whose program is not the one of this test, which lies
// where builds are removed.
func installed(t *testing.T, l *login) *login {
	t.Helper()
	image := filepath.Join(l.UserHome, "Hermes.AppImage")
	if err := os.WriteFile(image, nil, 0o700); err != nil {
		t.Fatal(err)
	}
	env := l.Env
	l.Env = func(name string) string {
		if name == "APPIMAGE" {
			return image
		}
		return env(name)
	}
	return l
}

func TestPagesLearnOfAChange(t *testing.T) {
	l := installed(t, loginFor(t, t.TempDir(), supervise.Origin{}))
	changes := 0
	l.changed = func() { changes++ }
	for _, on := range []bool{true, false} {
		st, err := l.Set(context.Background(), on)
		if err != nil || (st.State == "on") != on {
			t.Fatalf("%v: got %+v, %v", on, st, err)
		}
	}
	if changes != 2 {
		t.Errorf("%d changes", changes)
	}
}

func TestOnlyAnEntryOfOurOwnStateFolderIsCorrected(t *testing.T) {
	home := t.TempDir()
	mine := installed(t, loginFor(t, home, supervise.Origin{}))
	if changed, err := mine.refresh(); changed || err != nil {
		t.Fatal("it turned itself on", changed, err)
	}
	other := installed(t, loginFor(t, home, supervise.Origin{}, "--state-dir", "/else"))
	if _, err := other.Set(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	if changed, err := mine.refresh(); changed || err != nil {
		t.Fatal("it took another's entry", changed, err)
	}
	moved := installed(t, loginFor(t, home, supervise.Origin{}, "--state-dir", "/else", "--port", "9000"))
	if changed, err := moved.refresh(); !changed || err != nil {
		t.Fatal("it did not correct its own", changed, err)
	}
	st, err := moved.entry().State()
	if want := []string{filepath.Join(home, "Hermes.AppImage"), "--tray", "--state-dir", "/else", "--port", "9000"}; err != nil || !slices.Equal(st.Command, want) {
		t.Errorf("got %q, %v", st.Command, err)
	}
}
