//go:build !windows

package autostart

import (
	"os"
	"os/exec"
	"runtime"
	"testing"

	library "github.com/emersion/go-autostart"
)

// The library reads the environment at its start: only a process of its own
// can have another.
func TestTheLibraryFindsAndRemovesWhatIsWritten(t *testing.T) {
	if os.Getenv("AUTOSTART_CHILD") == "" {
		for _, config := range []string{"", t.TempDir(), "relative"} {
			cmd := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
			cmd.Dir = t.TempDir()
			cmd.Env = []string{"AUTOSTART_CHILD=1", "HOME=" + t.TempDir(), "XDG_CONFIG_HOME=" + config}
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("XDG_CONFIG_HOME=%s: %v\n%s", config, err, out)
			}
		}
		return
	}
	c := mine(t)
	c.Home, c.ConfigHome = os.Getenv("HOME"), os.Getenv("XDG_CONFIG_HOME")
	s := New(c)
	app := &library.App{Name: c.ID}
	ok(t, s.Enable())
	want(t, s, On)
	finds := c.ConfigHome != "relative" || runtime.GOOS == "darwin"
	if app.IsEnabled() != finds {
		t.Fatalf("the library finds it: %v, want %v", app.IsEnabled(), finds)
	}
	ok(t, s.Disable())
	ok(t, s.Disable())
	want(t, s, Off)
	if app.IsEnabled() {
		t.Error("the library finds it still")
	}
}
