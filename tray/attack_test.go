//go:build linux

package tray_test

import (
	"fmt"
	"testing"

	"hermes-webui/tray"
	"hermes-webui/tray/traytest"
)

// Whoever clicks faster than anything is done, and in entries that cannot be
// chosen, gets a tray that works afterwards.
func TestAFloodOfClicksIsSurvived(t *testing.T) {
	_, panel, p := stage(t)
	s := ready()
	for i := range 1000 {
		s.Asks = append(s.Asks, tray.Ask{ID: fmt.Sprint("ask_", i), Digest: "d", Title: "Run a command", Command: "true", Allow: true, Deny: true, Path: "/s/1"})
	}
	s.Turns = []tray.Turn{reading}
	p.Show(s)
	icon := panel.Shown()
	m := icon.Until("what waits", func(m traytest.Entry) bool {
		return m.Has("1000 need you") && m.Has("Needs you", "988 more, in the page")
	})
	restart, _ := m.Find("Restart server")
	line, _ := m.Find("1000 need you")
	for range 300 {
		icon.ClickID(restart.ID)
		icon.ClickID(line.ID)
		icon.ClickID(1 << 20)
	}
	icon.Click("New session")
	for n := 0; ; n++ {
		said := p.Said()
		if said == "new session" {
			break
		}
		if said != "restart" || n > 300 {
			t.Fatalf("called %q after %d others", said, n)
		}
	}
}

// A panel that dies while something is chosen takes nothing with it, and nothing
// is done twice.
func TestAPanelMayDieDuringAClick(t *testing.T) {
	bus, panel, p := stage(t)
	p.Show(ready())
	icon := panel.Shown()
	for range 10 {
		entry, _ := icon.Until("the entry", func(m traytest.Entry) bool { e, _ := m.Find("New session"); return e.Enabled }).Find("New session")
		clicked := make(chan struct{})
		go func() { icon.ClickID(entry.ID); close(clicked) }()
		panel.Close()
		<-clicked
		panel = traytest.NewPanel(t, bus)
		icon = panel.Shown()
		icon.Click("Restart server")
		done := 0
		for said := p.Said(); said != "restart"; said = p.Said() {
			if done++; said != "new session" || done > 1 {
				t.Fatalf("called %q, %d", said, done)
			}
		}
	}
}
