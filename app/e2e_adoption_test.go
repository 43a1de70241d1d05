package main_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hermes-webui/server/chat"
)

// speaking begins a turn of ours that speaks for long, and waits for its first words.
func (a *alternation) speaking(name string) {
	a.t.Helper()
	id := a.p.Send(a.id, name+" [[long]]")
	until(a.t, "the first words", func() bool {
		turns := a.p.Snapshot(a.id).Turns
		return turns[len(turns)-1].ID == id && len(turns[len(turns)-1].Parts) > 0
	})
}

// db opens the agent's database to do harm to it.
func (a *alternation) db() *sql.DB {
	a.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(a.home, "state.db")+"?_pragma=busy_timeout(5000)")
	if err != nil {
		a.t.Fatal(err)
	}
	a.t.Cleanup(func() { _ = db.Close() })
	return db
}

func (a *alternation) exec(db interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
}, query string) {
	a.t.Helper()
	if _, err := db.ExecContext(a.t.Context(), query); err != nil {
		a.t.Fatalf("%s: %v", query, err)
	}
}

// Another program of the agent speaks in the session while a turn of ours runs:
// both are there once, and the session goes on.
func TestAnAgentElsewhereSpeaksWhileATurnRunsHere(t *testing.T) {
	t.Parallel()
	a := begun(t, true)
	a.here("two", nil)
	a.speaking("three")
	a.want = append(a.want, "three: text="+strings.Repeat("word ", 400))
	a.cli("four")
	until(t, "the end of the turn", func() bool { return a.p.Snapshot(a.id).Session.Live == nil })
	a.check("both spoke")
	a.here("five", nil)
}

// Killed after it adopted a session and before the answer came, the program shows
// what was said once, and goes on.
func TestAKillAfterAnAdoptionLosesNothing(t *testing.T) {
	t.Parallel()
	a := begun(t, true)
	a.there("two")
	id := a.p.Send(a.id, "three [[long]]")
	until(t, "the adoption", func() bool { return a.p.Snapshot(a.id).Session.Foreign == chat.Ours })
	a.p.Kill()
	a.start(a.p.Dir)
	until(t, "the end of the turn", func() bool {
		turns := a.p.Snapshot(a.id).Turns
		return turns[len(turns)-1].ID == id && turns[len(turns)-1].State.Ended()
	})
	turns := a.p.Snapshot(a.id).Turns
	a.want = append(a.want, saidIn(turns[len(turns)-1:])...)
	a.check("after the kill")
	a.tells = true // the agent may never have heard of the prompt
	a.here("four", map[string]any{"anyway": true})
	a.there("five")
}

// While another program holds the database for writing, all can be read; what
// is waited for comes after it.
func TestALockedDatabaseIsReadAndGoesOn(t *testing.T) {
	t.Parallel()
	a := begun(t, true)
	lock, err := a.db().Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	a.exec(lock, "BEGIN EXCLUSIVE")
	released := time.AfterFunc(30*time.Second, func() { _, _ = lock.ExecContext(context.Background(), "ROLLBACK") })
	defer released.Stop()
	began := time.Now()
	a.check("while it is locked")
	if n := len(listed(a.p, t, "cli")); n != 1 {
		t.Errorf("%d are listed", n)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %v to read", took)
	}
	id := a.p.Send(a.id, prompt("two"))
	a.ended(id)
	a.want = append(a.want, result("two"))
	a.check("after it was locked")
	a.there("three")
	a.here("four", nil)
}

// What happens to the database takes nothing of a session that is ours.
func TestWhatIsOursOutlivesTheAgentsDatabase(t *testing.T) {
	t.Parallel()
	a := begun(t, true)
	a.here("two", nil)
	a.there("three")
	a.exec(a.db(), "DELETE FROM messages WHERE id IN (SELECT id FROM messages ORDER BY id DESC LIMIT 3)")
	a.check("rows were deleted")
	a.there("four")
	a.tells = true // that the agent has forgotten something
	a.here("five", nil)

	file := filepath.Join(a.home, "state.db")
	for _, end := range []string{"", "-wal", "-shm"} {
		if err := os.Rename(file+end, filepath.Join(t.TempDir(), "old"+end)); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	kept, held := a.id, a.want
	a.id, a.want = "", nil
	a.cli("another") // makes a new database
	until(t, "the other session", func() bool { return len(listed(a.p, t, "cli")) == 2 })
	a.id, a.want = kept, held
	a.check("the database is another one")
	a.here("six", nil)
}
