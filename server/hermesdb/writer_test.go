package hermesdb

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

func TestWhoHasASessionOpenIsTold(t *testing.T) {
	w := newWorld(t)
	w.session("s1")
	w.say("s1", "user", "hi")
	d := w.reader()
	says := func(ours func(int) bool) string {
		t.Helper()
		s, err := d.LiveWriter(t.Context(), []string{"s1"}, ours)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	nobody := func(int) bool { return false }
	equal(t, says(nobody), "")
	dir := filepath.Join(filepath.Dir(w.path), "runtime")
	raw, _ := json.Marshal(map[string]any{"entries": []any{map[string]any{"session_id": "s1", "surface": "cli", "pid": os.Getpid()}, map[string]any{"session_id": "s2", "pid": 1}}})
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "active_sessions.json"), raw, 0o600); err != nil {
		t.Fatal(err)
	}
	equal(t, says(nobody), fmt.Sprintf("This session is open in another Hermes (cli, process %d).", os.Getpid()))
	equal(t, says(func(pid int) bool { return pid == os.Getpid() }), "")
}
