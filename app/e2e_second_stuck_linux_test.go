package main_test

import (
	"syscall"
	"testing"

	"hermes-webui/app/wholetest"
	"hermes-webui/tray/traytest"
)

// The owner of the state folder hangs: nobody takes the folder from it, and the
// person who starts the program from a menu is told why nothing comes.
func TestBesideAServerThatHangsAPersonIsTold(t *testing.T) {
	s := newScreen(t)
	bus := traytest.NewBus(t)
	s.bus = bus.Address
	messages := traytest.NewMessages(t, bus)
	first := wholetest.Start(t, wholetest.Options{Mode: "--desktop", Env: s.env("first")})
	wantOpened(t, s.opened(1), "first "+first.URL+"/")
	signal(t, first, syscall.SIGSTOP)
	code, said := s.again(first, "second", "--desktop")
	if code != 75 {
		t.Errorf("exit %d: %s", code, said)
	}
	m := messages.Next()
	wantAll(t, m.Title+" "+m.Text, "did not start", "does not answer", first.Dir)
	if len(m.Actions) != 0 {
		t.Errorf("a click is offered that nobody hears: %q", m.Actions)
	}
	signal(t, first, syscall.SIGCONT)
	first.Do(200, "GET", "/api/sessions", nil)
	wantOpened(t, s.opened(1)[:1], "first "+first.URL+"/")
}
