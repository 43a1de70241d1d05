package hermesdb

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestSomebodyElseAtASessionIsTold(t *testing.T) {
	w := newWorld(t)
	w.session("s1")
	w.say("s1", "user", "long ago")
	d := w.reader()
	says := func(ours Ours) string {
		t.Helper()
		s, err := d.LiveWriter(t.Context(), []string{"s1"}, ours)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	equal(t, says(Ours{}), "")
	row := w.exec(`INSERT INTO messages (session_id, role, content, timestamp) VALUES ('s1', 'user', 'now', ?)`, float64(time.Now().Unix()))
	if s := says(Ours{}); !strings.Contains(s, "seconds ago") {
		t.Errorf("after a new message: %q", s)
	}
	equal(t, says(Ours{Row: row}), "")
	dir := filepath.Join(filepath.Dir(w.path), "runtime")
	raw, _ := json.Marshal(map[string]any{"entries": []any{map[string]any{"session_id": "s1", "surface": "cli", "pid": os.Getpid()}, map[string]any{"session_id": "s2", "pid": 1}}})
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "active_sessions.json"), raw, 0o600); err != nil {
		t.Fatal(err)
	}
	equal(t, says(Ours{Row: row}), fmt.Sprintf("This session is open in another Hermes (cli, process %d).", os.Getpid()))
	equal(t, says(Ours{Row: row, Process: func(pid int) bool { return pid == os.Getpid() }}), "")
}
