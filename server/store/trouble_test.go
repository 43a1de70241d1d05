package store

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"testing"
	"time"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

func TestFullDiskLeavesNothingHalfDone(t *testing.T) {
	s, err := Open(t.Context(), t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	id := chat.SessionID(chat.NewID(chat.PrefixSession))
	if _, err := s.Append(t.Context(), id, "", nil, chat.SessionCreated{}); err != nil {
		t.Fatal(err)
	}
	limitPages(t, s, 60)
	prompt := chat.TurnQueued{Origin: chat.FromPerson, Prompt: chat.Prompt{Text: strings.Repeat("long ", 5000)}}
	var made []chat.TurnID
	for range 100 {
		turn := chat.TurnID(chat.NewID(chat.PrefixTurn))
		if _, err = s.Append(t.Context(), id, turn, nil, prompt, prompt); err == nil {
			t.Fatal("a turn was queued twice")
		}
		if _, err = s.Append(t.Context(), id, turn, nil, prompt); err != nil {
			break
		}
		made = append(made, turn)
	}
	if fault.CodeOf(err) != fault.CodeDiskFull || fault.KindOf(err) != fault.Unavailable {
		t.Fatalf("error %v", err)
	}
	row, seq, err := s.Session(t.Context(), id)
	if err != nil || row.Queued != len(made) || seq != s.Newest() || int(seq) != len(made)+1 {
		t.Fatalf("%d turns were accepted, the session has %d, seq %d, newest %d, %v", len(made), row.Queued, seq, s.Newest(), err)
	}
	limitPages(t, s, 1<<30)
	next, err := s.Append(t.Context(), id, chat.TurnID(chat.NewID(chat.PrefixTurn)), nil, prompt)
	if err != nil || next != seq+1 {
		t.Fatalf("after space was made: seq %d, %v", next, err)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// limitPages makes SQLite report a full disk when the file has grown to n pages.
func limitPages(t *testing.T, s *Store, n int) {
	t.Helper()
	err := s.writer.do(t.Context(), s.writer.jobs, &job{run: func(ctx context.Context, q db) error {
		var now int
		return s.writer.q.conn.QueryRowContext(ctx, `PRAGMA max_page_count = `+strconv.Itoa(n)).Scan(&now)
	}})
	if err != nil {
		t.Fatal(err)
	}
}

func TestMigrationThatFailsOrIsCutIsRolledBack(t *testing.T) {
	const endless = `CREATE TABLE half (x); WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n`
	for name, bad := range map[string]string{"fails": `CREATE TABLE half (x); SELECT nonsense`, "cut": endless} {
		t.Run(name, func(t *testing.T) {
			c := openConn(t)
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			if err := migrate(ctx, c, []string{`CREATE TABLE whole (x)`, bad}); err == nil {
				t.Fatal("no error")
			}
			wantTables(t, c, 1, "whole")
			if err := migrate(t.Context(), c, []string{`CREATE TABLE whole (x)`, `CREATE TABLE next (x)`}); err != nil {
				t.Fatal(err)
			}
			wantTables(t, c, 2, "next whole")
		})
	}
}

func openConn(t *testing.T) *sql.Conn {
	t.Helper()
	pool, err := openPool(t.TempDir()+"/x.db", writerDSN, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Close() })
	c, err := pool.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func wantTables(t *testing.T, c *sql.Conn, version int, tables string) {
	t.Helper()
	names, err := column[string](t.Context(), c, `SELECT name FROM sqlite_master ORDER BY name`)
	if err != nil {
		t.Fatal(err)
	}
	var v int
	if err := c.QueryRowContext(t.Context(), `PRAGMA user_version`).Scan(&v); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(names, " "); got != tables || v != version {
		t.Fatalf("tables %q version %d, want %q %d", got, v, tables, version)
	}
}
