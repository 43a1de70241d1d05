package hermesdb

import (
	"crypto/sha256"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hermes-webui/server/fault"
)

func sum(t *testing.T, path string) [32]byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return sha256.Sum256(raw)
}

// readAll reads all that can be read, and closes.
func readAll(t *testing.T, path, session string) []Lineage {
	t.Helper()
	d := Open(path, "")
	all := list0(t, d)
	if turns, _ := page0(t, d, session, 0, 10); len(turns) == 0 {
		t.Fatal("no turns")
	}
	if _, err := d.Fresh(t.Context(), []string{session}, 0); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	return all
}

// Reading changes no byte of the database, whether its writer closed it, has it
// open, or was killed with commits in the log beside it.
func TestReadingChangesNothing(t *testing.T) {
	w := newWorld(t)
	w.session("s1", "title", "One")
	w.say("s1", "user", "hi")
	copied := filepath.Join(t.TempDir(), "state.db") // as a writer leaves it that is killed
	for _, end := range []string{"", "-wal"} {
		raw, err := os.ReadFile(w.path + end)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(copied+end, raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w.open()
	for name, path := range map[string]string{"open": w.path, "killed": copied} {
		before, log := sum(t, path), sum(t, path+"-wal")
		if all := readAll(t, path, "s1"); len(all) != 1 || all[0].Title != "One" {
			t.Fatalf("%s: list %+v", name, all)
		}
		if sum(t, path) != before || sum(t, path+"-wal") != log {
			t.Errorf("%s: the file or its log is another one", name)
		}
	}
	w.exec(`PRAGMA wal_checkpoint(TRUNCATE)`)
	_ = w.db.Close()
	before := sum(t, w.path)
	readAll(t, w.path, "s1")
	if sum(t, w.path) != before {
		t.Error("closed: the file is another one")
	}
}

func TestNoFileIsAnEmptyList(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	d := Open(path, "")
	defer d.Close()
	turns, more := page0(t, d, "s1", 0, 5)
	if all := list0(t, d); len(all) != 0 || len(turns) != 0 || more {
		t.Fatalf("%v, %v", all, turns)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Fatal("reading made the file")
	}
	w := newWorld(t)
	w.session("s1")
	w.say("s1", "user", "hi")
	w.exec(`PRAGMA wal_checkpoint(TRUNCATE)`)
	_ = w.db.Close()
	if err := os.Rename(w.path, path); err != nil {
		t.Fatal(err)
	}
	if err := d.Wait(t.Context()); err != nil || len(list0(t, d)) != 1 {
		t.Fatalf("the file that came is not seen: %v", err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if all := list0(t, d); len(all) != 0 {
		t.Fatalf("the file that went is still seen: %v", all)
	}
}

func TestWhatCannotBeReadIsSaid(t *testing.T) {
	other := func(t *testing.T, make string) string {
		w := &world{t: t, path: filepath.Join(t.TempDir(), "state.db")}
		w.open()
		w.exec(make)
		return w.path
	}
	for name, c := range map[string]struct {
		path string
		code fault.Code
		says string
	}{
		"not a database": {text(t, strings.Repeat("this is no database ", 100)), fault.CodeStoreDamaged, "damaged"},
		"another schema": {other(t, `CREATE TABLE sessions (id TEXT); CREATE TABLE messages (id INTEGER)`), fault.CodeStoreNewer, "older release"},
		"a newer schema": {other(t, `CREATE TABLE schema_version (version); INSERT INTO schema_version VALUES (99); CREATE TABLE talks (id)`), fault.CodeStoreNewer, "newer Hermes Agent"},
	} {
		t.Run(name, func(t *testing.T) {
			d := Open(c.path, "")
			defer d.Close()
			_, err := d.List(t.Context())
			if fault.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.says) {
				t.Fatalf("error %v", err)
			}
			if _, _, err := d.Page(t.Context(), []string{"s"}, 0, 5); fault.CodeOf(err) != c.code {
				t.Fatalf("error %v", err)
			}
		})
	}
}

func text(t *testing.T, words string) string {
	path := filepath.Join(t.TempDir(), "state.db")
	if err := os.WriteFile(path, []byte(words), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAnOlderSchemaIsReadAsFarAsItGoes(t *testing.T) {
	w := &world{t: t, path: filepath.Join(t.TempDir(), "state.db"), now: 1_790_000_000}
	w.open()
	w.exec(`CREATE TABLE sessions (id TEXT PRIMARY KEY, source TEXT NOT NULL, started_at REAL NOT NULL);
		CREATE TABLE messages (id INTEGER PRIMARY KEY, session_id TEXT, role TEXT, content TEXT, timestamp REAL)`)
	w.session("s1")
	w.say("s1", "user", "hi")
	w.say("s1", "assistant", "ho")
	d := w.reader()
	if all := list0(t, d); len(all) != 1 || all[0].Root != "s1" {
		t.Fatalf("list %+v", all)
	}
	turns, _ := page0(t, d, "s1", 0, 5)
	equal(t, told(turns), "> hi (done)\ntext: ho")
}

// A database in WAL mode needs files beside it. Where these cannot be made (here
// because their names would be too long) and nobody has it open, the file alone
// is read.
func TestAFolderThatCannotBeWritten(t *testing.T) {
	w := newWorld(t)
	w.session("s1", "title", "One")
	w.say("s1", "user", "hi")
	w.exec(`PRAGMA wal_checkpoint(TRUNCATE)`)
	_ = w.db.Close()
	path := filepath.Join(filepath.Dir(w.path), strings.Repeat("d", 253))
	if err := os.Rename(w.path, path); err != nil {
		t.Fatal(err)
	}
	if all := readAll(t, path, "s1"); len(all) != 1 {
		t.Fatalf("list %+v", all)
	}
}

func TestALockedDatabaseIsSaidAndComesBack(t *testing.T) {
	t.Parallel() // it takes the five seconds for which a lock is waited for
	w := newWorld(t)
	w.session("s1")
	w.say("s1", "user", "hi")
	w.exec(`PRAGMA journal_mode=DELETE`)
	d := w.reader()
	w.exec(`BEGIN EXCLUSIVE`)
	if _, err := d.List(t.Context()); fault.KindOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "Another program holds") {
		t.Fatalf("error %v", err)
	}
	w.exec(`COMMIT`)
	if all := list0(t, d); len(all) != 1 {
		t.Fatalf("list %+v", all)
	}
}

func TestACheckReadsARow(t *testing.T) {
	w := newWorld(t)
	w.session("s1", "title", "One")
	for path, want := range map[string]bool{w.path: true, filepath.Join(t.TempDir(), "state.db"): false} {
		d := Open(path, "")
		if there, err := d.Check(t.Context()); there != want || err != nil {
			t.Errorf("%s: %v, %v", path, there, err)
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
	}
	broken := filepath.Join(t.TempDir(), "state.db")
	if err := os.WriteFile(broken, []byte(strings.Repeat("no database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	d := Open(broken, "")
	if _, err := d.Check(t.Context()); fault.CodeOf(err) != fault.CodeStoreDamaged {
		t.Errorf("%v", err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
}

// A backup that was put back has other messages in rows with the same numbers.
func TestAnotherFileIsReadAnew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	d := Open(path, "")
	defer d.Close()
	for _, messages := range [][]string{{"one", "two", summaryMark + " words", "three"}, {"one", summaryMark + " words", "two", "three"}} {
		w := newWorld(t)
		w.session("s1")
		w.say("s1", "user", "before", "active", 0, "compacted", 1)
		for _, m := range messages {
			w.say("s1", "user", m)
		}
		w.exec(`PRAGMA wal_checkpoint(TRUNCATE)`)
		_ = w.db.Close()
		if err := os.Rename(w.path, path); err != nil {
			t.Fatal(err)
		}
		turns, _ := page0(t, d, "s1", 0, 10)
		var said []string
		for _, s := range turns {
			said = append(said, s.Turn.Prompt.Text)
		}
		equal(t, strings.Join(said, " "), "before one two three")
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		list0(t, d) // lets go of the file
	}
}

// An agent makes its tables, or new columns of them, while we look: what comes to
// be in them is read.
func TestColumnsThatCameLaterAreRead(t *testing.T) {
	w := newWorld(t)
	w.exec(`DROP INDEX idx_sessions_title_unique`)
	w.exec(`ALTER TABLE sessions DROP COLUMN title`)
	w.session("s1")
	w.say("s1", "user", "hi")
	d := w.reader()
	if all := list0(t, d); len(all) != 1 || all[0].Title != "" {
		t.Fatalf("list %+v", all)
	}
	w.exec(`ALTER TABLE sessions ADD COLUMN title TEXT`)
	w.exec(`UPDATE sessions SET title = 'One'`)
	w.say("s1", "assistant", "ho")
	if all := list0(t, d); len(all) != 1 || all[0].Title != "One" {
		t.Fatalf("list %+v", all)
	}
}
