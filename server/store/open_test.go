package store_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
	"hermes-webui/server/store"
)

// raw opens the file of a closed store.
func raw(t *testing.T, dir string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "webui.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func exec(t *testing.T, db *sql.DB, queries ...string) {
	t.Helper()
	for _, q := range queries {
		if _, err := db.ExecContext(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
}

func schemaOf(t *testing.T, dir string) string {
	t.Helper()
	rows, err := raw(t, dir).QueryContext(t.Context(), `SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var sb strings.Builder
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		sb.WriteString(text + ";\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return sb.String()
}

func openClose(t *testing.T, dir string) error {
	t.Helper()
	s, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		return err
	}
	return s.Close()
}

// Each released schema is kept in testdata as it was; none is ever changed.
func TestEveryReleasedSchemaMigratesToTheFreshOne(t *testing.T) {
	fresh := t.TempDir()
	if err := openClose(t, fresh); err != nil {
		t.Fatal(err)
	}
	frozen, err := filepath.Glob("testdata/schema-*.sql")
	if err != nil || len(frozen) == 0 {
		t.Fatalf("no frozen schema: %v", err)
	}
	for _, file := range frozen {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		version := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(file), "schema-"), ".sql")
		dir := t.TempDir()
		db := raw(t, dir)
		exec(t, db, string(text), "PRAGMA user_version = "+version)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if err := openClose(t, dir); err != nil {
			t.Fatal(err)
		}
		if got, want := schemaOf(t, dir), schemaOf(t, fresh); got != want {
			t.Fatalf("%s migrated:\n%s\nfresh:\n%s", file, got, want)
		}
	}
}

func TestNewerDatabaseIsRefusedAndLeftAsItIs(t *testing.T) {
	for name, change := range map[string]string{
		"schema": `PRAGMA user_version = 999`,
		"kind":   `INSERT INTO kinds (kind) VALUES ('dream_recorded')`,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := openClose(t, dir); err != nil {
				t.Fatal(err)
			}
			db := raw(t, dir)
			exec(t, db, change)
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			_, err := store.Open(t.Context(), dir, store.Options{})
			wantCode(t, err, fault.CodeStoreNewer)
			var epochs int
			if err := raw(t, dir).QueryRowContext(t.Context(), `SELECT count(*) FROM epochs`).Scan(&epochs); err != nil || epochs != 1 {
				t.Fatalf("%d epochs, %v: a refused start wrote something", epochs, err)
			}
		})
	}
}

func TestDamagedDatabaseIsRefusedAndKept(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.Options{})
	id := session(t, s)
	turn := begin(t, s, id, nil, "q")
	for range 200 {
		say(t, s, id, turn, "some text to fill pages with")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db := raw(t, dir)
	exec(t, db, `UPDATE meta SET value = '0' WHERE key = 'clean'`, `PRAGMA journal_mode = DELETE`)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "webui.db")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(b) / 2; i < len(b)/2+8192; i++ {
		b[i] = 0xA5
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = store.Open(t.Context(), dir, store.Options{})
	wantCode(t, err, fault.CodeStoreDamaged)
	if now, err := os.Stat(path); err != nil || now.Size() != int64(len(b)) {
		t.Fatalf("the damaged file was touched: %v, %v", now, err)
	}
}

func TestFileThatIsNoDatabaseIsRefused(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "webui.db"), []byte(strings.Repeat("no database ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := store.Open(t.Context(), dir, store.Options{})
	wantCode(t, err, fault.CodeStoreDamaged)
}

func TestFilesAreForTheirOwnerOnly(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no such rights there")
	}
	dir := filepath.Join(t.TempDir(), "deep", "state #1?")
	s := open(t, dir, store.Options{})
	session(t, s)
	for name, want := range map[string]os.FileMode{".": 0o700, "webui.db": 0o600, "webui.db-wal": 0o600, "webui.db-shm": 0o600} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != want {
			t.Fatalf("%s: %v, %v", name, info, err)
		}
	}
	size, err := s.Size()
	if err != nil || size.Database+size.WAL == 0 {
		t.Fatalf("size %+v, %v", size, err)
	}
}

func TestOpenEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := store.Open(ctx, t.TempDir(), store.Options{})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v", err)
	}
}

// A killed process leaves the file and its WAL behind, with a transaction that
// was never committed.
func TestKilledProcessLosesNothingThatWasAnswered(t *testing.T) {
	dir, copied := t.TempDir(), t.TempDir()
	s := open(t, dir, store.Options{})
	w := newWorld(t, s, 5)
	w.steps(700)
	id := w.sessions[0].id
	want, last := all(t, s), s.Newest()
	_, err := s.Append(t.Context(), id, newTurn(), func(chat.View) error {
		for _, name := range []string{"webui.db", "webui.db-wal"} {
			b, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(copied, name), b, 0o600); err != nil {
				return err
			}
		}
		return nil
	}, chat.TurnQueued{Origin: chat.FromPerson})
	if err != nil {
		t.Fatal(err)
	}
	after := open(t, copied, store.Options{})
	if err := after.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantSame(t, "events", all(t, after), want)
	compare(t, after, foldLog(t, want))
	live, err := after.Live(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, c := range w.sessions {
		if c.live != "" {
			n++
		}
	}
	if len(live) != n || after.Epoch().FirstSeq != last+1 {
		t.Fatalf("%d live turns, want %d; epoch %+v, want first seq %d", len(live), n, after.Epoch(), last+1)
	}
}
