package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"hermes-webui/app/wholetest"
	"hermes-webui/server/agent/direct/modeltest"
	"hermes-webui/tray/traytest"
)

// besideServer starts a server as a service does, and a tray for it.
func besideServer(t *testing.T) (d *desktopOf, companion *exec.Cmd, ended <-chan struct{}) {
	t.Helper()
	model, err := modeltest.Start(modeltest.Aside(modeltest.Refuse(400, `{}`), obey))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(model.Close)
	d = &desktopOf{house: &house{t: t, model: model, work: t.TempDir()}, bus: traytest.NewBus(t)}
	d.panel = traytest.NewPanel(t, d.bus)
	d.o = wholetest.Options{
		Dir: filepath.Join(t.TempDir(), "state"),
		Env: []string{"OPENAI_BASE_URL=" + model.URL, "OPENAI_API_KEY=sk-x", "HERMES_WEBUI_DEFAULT_WORKSPACE=" + d.work},
	}
	d.p = wholetest.Start(t, d.o)
	d.o.Addr = d.p.Addr
	bin := t.TempDir()
	d.opened = opener(t, bin)
	companion = exec.Command(wholetest.Build(t, ""), "--tray", "--state-dir", d.p.Dir)
	companion.Env = []string{"HOME=" + t.TempDir(), "PATH=" + bin + ":" + os.Getenv("PATH"), "DBUS_SESSION_BUS_ADDRESS=" + d.bus.Address}
	companion.Stderr = t.Output()
	if err := companion.Start(); err != nil {
		t.Fatal(err)
	}
	over := make(chan struct{})
	go func() { _ = companion.Wait(); close(over) }()
	t.Cleanup(func() { _ = companion.Process.Kill(); <-over })
	d.icon = d.panel.Shown()
	return d, companion, over
}

func TestATrayForARunningServer(t *testing.T) {
	d, companion, ended := besideServer(t)
	m := d.icon.Until("ready", has("Ready"))
	if m.Has("Quit (stops the server)") || !m.Has("Stop server") {
		t.Errorf("the menu is %q", m.Labels())
	}
	d.icon.Click("Open Hermes Web UI")
	d.wantOpened(d.p.URL)

	messages := traytest.NewMessages(t, d.bus)
	s := d.p.Session("direct", "")
	turn := d.sendIn(s, shell("touch allowed"))
	ask := d.next(s, turn)
	m1 := messages.Next()
	if !strings.HasSuffix(m1.Title, " needs you") || m1.Text != ask.Title {
		t.Errorf("the message is %+v", m1)
	}
	messages.Click(m1.ID)
	d.wantOpened(d.p.URL + "/s/" + string(s))
	d.icon.Click("Needs you", ask.Title, "Allow once")
	d.p.Ended(s, turn)
	if gone := messages.Removed(); gone != m1.ID {
		t.Errorf("message %d was removed, not %d", gone, m1.ID)
	}
	if !d.there("allowed") {
		t.Error("what was allowed was not done")
	}
	d.icon.Click("Restart server")
	d.icon.Until("ready again", func(m traytest.Entry) bool { e, _ := m.Find("Restart server"); return m.Has("Ready") && e.Enabled })

	d.icon.Click("Close tray (the server keeps running)")
	select {
	case <-ended:
	case <-time.After(60 * time.Second):
		t.Fatal("the tray goes on")
	}
	if code := companion.ProcessState.ExitCode(); code != 0 {
		t.Errorf("the tray ended with %d", code)
	}
	d.panel.Gone()
	d.p.Do(200, "GET", "/api/sessions", nil)
}

func TestATrayComesBackToItsServer(t *testing.T) {
	d, _, _ := besideServer(t)
	d.icon.Until("ready", has("Ready"))
	d.p.Kill()
	d.icon.Until("a server that is away", has("Restarting…"))
	d.p = wholetest.Start(t, d.o)
	d.icon.Until("ready", has("Ready"))
	d.icon.Click("Stop server")
	select {
	case <-d.p.Done():
	case <-time.After(60 * time.Second):
		t.Fatal("the server goes on")
	}
}

func TestATrayHearsWhatHappenedWhileItWasAway(t *testing.T) {
	d, companion, _ := besideServer(t)
	d.icon.Until("ready", has("Ready"))
	messages := traytest.NewMessages(t, d.bus)
	s := d.p.Session("direct", "")
	turn := d.sendIn(s, shell("touch allowed"))
	d.next(s, turn)
	m := messages.Next()

	sent := func(sig syscall.Signal) {
		t.Helper()
		if err := companion.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
	}
	sent(syscall.SIGSTOP)
	d.p.Kill()
	d.p = wholetest.Start(t, d.o)
	d.answer(d.asked(s), "once")
	d.p.Ended(s, turn)
	sent(syscall.SIGCONT)

	if gone := messages.Removed(); gone != m.ID {
		t.Errorf("message %d was removed, not %d", gone, m.ID)
	}
	d.icon.Until("ready", has("Ready"))
}
