package main

import (
	"errors"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// envOf is an environment that holds only these.
func envOf(m map[string]string) func(string) string { return func(k string) string { return m[k] } }

func TestFlagsBeatTheEnvironment(t *testing.T) {
	env := envOf(map[string]string{
		"HERMES_WEBUI_HOST": "127.0.0.2", "HERMES_WEBUI_PORT": "1000",
		"HERMES_WEBUI_STATE_DIR": "/from/env", "HOME": "/home/me",
	})
	c, err := parse([]string{"--host", "::1", "--port=2000", "--state-dir", "/from/flag"}, env)
	if err != nil {
		t.Fatal(err)
	}
	if c.address() != "[::1]:2000" || c.StateDir != filepath.FromSlash("/from/flag") {
		t.Errorf("flags: got %s in %s", c.address(), c.StateDir)
	}
	c, err = parse(nil, env)
	if err != nil {
		t.Fatal(err)
	}
	if c.address() != "127.0.0.2:1000" || c.StateDir != filepath.FromSlash("/from/env") {
		t.Errorf("environment: got %s in %s", c.address(), c.StateDir)
	}
}

func TestNothingSaidMeansTheDefaults(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("HOME is a Unix word")
	}
	c, err := parse(nil, envOf(map[string]string{"HOME": "/home/me"}))
	if err != nil {
		t.Fatal(err)
	}
	if c.Command != cmdServe || c.address() != "127.0.0.1:8787" || c.StateDir != "/home/me/.hermes/webui" {
		t.Errorf("got %s at %s in %s", c.Command, c.address(), c.StateDir)
	}
}

func TestCommandLinesThatAreRefused(t *testing.T) {
	for line, want := range map[string]string{
		"--bogus":                        "-bogus",
		"dance":                          `"dance"`,
		"health version":                 "one command at a time",
		"--port x":                       "--port=x",
		"--port 65536":                   "--port=65536",
		"--port 1 --port 2":              "before",
		"--host 0.0.0.0":                 "no logins yet",
		"--host 192.168.1.4":             "ssh -L",
		"--host example.org":             "not an IP address",
		"--host fe80::1%lo":              "no logins yet",
		"--serve health":                 "contradict",
		"--desktop health":               "contradict",
		"--desktop --tray":               "contradict",
		"--tray --serve":                 "contradict",
		"--foreground --desktop":         "contradict",
		"--version health":               "contradict",
		"--deep":                         "health",
		"open --deep":                    "health",
		"health --json":                  "doctor",
		"--max-time 10":                  "health",
		"health --max-time 0":            "--max-time=0",
		"health --max-time soon":         "--max-time=soon",
		"health --max-time -1":           "--max-time=-1",
		"--state-dir=":                   "--state-dir",
		"--serve --foreground unwelcome": `"unwelcome"`,
	} {
		_, err := parse(strings.Fields(line), envOf(map[string]string{"HOME": "/home/me", "USERPROFILE": "/home/me"}))
		e, ok := errors.AsType[*exitError](err)
		if !ok || e.code != exitUsage {
			t.Errorf("%s: got %v, want a usage error", line, err)
			continue
		}
		if !strings.Contains(e.Error(), want) {
			t.Errorf("%s: %q does not say %q", line, e, want)
		}
	}
}

func TestAWrongVariableIsNamed(t *testing.T) {
	for key, value := range map[string]string{
		"HERMES_WEBUI_PORT": "many",
		"HERMES_WEBUI_HOST": "0.0.0.0",
	} {
		_, err := parse(nil, envOf(map[string]string{"HOME": "/h", "USERPROFILE": "/h", key: value}))
		if err == nil || !strings.Contains(err.Error(), key+"="+value) {
			t.Errorf("%s=%s: got %v", key, value, err)
		}
	}
}

func TestBothNamesOfServeMayBeGiven(t *testing.T) {
	c, err := parse([]string{"--serve", "--foreground"}, envOf(map[string]string{"HOME": "/h", "USERPROFILE": "/h"}))
	if err != nil || !c.Serve {
		t.Errorf("got %+v, %v", c.Serve, err)
	}
}

func TestWithoutAHomeTheStateFolderMustBeSaid(t *testing.T) {
	_, err := parse(nil, envOf(nil))
	if err == nil || !strings.Contains(err.Error(), "--state-dir") {
		t.Errorf("got %v, want advice to pass --state-dir", err)
	}
	dir := t.TempDir()
	if c, err := parse([]string{"--state-dir", dir}, envOf(nil)); err != nil || c.StateDir != dir {
		t.Errorf("got %q, %v", c.StateDir, err)
	}
	if _, err := parse([]string{"version"}, envOf(nil)); err != nil {
		t.Errorf("version needs a home: %v", err)
	}
}

func TestMaxTimeTakesSecondsAndDurations(t *testing.T) {
	env := envOf(map[string]string{"HOME": "/h", "USERPROFILE": "/h"})
	for given, want := range map[string]time.Duration{
		"10": 10 * time.Second, "2.5": 2500 * time.Millisecond, "10s": 10 * time.Second, "1m30s": 90 * time.Second,
	} {
		if c, err := parse([]string{"health", "--max-time", given}, env); err != nil || c.MaxTime != want {
			t.Errorf("%s: got %v, %v", given, c.MaxTime, err)
		}
	}
}
