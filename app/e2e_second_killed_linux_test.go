package main_test

import (
	"syscall"
	"testing"
	"time"

	"hermes-webui/app/wholetest"
	"hermes-webui/tray/traytest"
)

// Of many starts at once the one that serves is killed: none of the others gives
// up, and in the end there is one server with one tray.
func TestManyStartsOutliveTheOneThatServes(t *testing.T) {
	s := newScreen(t)
	bus := traytest.NewBus(t)
	s.bus = bus.Address
	panel := traytest.NewPanel(t, bus)
	first := wholetest.Launch(t, wholetest.Options{Mode: "--desktop", Env: s.env("one")})
	all := []*wholetest.Program{first}
	start := func() {
		all = append(all, wholetest.Launch(t, wholetest.Options{Mode: "--desktop", Dir: first.Dir, Env: s.env("one")}))
	}
	for range 11 {
		start()
	}
	killed := 0
	for end := time.Now().Add(30 * time.Second); killed == 0; time.Sleep(time.Millisecond) { // another process: nothing to wait on
		if o, err := ownerOf(first.Dir); err == nil && syscall.Kill(o.PID, syscall.SIGKILL) == nil {
			killed = o.PID
		}
		if time.Now().After(end) {
			t.Fatal("nobody serves")
		}
	}
	wantLiving(t, all, 1) // or none: all others may have been helped already
	start()
	wantLiving(t, all, 1)
	if last := all[len(all)-1]; !over(last) {
		last.Ready()
	}
	for _, p := range all {
		if over(p) && p.Pid() != killed && p.ExitCode() != 0 {
			t.Errorf("exit %d: %s", p.ExitCode(), p.Log())
		}
	}
	panel.Shown().Until("the menu of the server", has("Quit (stops the server)"))
	if n := panel.Icons(); n != 1 {
		t.Errorf("there are %d icons", n)
	}
	wantWell(t, holderOf(t, first.Dir).Address)
}

func over(p *wholetest.Program) bool {
	select {
	case <-p.Done():
		return true
	default:
		return false
	}
}

// wantLiving waits until no more programs are left.
func wantLiving(t *testing.T, all []*wholetest.Program, most int) {
	t.Helper()
	for end := time.Now().Add(60 * time.Second); ; time.Sleep(5 * time.Millisecond) { // many may end first
		living := 0
		for _, p := range all {
			if !over(p) {
				living++
			}
		}
		if living <= most {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d go on", living)
		}
	}
}
