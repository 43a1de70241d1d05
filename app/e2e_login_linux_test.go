package main_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hermes-webui/app/wholetest"
)

// person is somebody with a home and, if they like, a desktop.
type person struct {
	t    *testing.T
	home string
	env  []string
}

func newPerson(t *testing.T, env ...string) *person {
	t.Helper()
	home := t.TempDir()
	return &person{t, home, append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + home}, env...)}
}

// types runs a command of the program to its end.
func (p *person) types(args ...string) (code int, out, complaints string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 20*time.Second)
	defer cancel()
	var o, e strings.Builder
	cmd := exec.CommandContext(ctx, wholetest.Build(p.t, ""), args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = p.env, &o, &e
	_ = cmd.Run() // its code is looked at
	return cmd.ProcessState.ExitCode(), o.String(), e.String()
}

func (p *person) entry() string {
	return filepath.Join(p.home, ".config", "autostart", "io.github.hermes-webui.desktop")
}

func TestTheCommandAutostart(t *testing.T) {
	p := newPerson(t, "DISPLAY=:99", "DBUS_SESSION_BUS_ADDRESS="+wholetest.Bus(t))
	for _, step := range []struct{ word, want string }{
		{"status", "does not start at login"}, {"off", "does not start at login"},
		{"on", "starts at login"}, {"on", "starts at login"}, {"status", "starts at login"},
		{"off", "does not start at login"}, {"status", "does not start at login"},
	} {
		code, out, said := p.types("autostart", step.word)
		if code != 0 || !strings.Contains(out, step.want) {
			t.Fatalf("%s: exit %d, %q %q", step.word, code, out, said)
		}
		if _, err := os.Stat(p.entry()); (err == nil) != (step.want == "starts at login") {
			t.Fatalf("%s: the entry: %v", step.word, err)
		}
	}
	_, out, _ := p.types("autostart", "status", "--json")
	var st struct {
		State    string
		Possible bool
	}
	if err := json.Unmarshal([]byte(out), &st); err != nil || st.State != "off" || !st.Possible {
		t.Errorf("got %s, %v", out, err)
	}
	for _, line := range []string{"autostart", "autostart maybe", "autostart on --tray", "autostart on off"} {
		if code, _, said := p.types(strings.Fields(line)...); code != 64 {
			t.Errorf("%s: exit %d: %s", line, code, said)
		}
	}
}

func TestAutostartIsRefusedWhereNobodyLogsIn(t *testing.T) {
	p := newPerson(t)
	code, _, said := p.types("autostart", "on")
	if code != 1 || !strings.Contains(said, "No desktop is there") {
		t.Errorf("exit %d: %s", code, said)
	}
	if _, err := os.Stat(p.entry()); err == nil {
		t.Error("an entry was written")
	}
}

// One truth: the command asks the server, whose page shows the same.
func TestPageAndCommandTurnTheSameSwitch(t *testing.T) {
	desk := []string{"DISPLAY=:99", "DBUS_SESSION_BUS_ADDRESS=" + wholetest.Bus(t)}
	s := wholetest.Start(t, wholetest.Options{Env: desk})
	home := filepath.Join(filepath.Dir(s.Dir), "home")
	p := &person{t, home, append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + home}, desk...)}

	if a := s.Do(200, "GET", "/api/system/autostart", nil); !strings.Contains(string(a.Body), `"state":"off"`) {
		t.Fatalf("it is on before anybody turned it on: %s", a.Body)
	}
	s.Do(200, "PUT", "/api/system/autostart", map[string]any{"on": true})
	written, err := os.ReadFile(p.entry())
	if err != nil {
		t.Fatal(err)
	}
	wantAll(t, string(written), `"--tray"`, s.Dir, strings.TrimPrefix(s.Addr, "127.0.0.1:"))
	if _, out, said := p.types("autostart", "status", "--state-dir", s.Dir); !strings.Contains(out, "Hermes Web UI starts at login.") {
		t.Errorf("%q %q", out, said)
	}
	if err := os.WriteFile(p.entry(), append(written, "Hidden=true\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	if a := s.Do(200, "GET", "/api/system/autostart", nil); !strings.Contains(string(a.Body), `"state":"turned_off"`) {
		t.Errorf("the desktop turned it off, but: %s", a.Body)
	}
	p.types("autostart", "off", "--state-dir", s.Dir)
	if a := s.Do(200, "GET", "/api/system/autostart", nil); !strings.Contains(string(a.Body), `"state":"off"`) {
		t.Errorf("the command turned it off, but: %s", a.Body)
	}
}
