package main

import (
	"net"
	"path/filepath"
	"strings"
	"testing"

	"hermes-webui/app/wholetest"
)

func TestADesktopHasADisplayOfThisMachineAndABusThatAnswers(t *testing.T) {
	bus := wholetest.Bus(t)
	silent, err := net.Listen("unix", filepath.Join(t.TempDir(), "silent"))
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	dead := "unix:path=" + filepath.Join(t.TempDir(), "nothing")
	for name, c := range map[string]struct {
		env   map[string]string
		there bool
		why   string
	}{
		"X11":           {map[string]string{"DISPLAY": ":0", "DBUS_SESSION_BUS_ADDRESS": bus}, true, "DISPLAY is set"},
		"Wayland":       {map[string]string{"WAYLAND_DISPLAY": "wayland-0", "DBUS_SESSION_BUS_ADDRESS": bus}, true, "WAYLAND_DISPLAY is set"},
		"second of two": {map[string]string{"DISPLAY": ":0", "DBUS_SESSION_BUS_ADDRESS": dead + ";" + bus}, true, "answers"},
		"no display":    {map[string]string{"DBUS_SESSION_BUS_ADDRESS": bus}, false, "neither DISPLAY"},
		"ssh -X":        {map[string]string{"DISPLAY": "localhost:10.0", "SSH_CONNECTION": "1 2 3 4", "DBUS_SESSION_BUS_ADDRESS": bus}, false, "another machine"},
		"no bus":        {map[string]string{"DISPLAY": ":0", "XDG_RUNTIME_DIR": t.TempDir()}, false, "no session bus answers"},
		"dead bus":      {map[string]string{"DISPLAY": ":0", "DBUS_SESSION_BUS_ADDRESS": dead}, false, "no session bus answers"},
		"silent bus":    {map[string]string{"DISPLAY": ":0", "DBUS_SESSION_BUS_ADDRESS": "unix:path=" + silent.Addr().String()}, false, "no session bus answers"},
		"a bus to make": {map[string]string{"DISPLAY": ":0", "DBUS_SESSION_BUS_ADDRESS": "autolaunch:"}, false, "names no socket"},
	} {
		got := lookForDesktop(t.Context(), envOf(c.env))
		if got.there != c.there || !strings.Contains(got.why, c.why) {
			t.Errorf("%s: got %v because %q, want %v because of %q", name, got.there, got.why, c.there, c.why)
		}
	}
}
