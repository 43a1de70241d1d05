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

func TestAfterReturnsWhatIsNew(t *testing.T) {
	w := newWorld(t)
	w.session("s1")
	last := w.say("s1", "user", "one")
	w.say("s1", "assistant", "1")
	w.say("s1", "user", "hidden", "active", 0)
	w.exec(`UPDATE sessions SET end_reason = 'compression', ended_at = 1 WHERE id = 's1'`)
	w.session("s2", "parent_session_id", "s1")
	w.say("s2", "user", summaryMark+" — REFERENCE ONLY] words")
	w.say("s2", "user", "two")
	d := w.reader()
	got, ids, err := d.After(t.Context(), []string{"s1"}, last)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, m := range got {
		fmt.Fprintf(&b, "%s %s %q %v %v\n", m.Session, m.Role, m.Text, m.Begins, m.Summary)
	}
	equal(t, b.String(), "s1 assistant \"\" false false\ns2 user \"\" false true\ns2 user \"two\" true false\n")
	equal(t, strings.Join(ids, " "), "s1 s2")
	equal(t, told(d.Turns(got)), ">  (done)\ntext: 1\n> two (stopped)")
}

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
