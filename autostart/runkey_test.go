package autostart

import (
	"errors"
	"strings"
	"testing"
)

// fakeRegistry stands for the registry of Windows.
type fakeRegistry struct {
	lines  map[string]string
	notes  map[string][]byte
	broken error
}

func (f *fakeRegistry) run(name string) (string, error)      { return f.lines[name], f.broken }
func (f *fakeRegistry) setRun(name, line string) error       { f.lines[name] = line; return f.broken }
func (f *fakeRegistry) removeRun(name string) error          { delete(f.lines, name); return f.broken }
func (f *fakeRegistry) approved(name string) ([]byte, error) { return f.notes[name], nil }
func (f *fakeRegistry) removeApproved(name string) error     { delete(f.notes, name); return nil }

// split takes apart what has no quote in an argument.
func (f *fakeRegistry) split(line string) []string {
	parts := strings.Split(strings.Trim(line, `"`), `" "`)
	for i := range parts {
		parts[i] = strings.TrimSuffix(parts[i], `\`)
	}
	return parts
}

func kind(t *testing.T, s *Switch) Kind {
	t.Helper()
	st, err := s.State()
	if err != nil {
		t.Fatal(err)
	}
	return st.Kind
}

func TestTheRunKey(t *testing.T) {
	r := &fakeRegistry{lines: map[string]string{}, notes: map[string][]byte{}}
	// Possible is of the system that the test runs on.
	c := Config{ID: "io.github.hermes-webui", Title: "Hermes Web UI", Program: "/c/Program Files/hermes-webui.exe", Args: []string{"--tray"}}
	if kind(t, &Switch{c: c, place: runKey{c, r}}) != Off {
		t.Error("it is on before anybody turned it on")
	}
	s := &Switch{c: c, place: runKey{c, r}}
	steps := []struct {
		name string
		do   func() error
		want Kind
	}{
		{"on", s.place.write, On},
		{"on again", s.place.write, On},
		{"the settings say yes", func() error { r.notes[c.ID] = []byte{2, 0, 0, 0}; return nil }, On},
		{"the settings say no", func() error { r.notes[c.ID] = []byte{3, 0, 0, 0}; return nil }, TurnedOff},
		{"a person says yes", s.place.write, On},
		{"another program", func() error { r.lines[c.ID] = `"C:\old.exe" "--tray"`; return nil }, Stale},
		{"off", s.Disable, Off},
		{"off again", s.Disable, Off},
	}
	for _, step := range steps {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if got := kind(t, s); got != step.want {
			t.Fatalf("%s: got %s, want %s", step.name, got, step.want)
		}
	}
	r.broken = errors.New("access denied")
	if _, err := s.State(); !errors.Is(err, r.broken) {
		t.Errorf("got %v", err)
	}
}

func TestACommandThatWindowsWouldCutIsRefused(t *testing.T) {
	r := &fakeRegistry{lines: map[string]string{}}
	c := Config{Program: `C:\` + strings.Repeat("ü", 260)}
	if err := (runKey{c, r}).write(); err == nil || !strings.Contains(err.Error(), "260") || len(r.lines) > 0 {
		t.Errorf("got %v, %v", err, r.lines)
	}
}

func TestArgumentsForWindows(t *testing.T) {
	for arg, want := range map[string]string{
		`C:\Program Files\h.exe`: `"C:\Program Files\h.exe"`,
		``:                       `""`,
		`C:\dir\`:                `"C:\dir\\"`,
		`say "hi"`:               `"say \"hi\""`,
		`a\"b`:                   `"a\\\"b"`,
	} {
		if got := quoteArg(arg); got != want {
			t.Errorf("%s: got %s, want %s", arg, got, want)
		}
	}
}
