//go:build linux

package tray_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"hermes-webui/tray"
	"hermes-webui/tray/traytest"
)

func TestMain(m *testing.M) {
	code := m.Run()
	traytest.Discard()
	os.Exit(code)
}

// stage is a bus, a panel on it, and a program with a tray.
func stage(t *testing.T) (*traytest.Bus, *traytest.Panel, *traytest.Puppet) {
	t.Helper()
	bus := traytest.NewBus(t)
	return bus, traytest.NewPanel(t, bus), traytest.NewPuppet(t, bus.Address)
}

var (
	push    = tray.Ask{ID: "ask_1", Digest: "d1", Title: "Run a command", Command: "git push origin main", Allow: true, Deny: true, Path: "/s/1"}
	erase   = tray.Ask{ID: "ask_2", Digest: "d2", Title: "Delete files", Command: "rm -rf build", Danger: true, Allow: true, Deny: true, Path: "/s/2"}
	reading = tray.Turn{ID: "trn_1", Title: "my_file & others", Path: "/s/1"}
)

func ready() tray.State {
	return tray.State{Phase: tray.Ready, Address: "http://127.0.0.1:8787", Login: tray.LoginOff, Version: "1.2.3", Details: "/settings/health",
		Checks: []tray.Check{{Name: "Database", Well: true, Word: "fine"}}}
}

func TestEveryEntryOfTheMenuDoesWhatItSays(t *testing.T) {
	_, panel, p := stage(t)
	s := ready()
	s.Turns, s.Asks = []tray.Turn{reading}, []tray.Ask{push, erase}
	p.Show(s)
	icon := panel.Shown()
	menu := icon.Until("all entries", func(m traytest.Entry) bool { return m.Has("Needs you", "Run a command", "Allow once") })
	want := []string{"Open Hermes Web UI", "2 need you", "Needs you", "Running", "-", "New session", "Restart server", "Health", "-",
		"Start at login", "Open logs folder", "Hermes Web UI 1.2.3", "-", "Quit (stops the server)"}
	if got := menu.Labels(); !slices.Equal(got, want) {
		t.Fatalf("the menu is %q, want %q", got, want)
	}
	for _, one := range []struct{ path, call string }{
		{"Open Hermes Web UI", "open "},
		{"New session", "new session"},
		{"Restart server", "restart"},
		{"Health > Open diagnostics", "open /settings/health"},
		{"Start at login", "toggle login"},
		{"Open logs folder", "logs"},
		{"Running > my_file & others > Open", "open /s/1"},
		{"Running > my_file & others > Stop", "stop trn_1"},
		{"Needs you > Run a command > Allow once", "answer ask_1 d1 true"},
		{"Needs you > Run a command > Deny", "answer ask_1 d1 false"},
		{"Needs you > Run a command > Open", "open /s/1"},
		{"Needs you > Delete files > Deny", "answer ask_2 d2 false"},
		{"Needs you > Delete files > Open", "open /s/2"},
	} {
		icon.Click(strings.Split(one.path, " > ")...)
		p.Says(one.call)
	}
	icon.Activate()
	p.Says("open ")
	icon.Click("Health", "Restart agent")
	icon.Click("Health", "Really restart? 1 turn still runs")
	p.Says("restart agent")
	if id, title := icon.Property("Id"), icon.Property("Title"); id != "Hermes Web UI" || title != id {
		t.Errorf("panels know the icon as %v, %v", id, title)
	}
}

func TestTheTrayOfAServiceEndsAlone(t *testing.T) {
	_, panel, p := stage(t)
	s := ready()
	s.Service = true
	p.Show(s)
	icon := panel.Shown()
	m := icon.Until("entries of a service", func(m traytest.Entry) bool { return m.Has("Stop server") })
	if m.Has("Quit (stops the server)") {
		t.Error("Quit is there too")
	}
	icon.Click("Close tray (the server keeps running)")
	p.Says("close tray")
	icon.Click("Stop server")
	p.Says("quit")
}

func TestQuitAsksWhileTurnsRun(t *testing.T) {
	_, panel, p := stage(t)
	s := ready()
	s.Turns = []tray.Turn{reading}
	p.Show(s)
	icon := panel.Shown()
	icon.Click("Quit (stops the server)")
	icon.Until("the question", func(m traytest.Entry) bool { return m.Has("Really stop? 1 turn still runs") })

	p.Show(ready()) // it ended meanwhile: nothing is asked any more
	icon.Until("no question", func(m traytest.Entry) bool { return m.Has("Quit (stops the server)") })
	p.Show(s)
	icon.Until("a running turn", func(m traytest.Entry) bool { return m.Has("1 running") })
	icon.Click("Quit (stops the server)")
	icon.Click("Really stop? 1 turn still runs")
	p.Says("quit")
}

func TestAnEntryBelongsToOneAskForItsWholeLife(t *testing.T) {
	_, panel, p := stage(t)
	s := ready()
	s.Asks = []tray.Ask{push}
	p.Show(s)
	icon := panel.Shown()
	old, _ := icon.Until("the ask", func(m traytest.Entry) bool { return m.Has("Needs you", "Run a command", "Allow once") }).
		Find("Needs you", "Run a command", "Allow once")

	other := push
	other.Command, other.Digest = "git push --force", "d9" // same id, another text
	s.Asks = []tray.Ask{other}
	p.Show(s)
	fresh, _ := icon.Until("the other ask", func(m traytest.Entry) bool {
		return m.Has("Needs you", "Run a command", "git push --force") && m.Has("Needs you", "Run a command", "Deny")
	}).Find("Needs you", "Run a command", "Deny")
	if fresh.ID == old.ID {
		t.Fatal("the entry of an ask was given to another")
	}
	icon.ClickID(old.ID) // a panel that was slow: nothing is asked any more
	icon.ClickID(fresh.ID)
	p.Says("answer ask_1 d9 false")
}

func TestOnlyWhatCanBeReadWholeCanBeAllowed(t *testing.T) {
	_, panel, p := stage(t)
	s := ready()
	var last int32
	for i, c := range []struct {
		change func(*tray.Ask)
		allow  bool
	}{
		{func(a *tray.Ask) {}, true},
		{func(a *tray.Ask) { a.Command = strings.Repeat("x", 80) }, true},
		{func(a *tray.Ask) { a.Command = strings.Repeat("x", 81) }, false},
		{func(a *tray.Ask) { a.Danger = true }, false},
		{func(a *tray.Ask) { a.More = true }, false},
		{func(a *tray.Ask) { a.Allow = false }, false},
		{func(a *tray.Ask) { a.Why = "It was asked for" }, true},
		{func(a *tray.Ask) { a.Why = strings.Repeat("y", 81) }, false},
		{func(a *tray.Ask) { a.Title = strings.Repeat("t", 61) }, false},
		{func(a *tray.Ask) { a.Command = "echo a\nrm b" }, false},
		{func(a *tray.Ask) { a.Command = "echo \u202egnp.exe" }, false},
		{func(a *tray.Ask) { a.Command = "echo a\u200bb" }, false},
		{func(a *tray.Ask) { a.Command, a.Title = "", "Use the browser" }, true},
		{func(a *tray.Ask) { a.Command, a.Title = "", "" }, false},
	} {
		a := push
		a.ID, a.Digest = fmt.Sprint("ask_", i), fmt.Sprint("d", i)
		c.change(&a)
		s.Asks = []tray.Ask{a}
		p.Show(s)
		var e traytest.Entry
		panel.Shown().Until("the ask alone", func(m traytest.Entry) bool {
			needs, ok := m.Find("Needs you")
			if !ok || len(needs.Entries) != 1 || needs.Entries[0].ID == last {
				return false
			}
			e = needs.Entries[0]
			return e.Has("Open") && e.Has("Deny") // the last one
		})
		last = e.ID
		if e.Has("Allow once") != c.allow {
			t.Errorf("ask %d (%q): can be allowed: %v, want %v", i, a.Command, !c.allow, c.allow)
		}
	}
}

func TestLabelsSayWhatTheySeemToSay(t *testing.T) {
	_, panel, p := stage(t)
	s := ready()
	s.Turns = []tray.Turn{
		{ID: "1", Title: "a_b__c"}, {ID: "2", Title: "two\nlines\tand\x00\x1b[31m"}, {ID: "3", Title: "\u202eabc\u2066"},
		{ID: "4", Title: strings.Repeat("w", 200)}, {ID: "5", Title: "bad \xff"}, {ID: "6"},
	}
	p.Show(s)
	m := panel.Shown().Until("the turns", func(m traytest.Entry) bool { return m.Has("Running", "Untitled session", "Stop") })
	running, _ := m.Find("Running")
	want := []string{"a_b__c", "two lines and [31m", "abc", strings.Repeat("w", 59) + "…", "bad �", "Untitled session"}
	if got := running.Labels(); !slices.Equal(got, want) {
		t.Errorf("labels are %q, want %q", got, want)
	}
}

func TestTheSwitchShowsWhatIsTrue(t *testing.T) {
	_, panel, p := stage(t)
	s := ready()
	for _, c := range []struct {
		login   tray.Login
		label   string
		checked bool
	}{
		{tray.LoginOn, "Start at login", true},
		{tray.LoginStale, "Start at login (of another copy, choose to mend)", false},
		{tray.LoginDesktop, "Start at login (turned off by the desktop)", false},
		{tray.LoginOff, "Start at login", false},
	} {
		s.Login = c.login
		p.Show(s)
		panel.Shown().Until(string(c.login), func(m traytest.Entry) bool {
			e, ok := m.Find(c.label)
			return ok && e.Checkbox && e.Checked == c.checked
		})
	}
}

func TestARefusedAnswerIsSaid(t *testing.T) {
	bus, panel, p := stage(t)
	desk := traytest.NewMessages(t, bus)
	p.Refuse("This is not the question that you were shown.")
	s := ready()
	s.Asks = []tray.Ask{push}
	p.Show(s)
	icon := panel.Shown()
	icon.Click("Needs you", "Run a command", "Allow once")
	p.Says("answer ask_1 d1 true")
	if got := desk.Next(); got.Title != "That was not done" || got.Text != "This is not the question that you were shown." {
		t.Errorf("the message is %+v", got)
	}
	icon.Click("Needs you", "Run a command", "Allow once") // it can be chosen again
	p.Says("answer ask_1 d1 true")
}

func TestAMessageOpensWhatItIsAbout(t *testing.T) {
	bus, panel, p := stage(t)
	desk := traytest.NewMessages(t, bus)
	p.Show(ready())
	panel.Shown()
	p.Notify(tray.Notice{Key: "ask_1", Title: "Needs you", Text: "<b>rm</b> & more", Path: "/s/1"})
	first := desk.Next()
	if first.Text != "&lt;b&gt;rm&lt;/b&gt; &amp; more" || !slices.Contains(first.Actions, "default") {
		t.Fatalf("the message is %+v", first)
	}
	desk.Click(first.ID)
	p.Says("open /s/1")
	p.Notify(tray.Notice{Key: "ask_1", Title: "Still", Path: "/s/2"})
	second := desk.Next()
	if second.Replaces != first.ID {
		t.Errorf("the second message took the place of %d, not of %d", second.Replaces, first.ID)
	}
	p.Notify(tray.Notice{Key: "ask_1"})
	if gone := desk.Removed(); gone != second.ID {
		t.Errorf("message %d was removed, not %d", gone, second.ID)
	}
}
