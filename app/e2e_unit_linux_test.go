package main_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"hermes-webui/app/wholetest"
	"hermes-webui/tray/traytest"
)

// Desktops start what is in their menu, and at login, as a service of systemd
// that they name app-*: it looks supervised, and a person sits in front of it.
// The kernel's word for the unit is all that is made up here.
func TestInAUnitOfTheDesktopThereAreTrayAndBrowser(t *testing.T) {
	for name, c := range map[string]struct {
		unit string
		tray bool
	}{
		"a desktop's service": {`app-io.github.hermes\x2dwebui@autostart.service`, true},
		"a desktop's scope":   {"app-gnome-hermes-4711.scope", true},
		"a person's service":  {"hermes-webui.service", false},
	} {
		t.Run(name, func(t *testing.T) {
			bus := traytest.NewBus(t)
			panel := traytest.NewPanel(t, bus)
			bin := t.TempDir()
			opened := opener(t, bin)
			p := wholetest.Start(t, wholetest.Options{
				Mode:  "--log-level=info", // nothing is asked for
				Under: inUnit(t, c.unit),
				Env: []string{"DISPLAY=:99", "DBUS_SESSION_BUS_ADDRESS=" + bus.Address, "PATH=" + bin + ":" + os.Getenv("PATH"),
					"INVOCATION_ID=0123456789abcdef0123456789abcdef", "JOURNAL_STREAM=8:4711"},
			})
			if !c.tray {
				logs(t, p, "headless")
				if n := panel.Icons(); n != 0 {
					t.Errorf("%d icons", n)
				}
				return
			}
			panel.Shown().Until("ready", has("Quit (stops the server)"))
			select {
			case address := <-opened:
				if address != p.URL+"/" {
					t.Errorf("opened %q", address)
				}
			case <-time.After(30 * time.Second):
				t.Error("no browser was opened")
			}
		})
	}
}

// inUnit is a command that puts a process into a unit, as far as it can see, and
// tells it as systemd does that it is the unit's main process.
func inUnit(t *testing.T, unit string) []string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "cgroup")
	if err := os.WriteFile(file, []byte("0::/user.slice/user-1000.slice/user@1000.service/app.slice/"+unit+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	fence := []string{"unshare", "--mount"}
	if os.Geteuid() != 0 {
		fence = append(fence, "--user", "--map-root-user")
	}
	return append(fence, "sh", "-c", `mount --bind "$0" /proc/$$/cgroup && SYSTEMD_EXEC_PID=$$ exec "$@"`, file)
}
