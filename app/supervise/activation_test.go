package supervise

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

// Sockets that are there are served in app's tests: they need descriptor 3 of a
// process.
func TestSocketsForAnotherProcessAreLeftAlone(t *testing.T) {
	for _, pid := range []string{"", "1", "me"} {
		all, err := Sockets(vars(map[string]string{"LISTEN_PID": pid, "LISTEN_FDS": "1"}))
		if err != nil || all != nil {
			t.Errorf("LISTEN_PID=%s: %v, %v", pid, all, err)
		}
	}
}

func TestAWrongNumberOfSocketsIsSaid(t *testing.T) {
	for _, n := range []string{"", "-1", "many", "100000"} {
		_, err := Sockets(vars(map[string]string{"LISTEN_PID": strconv.Itoa(os.Getpid()), "LISTEN_FDS": n}))
		if err == nil || !strings.Contains(err.Error(), "LISTEN_FDS="+n) {
			t.Errorf("LISTEN_FDS=%s: %v", n, err)
		}
	}
}
