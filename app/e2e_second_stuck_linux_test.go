package main_test

import (
	"fmt"
	"os"
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
	end := fmt.Sprintf("kill -9 %d", holderOf(t, first.Dir).PID)
	for _, flag := range []string{"--desktop", "--tray"} {
		code, said := s.again(first, "second", flag)
		if code != 75 {
			t.Errorf("%s: exit %d: %s", flag, code, said)
		}
		wantAll(t, said, "does not answer", end, first.Dir)
		m := messages.Next()
		wantAll(t, m.Title+" "+m.Text, "did not start", "does not answer", end, first.Dir)
		if len(m.Actions) != 0 {
			t.Errorf("%s: a click is offered that nobody hears: %q", flag, m.Actions)
		}
	}
	signal(t, first, syscall.SIGCONT)
	first.Do(200, "GET", "/api/sessions", nil)
	wantOpened(t, s.opened(1)[:1], "first "+first.URL+"/")
}

// Beside a service that hangs a tray is shown too: it says how the server is, and
// that it answers again. No page is opened that would not come.
func TestATrayBesideAServiceThatHangsWaitsForIt(t *testing.T) {
	for _, flag := range []string{"--desktop", "--tray"} {
		t.Run(flag, func(t *testing.T) {
			s := newScreen(t)
			bus := traytest.NewBus(t)
			s.bus = bus.Address
			messages := traytest.NewMessages(t, bus)
			panel := traytest.NewPanel(t, bus)
			service := wholetest.Start(t, wholetest.Options{Env: s.env("service")})
			pid := holderOf(t, service.Dir).PID
			signal(t, service, syscall.SIGSTOP)
			second := wholetest.Launch(t, wholetest.Options{Mode: flag, Dir: service.Dir, Env: s.env("second")})
			m := messages.Next()
			wantAll(t, m.Title+" "+m.Text, "did not start", "does not answer", fmt.Sprintf("kill -9 %d", pid))
			icon := panel.Shown()
			hangs := has(fmt.Sprintf("Not answering: process %d says nothing", pid))
			icon.Until("a server that hangs", hangs)
			signal(t, service, syscall.SIGCONT)
			icon.Until("a server that answers", has("Agent missing: install one, or connect a model"))
			if b, err := os.ReadFile(s.note); err == nil {
				t.Errorf("the browser opened %q", b)
			}
			icon.Click("Close tray (the server keeps running)")
			<-second.Done()
			service.Do(200, "GET", "/health", nil)
		})
	}
}

// One that is about to end is waited for: then the second start serves.
func TestAStartWaitsForTheEndOfAServerThatHangs(t *testing.T) {
	s := newScreen(t)
	first := wholetest.Start(t, wholetest.Options{Env: s.env("first")})
	signal(t, first, syscall.SIGSTOP)
	second := wholetest.Launch(t, wholetest.Options{Mode: "--desktop", Dir: first.Dir, Env: s.env("second"), Args: []string{"--log-level", "debug"}})
	logs(t, second, "asking the server that runs already")
	first.Kill()
	if got := s.opened(1); got[0] != "second "+second.URL+"/" {
		t.Errorf("the browser opened %q", got)
	}
}
