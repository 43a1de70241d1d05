package main

import (
	"slices"
	"testing"
)

// TestNoChildSpeaksToOurSupervisor has what systemd sets for a service that it
// watches and hands a socket.
func TestNoChildSpeaksToOurSupervisor(t *testing.T) {
	all := environ{
		"HOME=/home/me", "NOTIFY_SOCKET=/run/notify", "WATCHDOG_PID=7", "WATCHDOG_USEC=1", "LISTEN_PID=7", "LISTEN_FDS=1",
		"LISTEN_FDNAMES=a", "INVOCATION_ID=ab", "JOURNAL_STREAM=8:1", "SYSTEMD_EXEC_PID=7", "HERMES_WEBUI_PORT=1", "LANG=C",
	}
	want := []string{"HOME=/home/me", "LANG=C"}
	for child, got := range map[string][]string{"agent": agentEnviron(all), "browser": forDesktop(all)} {
		if !slices.Equal(got, want) {
			t.Errorf("%s gets %q", child, got)
		}
	}
}
