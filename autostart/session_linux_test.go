package autostart

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// dex starts what a desktop starts at login, where there is no desktop.
func TestASessionStartsTheProgram(t *testing.T) {
	dex, err := exec.LookPath("dex")
	if err != nil {
		t.Fatal("dex is missing: apt-get install dex")
	}
	for _, folder := range []string{"plain", "R&D it's #1 (x); Ünser 日本", "no\u00a0break"} {
		c := mine(t)
		c.Args = []string{"--tray", "--state-dir", "/a b"}
		dir := filepath.Join(c.Home, folder)
		ok(t, os.Mkdir(dir, 0o700))
		c.Program = filepath.Join(dir, "hermes-webui")
		fifo := filepath.Join(c.Home, "said")
		ok(t, syscall.Mkfifo(fifo, 0o600))
		ok(t, os.WriteFile(c.Program, []byte("#!/bin/sh\nprintf '%s|' \"$@\" > '"+fifo+"'\n"), 0o700))
		s := &Switch{c: c, place: xdg{c}}

		login := func() string {
			cmd := exec.Command(dex, "-a", "-v", "-e", "XFCE")
			cmd.Env = []string{"HOME=" + c.Home, "PATH=" + os.Getenv("PATH"), "XDG_CONFIG_DIRS=" + t.TempDir(), "LC_ALL=C.UTF-8"}
			said, err := os.Create(filepath.Join(c.Home, "log")) // no pipe: what is started keeps it open
			ok(t, err)
			cmd.Stdout, cmd.Stderr = said, said
			err = cmd.Run()
			ok(t, said.Close())
			out, _ := os.ReadFile(said.Name())
			if err != nil {
				t.Fatal(err, string(out))
			}
			return string(out)
		}
		ok(t, s.Enable())
		login()
		b, err := os.ReadFile(fifo)
		if ok(t, err); string(b) != "--tray|--state-dir|/a b|" {
			t.Errorf("%s: it was started with %q", folder, b)
		}
		path, _ := xdg{c}.file()
		edit(t, path, "Terminal=false", "Hidden=true")
		want(t, s, TurnedOff)
		if out := login(); strings.Contains(out, "Executing command") {
			t.Errorf("%s: it was started although it is off: %s", folder, out)
		}
	}
}
