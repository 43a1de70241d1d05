package main_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"hermes-webui/server/agent/direct/modeltest"
	"hermes-webui/tray/traytest"
)

// cyclesOfTray is how often the test below does everything.
const cyclesOfTray = 300

func TestRestartToggleAndOpenLeaveNothingBehind(t *testing.T) {
	d := onDesktop(t, modeltest.Always(modeltest.Say("hello")))
	on := false
	cycle := func() {
		before := strings.Count(d.p.Log(), "front restarted")
		d.icon.Click("Restart server")
		d.icon.Until("a server that can be restarted", func(m traytest.Entry) bool {
			e, _ := m.Find("Restart server")
			return e.Enabled && strings.Count(d.p.Log(), "front restarted") > before
		})
		d.icon.Click("Start at login")
		on = !on
		d.icon.Until("the switch", func(m traytest.Entry) bool { e, _ := m.Find("Start at login"); return e.Checked == on && e.Enabled })
		d.icon.Click("Open Hermes Web UI")
		d.wantOpened(d.p.URL)
	}
	for range 30 {
		cycle()
	}
	files, goroutines, before := d.held()
	for range cyclesOfTray {
		cycle()
	}
	var f, g int
	var after int64
	until(t, "an end of what comes and goes", func() bool { // a connection of the pool, a child that is being started
		f, g, after = d.held()
		return f <= files+3
	})
	t.Logf("descriptors %d to %d, goroutines %d to %d, memory %d to %d kB", files, f, goroutines, g, before>>10, after>>10)
	if g > goroutines+5 || after > before+8<<20 {
		t.Errorf("it grows: descriptors %d to %d, goroutines %d to %d, memory %d to %d kB", files, f, goroutines, g, before>>10, after>>10)
	}
}

// held counts what the program holds.
func (d *desktopOf) held() (files, goroutines int, memory int64) {
	d.t.Helper()
	list, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", d.p.Pid()))
	if err != nil {
		d.t.Fatal(err)
	}
	for line := range strings.Lines(string(d.p.Do(200, "GET", "/metrics", nil).Body)) {
		if n, err := fmt.Sscanf(line, "go_goroutines %d", &goroutines); n == 1 && err == nil {
			break
		}
	}
	memory, err = d.p.RSS()
	if err != nil {
		d.t.Fatal(err)
	}
	return len(list), goroutines, memory
}
