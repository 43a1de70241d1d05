package main_test

import (
	"bufio"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"hermes-webui/app/wholetest"
	"hermes-webui/server/agent/direct/modeltest"
	"hermes-webui/server/chat"
	"hermes-webui/tray/traytest"
)

// desktopOf is the program with its tray, a panel, and whatever opens the browser.
type desktopOf struct {
	*house
	bus    *traytest.Bus
	panel  *traytest.Panel
	icon   *traytest.Icon
	opened <-chan string
}

// onDesktop starts the program as at login, with a model that answers so.
func onDesktop(t *testing.T, answer func(modeltest.Request) modeltest.Script) *desktopOf {
	t.Helper()
	model, err := modeltest.Start(modeltest.Aside(modeltest.Refuse(400, `{}`), answer))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(model.Close)
	d := &desktopOf{house: &house{t: t, model: model, work: t.TempDir()}, bus: traytest.NewBus(t)}
	d.panel = traytest.NewPanel(t, d.bus)
	bin := t.TempDir()
	d.opened = opener(t, bin)
	d.o = wholetest.Options{
		Dir: filepath.Join(t.TempDir(), "state"), Mode: "--tray",
		Env: []string{
			"OPENAI_BASE_URL=" + model.URL, "OPENAI_API_KEY=sk-x", "HERMES_WEBUI_DEFAULT_WORKSPACE=" + d.work,
			"DBUS_SESSION_BUS_ADDRESS=" + d.bus.Address, "PATH=" + bin + ":" + os.Getenv("PATH"),
		},
	}
	d.p = wholetest.Start(t, d.o)
	d.o.Addr = d.p.Addr
	d.icon = d.panel.Shown()
	return d
}

// opener puts a program into a folder that says what it is to open.
func opener(t *testing.T, dir string) <-chan string {
	t.Helper()
	pipe := filepath.Join(dir, "opened")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	script := "#!/bin/sh\necho \"$1\" >" + pipe + "\n"
	if err := os.WriteFile(filepath.Join(dir, "xdg-open"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(pipe, os.O_RDWR, 0) // for writing too: it never ends
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	opened := make(chan string, 64)
	go func() {
		for s := bufio.NewScanner(f); s.Scan(); {
			opened <- s.Text()
		}
	}()
	return opened
}

func (d *desktopOf) wantOpened(want string) {
	d.t.Helper()
	select {
	case got := <-d.opened:
		if got != want {
			d.t.Fatalf("opened %q, want %q", got, want)
		}
	case <-time.After(60 * time.Second):
		d.t.Fatalf("%s was not opened", want)
	}
}

func has(labels ...string) func(traytest.Entry) bool {
	return func(m traytest.Entry) bool { return m.Has(labels...) }
}

func TestTheTrayOpensThePage(t *testing.T) {
	d := onDesktop(t, obey)
	d.icon.Until("ready", has("Ready"))
	d.icon.Click("Open Hermes Web UI")
	d.wantOpened(d.p.URL)
	d.icon.Click("New session")
	d.wantOpened(d.p.URL + "/")
	d.icon.Click("Health", "Open diagnostics")
	d.wantOpened(d.p.URL + "/settings/health")
	d.icon.Click("Open logs folder")
	d.wantOpened(d.p.Dir)
	d.icon.Activate()
	d.wantOpened(d.p.URL)
}

func TestAnAskIsAnsweredInTheTray(t *testing.T) {
	d := onDesktop(t, obey)
	messages := traytest.NewMessages(t, d.bus)
	s := d.p.Session("direct", "")
	allowed := d.sendIn(s, shell("touch allowed"))
	d.icon.Until("an ask", has("1 needs you"))
	m := messages.Next()
	if !strings.HasSuffix(m.Title, " needs you") {
		t.Errorf("the message is %+v", m)
	}
	messages.Click(m.ID)
	d.wantOpened(d.p.URL + "/s/" + string(s))

	ask := d.next(s, allowed)
	entry, _ := d.icon.Until("its entry", has("Needs you", ask.Title, "Deny")).Find("Needs you", ask.Title)
	if !entry.Has("touch allowed") || !entry.Has("Allow once") || !entry.Has("Open") {
		t.Errorf("the entry has %q", entry.Labels())
	}
	d.icon.Click("Needs you", ask.Title, "Allow once")
	d.p.Ended(s, allowed)
	if !d.there("allowed") {
		t.Error("what was allowed was not done")
	}
	if gone := messages.Removed(); gone != m.ID {
		t.Errorf("message %d was removed, not %d", gone, m.ID)
	}
	d.icon.Until("nothing that waits", func(m traytest.Entry) bool { return !m.Has("Needs you") })

	denied := d.sendIn(s, shell("touch denied"))
	ask = d.next(s, denied)
	d.icon.Click("Needs you", ask.Title, "Deny")
	d.p.Ended(s, denied)
	if d.there("denied") {
		t.Error("what was denied was done")
	}

	long := d.sendIn(s, shell("touch "+strings.Repeat("x", 80)))
	ask = d.next(s, long)
	entry, _ = d.icon.Until("its entry", has("Needs you", ask.Title, "Deny")).Find("Needs you", ask.Title)
	if entry.Has("Allow once") {
		t.Error("a command that cannot be read whole can be allowed")
	}
	d.icon.ClickID(entry.ID) // the heading does nothing
	d.icon.Click("Needs you", ask.Title, "Deny")
	d.p.Ended(s, long)
}

func TestATurnIsStoppedInTheTray(t *testing.T) {
	d := onDesktop(t, modeltest.Always(modeltest.Script{Tokens: slices.Repeat([]string{"word "}, 5000), Gap: 10 * time.Millisecond}))
	s := d.p.Session("direct", "")
	turn := d.p.Send(s, "talk")
	running, _ := d.icon.Until("a running turn", func(m traytest.Entry) bool {
		r, ok := m.Find("Running")
		return ok && m.Has("1 running") && len(r.Entries) == 1 && r.Entries[0].Has("Stop")
	}).Find("Running")
	d.icon.Click("Running", running.Entries[0].Label, "Open")
	d.wantOpened(d.p.URL + "/s/" + string(s))
	d.icon.Click("Running", running.Entries[0].Label, "Stop")
	if got := d.p.Ended(s, turn); got.State != chat.Stopped {
		t.Errorf("the turn ended as %s", got.State)
	}
	d.icon.Until("ready", has("Ready"))
}

func TestRestartServerInterruptsNothing(t *testing.T) {
	words := slices.Repeat([]string{"a ", "bc ", "def "}, 300)
	d := onDesktop(t, modeltest.Always(modeltest.Script{Tokens: words, Gap: 3 * time.Millisecond}))
	s := d.p.Session("direct", "")
	w := d.p.Watch(t.Context(), s)
	defer w.Close()
	stop, refused := make(chan struct{}), make(chan error, 1)
	go func() {
		defer close(refused)
		for fresh := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}); ; {
			select {
			case <-stop:
				return
			default:
			}
			r, err := fresh.Get(d.p.URL + "/health")
			if err != nil {
				refused <- err
				return
			}
			_ = r.Body.Close()
		}
	}()
	turn := d.p.Send(s, "talk")
	for n := range 3 {
		begin := time.Now()
		d.icon.Click("Restart server")
		d.icon.Until("a server that can be restarted", func(m traytest.Entry) bool {
			e, _ := m.Find("Restart server")
			return e.Enabled && strings.Count(d.p.Log(), "front restarted") > n
		})
		t.Logf("restarted within %v", time.Since(begin))
	}
	got := d.p.Ended(s, turn)
	w.Until(func(f *chat.Fold) bool {
		return slices.ContainsFunc(f.Turns, func(t *chat.Turn) bool { return t.ID == turn && t.State.Ended() })
	})
	close(stop)
	if err := <-refused; err != nil {
		t.Errorf("a connection failed: %v", err)
	}
	if wholetest.TextOf(got) != strings.Join(words, "") {
		t.Error("the answer is not what the model said")
	}
	w.See(func(f *chat.Fold) {
		if a, b := wholetest.Shown(t, f.Snapshot), wholetest.Shown(t, d.p.Snapshot(s)); a != b {
			t.Error("who followed across the restarts sees something else than who comes now")
		}
	})
	ids := w.IDs()
	slices.Sort(ids)
	if len(slices.Compact(ids)) != len(w.IDs()) {
		t.Error("an event came twice")
	}
	if w.Connections() < 2 {
		t.Error("no stream was cut: nothing was tried")
	}
}

func TestQuitInTheTrayEndsTheProgram(t *testing.T) {
	d := onDesktop(t, obey)
	d.icon.Click("Quit (stops the server)")
	select {
	case <-d.p.Done():
	case <-time.After(60 * time.Second):
		t.Fatal("it goes on")
	}
	if code := d.p.ExitCode(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	d.panel.Gone()
}

func TestTheSwitchInTheTrayIsThatOfThePage(t *testing.T) {
	d := onDesktop(t, obey)
	entry := func() traytest.Entry {
		e, _ := d.icon.Menu().Find("Start at login")
		return e
	}
	d.icon.Until("the switch", has("Start at login"))
	if entry().Checked {
		t.Fatal("it is on though nobody turned it on")
	}
	d.icon.Click("Start at login")
	d.icon.Until("on", func(m traytest.Entry) bool { e, _ := m.Find("Start at login"); return e.Checked })
	var page struct{ State string }
	d.p.Do(200, "GET", "/api/system/autostart", nil).Into(t, &page)
	if page.State != "on" {
		t.Errorf("the page says %q", page.State)
	}
	d.p.Do(200, "PUT", "/api/system/autostart", map[string]any{"on": false})
	d.icon.Until("off", func(m traytest.Entry) bool { e, ok := m.Find("Start at login"); return ok && !e.Checked })
}

func TestALogoutLeavesTheServer(t *testing.T) {
	d := onDesktop(t, obey)
	d.bus.Kill()
	d.p.Do(200, "GET", "/api/sessions", nil)
	d.bus.Start() // the next login
	d.panel = traytest.NewPanel(t, d.bus)
	d.icon = d.panel.Shown()
	d.icon.Click("New session")
	d.wantOpened(d.p.URL + "/")
	if code := d.p.Stop(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}
