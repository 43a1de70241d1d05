package main

import (
	"strings"
	"testing"

	"hermes-webui/app/supervise"
)

func TestWhatRunsBesideTheServer(t *testing.T) {
	var (
		there   = sign{true, "DISPLAY is set and the session bus answers"}
		nothing = sign{false, "neither DISPLAY nor WAYLAND_DISPLAY is set"}
		systemd = supervise.Origin{Name: "systemd", Signal: "SYSTEMD_EXEC_PID names this process", Certainty: supervise.Certain}
		hint    = supervise.Origin{Name: "systemd", Signal: "INVOCATION_ID", Certainty: supervise.Likely}
		person  = supervise.Origin{Certainty: supervise.None}
		asked   = supervise.Origin{Certainty: supervise.None, Asked: "HERMES_WEBUI_FOREGROUND"}
	)
	for _, c := range []struct {
		name string
		c    config
		by   supervise.Origin
		sign sign
		want mode
		why  string
	}{
		{"a person at a desktop", config{}, person, there, desktop, there.why},
		{"a person without one", config{}, person, nothing, headless, nothing.why},
		{"--desktop under a supervisor", config{Desktop: true}, systemd, nothing, desktop, "--desktop"},
		{"--tray although the variable says otherwise", config{Tray: true}, asked, there, trayOnly, "--tray"},
		{"the variable at a desktop", config{}, asked, there, headless, "HERMES_WEBUI_FOREGROUND"},
		{"surely systemd at a desktop", config{}, systemd, there, headless, "SYSTEMD_EXEC_PID"},
		{"a hint at a desktop", config{}, hint, there, desktop, "INVOCATION_ID"},
		{"a hint and no desktop", config{}, hint, nothing, headless, "INVOCATION_ID"},
	} {
		got := decide(c.c, c.by, func() sign { return c.sign })
		if got.Mode != c.want || !strings.Contains(got.Why, c.why) {
			t.Errorf("%s: got %s because %q, want %s because of %q", c.name, got.Mode, got.Why, c.want, c.why)
		}
	}
}

func TestADesktopIsNotLookedForWhereItDecidesNothing(t *testing.T) {
	for _, c := range []config{{Desktop: true}, {Tray: true}} {
		decide(c, supervise.Origin{}, func() sign { t.Error("it was looked for"); return sign{} })
	}
	decide(config{}, supervise.Origin{Asked: "--serve"}, func() sign { t.Error("it was looked for"); return sign{} })
}
