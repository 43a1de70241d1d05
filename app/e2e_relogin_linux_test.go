package main_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"hermes-webui/app/wholetest"
	"hermes-webui/tray/traytest"
)

// starts begins the program once more, on a bus; ended is closed at its end.
func (d *desktopOf) starts(bus *traytest.Bus) (cmd *exec.Cmd, ended chan struct{}) {
	d.t.Helper()
	cmd = exec.Command(wholetest.Build(d.t, ""), "--tray", "--state-dir", d.p.Dir)
	cmd.Env = []string{"HOME=" + d.t.TempDir(), "PATH=" + os.Getenv("PATH"), "DBUS_SESSION_BUS_ADDRESS=" + bus.Address}
	cmd.Stderr = d.t.Output()
	if err := cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	ended = make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	d.t.Cleanup(func() { _ = cmd.Process.Kill(); <-ended })
	return cmd, ended
}

func (d *desktopOf) wantEnd(what string, ended <-chan struct{}) {
	d.t.Helper()
	select {
	case <-ended:
	case <-time.After(30 * time.Second):
		d.t.Fatalf("%s goes on", what)
	}
}

// Whoever logs in to a session with another bus has a tray there too.
func TestASecondLoginHasATray(t *testing.T) {
	d := onDesktop(t, nil)
	d.bus.Kill() // the logout
	other := traytest.NewBus(t)
	panel := traytest.NewPanel(t, other)
	_, ended := d.starts(other)
	icon := panel.Shown()
	icon.Until("ready", has("Ready"))
	d.p.Do(200, "GET", "/api/sessions", nil)
	select {
	case <-ended:
		t.Fatal("the tray of the second login has ended")
	default:
	}

	_, third := d.starts(other)
	d.wantEnd("a third start in the same session", third)
	if n := panel.Icons(); n != 1 {
		t.Errorf("there are %d icons", n)
	}
	icon.Click("Close tray (the server keeps running)")
	d.wantEnd("the tray", ended)
	d.p.Do(200, "GET", "/api/sessions", nil)
}

// A server that comes with a tray of its own takes the place of one that was
// shown for it.
func TestTheServersOwnTrayComesFirst(t *testing.T) {
	d, _, ended := besideServer(t)
	d.icon.Until("ready", has("Ready"))
	d.p.Stop()
	o := d.o
	o.Mode = "--tray"
	o.Env = append(slices.Clone(o.Env), "DBUS_SESSION_BUS_ADDRESS="+d.bus.Address)
	d.p = wholetest.Start(t, o)
	d.wantEnd("the tray of the other process", ended)
	d.panel.Shown().Until("its own menu", has("Quit (stops the server)"))
}

// session is a real desktop session of Xfce.
type session struct {
	t    *testing.T
	home string
	env  []string
	bus  *traytest.Bus
	cmd  *exec.Cmd
	over chan struct{}
}

// xfce logs in: an X server, a bus, and xfce4-session on both.
func xfce(t *testing.T, home string) *session {
	t.Helper()
	for _, name := range []string{"Xvfb", "xfce4-session", "xfce4-panel", "dbus-daemon"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Fatalf("%s is missing: apt-get install xvfb xfce4-session xfce4-panel dbus", name)
		}
	}
	display := xserver(t)
	bus := traytest.NewBus(t)
	run := t.TempDir()
	s := &session{t: t, home: home, bus: bus, over: make(chan struct{}), env: []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + home, "XDG_RUNTIME_DIR=" + run, "DISPLAY=" + display,
		"DBUS_SESSION_BUS_ADDRESS=" + bus.Address, "NO_AT_BRIDGE=1", "LIBGL_ALWAYS_SOFTWARE=1",
	}}
	s.cmd = exec.Command("xfce4-session")
	s.cmd.Env = s.env
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { _ = s.cmd.Wait(); close(s.over) }()
	t.Cleanup(func() {
		_ = syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL)
		<-s.over
	})
	return s
}

// xserver starts one, at a display of its own choice.
func xserver(t *testing.T) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1280x800x24", "-nolisten", "tcp")
	cmd.ExtraFiles = []*os.File{w}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = w.Close()
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	var n int
	if _, err := fmt.Fscan(r, &n); err != nil {
		t.Fatalf("no X server: %v", err)
	}
	return fmt.Sprintf(":%d", n)
}

// icons counts the icons that the panel of the session shows.
func (s *session) icons() int {
	conn, err := dbus.Connect(s.bus.Address)
	if err != nil {
		return 0
	}
	defer conn.Close()
	v, err := conn.Object("org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher").GetProperty("org.kde.StatusNotifierWatcher.RegisteredStatusNotifierItems")
	if err != nil {
		return 0
	}
	all, _ := v.Value().([]string)
	return len(all)
}

func (s *session) until(what string, ok func() bool) {
	s.t.Helper()
	for end := time.Now().Add(60 * time.Second); !ok(); time.Sleep(50 * time.Millisecond) { // other programs: nothing to wait on
		if time.Now().After(end) {
			s.t.Fatalf("%s: not seen", what)
		}
	}
}

// logout ends the session as its menu does, and the bus with it.
func (s *session) logout() {
	s.t.Helper()
	cmd := exec.Command("xfce4-session-logout", "--logout", "--fast")
	cmd.Env = s.env
	if out, err := cmd.CombinedOutput(); err != nil {
		s.t.Fatalf("logout: %v: %s", err, out)
	}
	select {
	case <-s.over:
	case <-time.After(60 * time.Second):
		s.t.Fatal("the session goes on")
	}
	s.bus.Kill()
}

// A real session starts the login entry, shows the icon in its panel, and ends;
// the next one finds the server again, and shows an icon too.
func TestARealSessionStartsTheLoginEntryAndTheNextOneHasItsTray(t *testing.T) {
	home := t.TempDir()
	state := filepath.Join(t.TempDir(), "state")
	p := &person{t, home, []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "DISPLAY=:0", "DBUS_SESSION_BUS_ADDRESS=" + wholetest.Bus(t),
		"HERMES_WEBUI_STATE_DIR=" + state, "HERMES_WEBUI_PORT=" + freePort(t)}}
	if code, out, said := p.types("autostart", "on"); code != 0 {
		t.Fatalf("exit %d: %s %s", code, out, said)
	}
	t.Cleanup(func() { endHolder(state) })

	s := xfce(t, home)
	s.until("an icon", func() bool { return s.icons() == 1 })
	first := holderOf(t, state)
	wantWell(t, first.Address)
	s.logout()
	wantWell(t, first.Address)

	s = xfce(t, home)
	s.until("an icon after the second login", func() bool { return s.icons() == 1 })
	if again := holderOf(t, state); again.PID != first.PID {
		t.Errorf("the server is process %d, was %d", again.PID, first.PID)
	}
	wantWell(t, first.Address)
}

func wantWell(t *testing.T, address string) {
	t.Helper()
	res, err := http.Get(address + "/health")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, err := io.ReadAll(res.Body); err != nil || res.StatusCode != 200 {
		t.Fatalf("%d %s %v", res.StatusCode, body, err)
	}
}

// owner is who has a state folder.
type owner struct {
	PID     int
	Address string
}

func ownerOf(state string) (o owner, err error) {
	b, err := os.ReadFile(filepath.Join(state, "run", "instance.json"))
	if err == nil {
		err = json.Unmarshal(b, &o)
	}
	return o, err
}

func holderOf(t *testing.T, state string) owner {
	t.Helper()
	o, err := ownerOf(state)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// endHolder ends the server that a session started.
func endHolder(state string) {
	h, err := ownerOf(state)
	if err != nil || errors.Is(syscall.Kill(h.PID, 0), syscall.ESRCH) {
		return
	}
	_ = syscall.Kill(h.PID, syscall.SIGTERM)
	for range 200 {
		if errors.Is(syscall.Kill(h.PID, 0), syscall.ESRCH) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}
