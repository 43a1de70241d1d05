//go:build linux

package tray_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hermes-webui/tray"
	"hermes-webui/tray/traytest"
)

func TestAPanelThatStartsLateShowsTheIcon(t *testing.T) {
	bus := traytest.NewBus(t)
	p := traytest.NewPuppet(t, bus.Address)
	p.Show(ready())
	p.Counts() // it lives, and has drawn
	icon := traytest.NewPanel(t, bus).Shown()
	icon.Click("New session")
	p.Says("new session")
}

func TestThePanelMayRestart(t *testing.T) {
	bus, panel, p := stage(t)
	s := ready()
	s.Login = tray.LoginOn
	p.Show(s)
	panel.Shown()
	for range 3 {
		panel.Close()
		panel = traytest.NewPanel(t, bus)
		icon := panel.Shown()
		icon.Until("the switch as it was", func(m traytest.Entry) bool { e, ok := m.Find("Start at login"); return ok && e.Checked })
		icon.Click("Restart server")
		p.Says("restart")
	}
}

func TestTheIconComesBackWithTheBus(t *testing.T) {
	bus, panel, p := stage(t)
	p.Show(ready())
	panel.Shown().Click("New session")
	p.Says("new session")
	for n := range 3 {
		bus.Kill()
		s := ready()
		s.Version = fmt.Sprint("9.", n) // what changed meanwhile is drawn then
		p.Show(s)
		p.Counts()
		bus.Start()
		icon := traytest.NewPanel(t, bus).Shown()
		icon.Until("the new state", func(m traytest.Entry) bool { return m.Has("Hermes Web UI " + s.Version) })
		icon.Click("Open logs folder")
		p.Says("logs")
	}
}

func TestABusThatComesLateIsFound(t *testing.T) {
	bus := traytest.NewBus(t)
	bus.Kill()
	p := traytest.NewPuppet(t, bus.Address)
	p.Show(ready())
	p.Counts()
	bus.Start()
	traytest.NewPanel(t, bus).Shown().Click("New session")
	p.Says("new session")
}

func TestWithoutABusItEndsInGoodOrder(t *testing.T) {
	bus := traytest.NewBus(t)
	for _, lost := range []bool{false, true} {
		p := traytest.NewPuppet(t, bus.Address)
		p.Show(ready())
		p.Counts()
		if lost {
			bus.Kill()
			p.Show(ready())
			p.Counts()
		}
		if state := p.End(); state.ExitCode() != 0 {
			t.Errorf("ended with %v", state)
		}
	}
	p := traytest.NewPuppet(t, bus.Address) // there was none from the start
	p.Show(ready())
	p.Counts()
	if state := p.End(); state.ExitCode() != 0 {
		t.Errorf("ended with %v", state)
	}
}

func TestNoBusIsStartedWhereThereIsNone(t *testing.T) {
	home := t.TempDir()
	mark := filepath.Join(home, "launched")
	launch := filepath.Join(home, "dbus-launch")
	if err := os.WriteFile(launch, []byte("#!/bin/sh\necho >"+mark+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", home+":"+os.Getenv("PATH"))
	for _, address := range []string{"", "autolaunch:", "unix:path=" + filepath.Join(home, "none")} {
		p := traytest.NewPuppet(t, address)
		want := 0
		if strings.HasPrefix(address, "unix:") {
			p.Show(ready())
			p.Counts()
			if state := p.End(); state.ExitCode() != want {
				t.Errorf("%q: ended with %v", address, state)
			}
		} else if state := p.Ended(); state.ExitCode() != 1 {
			t.Errorf("%q: ended with %v, want 1", address, state)
		}
	}
	if _, err := os.Stat(mark); err == nil {
		t.Error("dbus-launch was called")
	}
}

func TestTheIconGoesWithTheProgram(t *testing.T) {
	bus, panel, p := stage(t)
	p.Show(ready())
	panel.Shown()
	if state := p.End(); state.ExitCode() != 0 {
		t.Errorf("ended with %v", state)
	}
	panel.Gone()
	p = traytest.NewPuppet(t, bus.Address)
	p.Show(ready())
	panel.Shown()
	p.Kill()
	panel.Gone()
}

func TestNothingGrowsWithUse(t *testing.T) {
	_, panel, p := stage(t)
	p.Show(ready())
	icon := panel.Shown()
	round := func(n int) {
		s := ready()
		ask := push
		ask.ID = fmt.Sprint("ask_", n)
		s.Turns, s.Asks = []tray.Turn{{ID: fmt.Sprint("trn_", n), Title: "A session"}}, []tray.Ask{ask}
		p.Show(s)
		icon.Click("Needs you", "Run a command", "Deny")
		p.Says("answer " + ask.ID + " d1 false")
		for _, c := range []struct{ label, call string }{{"Restart server", "restart"}, {"Start at login", "toggle login"}, {"Open Hermes Web UI", "open "}} {
			icon.Click(c.label)
			p.Says(c.call)
		}
		p.Show(ready())
		icon.Until("nothing that waits", func(m traytest.Entry) bool { return m.Has("Ready") && !m.Has("Needs you") })
	}
	for n := range 40 { // until the hidden entries are as many as are kept
		round(n)
	}
	goroutines, files, heap := p.Counts()
	for n := range 300 {
		round(100 + n)
	}
	g, f, h := p.Counts()
	t.Logf("goroutines %d to %d, files %d to %d, heap %d to %d kB", goroutines, g, files, f, heap>>10, h>>10)
	if g > goroutines+5 || f > files || h > heap+heap/2+1<<20 {
		t.Errorf("it grows: goroutines %d to %d, files %d to %d, heap %d to %d", goroutines, g, files, f, heap, h)
	}
}

func TestWhatDoesNotChangeIsNotDrawn(t *testing.T) {
	_, panel, p := stage(t)
	p.Show(ready())
	icon := panel.Shown()
	icon.Click("New session")
	p.Says("new session")
	icon.Until("the entry can be chosen again", func(m traytest.Entry) bool {
		e, _ := m.Find("New session")
		return e.Enabled && m.Has("Health", "Restart agent")
	})
	p.Counts()
	before := panel.MenuSignals()
	for range 20 {
		p.Show(ready())
	}
	p.Counts()
	s := ready()
	s.Version = "2"
	p.Show(s)
	icon.Until("the last state", func(m traytest.Entry) bool { return m.Has("Hermes Web UI 2") })
	if n := panel.MenuSignals() - before; n > 4 { // one change, and what the library still says of the start
		t.Errorf("%d signals for one change", n)
	}
}

func TestAGuestGoesWithItsSessionAndThereIsOne(t *testing.T) {
	const guest = "PUPPET_GUEST=io.github.hermes_webui.Tray_test"
	bus := traytest.NewBus(t)
	panel := traytest.NewPanel(t, bus)
	p := traytest.NewPuppet(t, bus.Address, guest)
	p.Show(ready())
	panel.Shown().Click("New session")
	p.Says("new session")
	second := traytest.NewPuppet(t, bus.Address, guest)
	second.Show(ready())
	second.Ended()
	if n := panel.Icons(); n != 1 {
		t.Errorf("there are %d icons", n)
	}
	bus.Kill()
	bus.Start() // in time
	panel = traytest.NewPanel(t, bus)
	panel.Shown().Click("New session")
	p.Says("new session")
	bus.Kill()
	p.Ended()
}
