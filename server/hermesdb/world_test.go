package hermesdb

import (
	"database/sql"
	_ "embed"
	"encoding/json"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// schema is what the agent itself made: .schema of a new state.db of 0.19.0.
//
//go:embed testdata/schema-22.sql
var schema string

// world is a state.db and the program that writes it.
type world struct {
	t    testing.TB
	path string
	db   *sql.DB
	now  float64
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, path: filepath.Join(t.TempDir(), "state.db"), now: 1_790_000_000}
	w.open()
	w.exec(`PRAGMA journal_mode=WAL`)
	w.exec(schema)
	return w
}

func (w *world) open() {
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: filepath.ToSlash(w.path)}).EscapedPath()+"?_pragma=busy_timeout(5000)")
	if err != nil {
		w.t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	w.db = db
	w.t.Cleanup(func() { _ = db.Close() })
}

func (w *world) exec(query string, args ...any) int64 {
	w.t.Helper()
	r, err := w.db.Exec(query, args...)
	if err != nil {
		w.t.Fatalf("%.80s: %v", query, err)
	}
	id, _ := r.LastInsertId()
	return id
}

// session adds a session; more are column, value, ….
func (w *world) session(id string, more ...any) {
	w.t.Helper()
	w.now += 10
	names, values := []string{"id", "source", "started_at"}, []any{id, "cli", w.now}
	for i := 0; i < len(more); i += 2 {
		if more[i] == "source" {
			values[1] = more[i+1]
			continue
		}
		names, values = append(names, more[i].(string)), append(values, more[i+1])
	}
	w.exec(`INSERT INTO sessions (`+strings.Join(names, ",")+`) VALUES (`+marksFor(len(names))+`)`, values...)
}

// say adds a message; more are column, value, ….
func (w *world) say(session, role, content string, more ...any) int64 {
	w.t.Helper()
	w.now++
	names, values := []string{"session_id", "role", "content", "timestamp"}, []any{session, role, content, w.now}
	for i := 0; i < len(more); i += 2 {
		names, values = append(names, more[i].(string)), append(values, more[i+1])
	}
	return w.exec(`INSERT INTO messages (`+strings.Join(names, ",")+`) VALUES (`+marksFor(len(names))+`)`, values...)
}

// use adds a call of a tool and its result.
func (w *world) use(session, id, tool, args, result string) {
	w.t.Helper()
	w.say(session, "assistant", "", "tool_calls", toolCalls(id, tool, args), "finish_reason", "tool_calls")
	w.say(session, "tool", result, "tool_call_id", id, "tool_name", tool)
}

func toolCalls(id, tool, args string) string {
	b, _ := json.Marshal([]any{map[string]any{"id": id, "call_id": id, "type": "function", "function": map[string]any{"name": tool, "arguments": args}}})
	return string(b)
}

func (w *world) reader() *DB {
	d := Open(w.path, "work")
	w.t.Cleanup(func() { _ = d.Close() })
	return d
}

// told is a page in words: prompts after >, parts by their kind.
func told(turns []Settled) string {
	var b strings.Builder
	for _, s := range turns {
		fmt.Fprintf(&b, "> %s (%s)\n", s.Turn.Prompt.Text, s.Turn.State)
		for _, p := range s.Turn.Parts {
			fmt.Fprintf(&b, "%s\n", tell(p))
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func list0(t testing.TB, d *DB) []Lineage {
	t.Helper()
	all, err := d.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func page0(t testing.TB, d *DB, id string, before int64, limit int) ([]Settled, bool) {
	t.Helper()
	turns, more, err := d.Page(t.Context(), []string{id}, before, limit)
	if err != nil {
		t.Fatal(err)
	}
	return turns, more
}

func equal(t testing.TB, got, want string) {
	t.Helper()
	if got != want {
		t.Fatalf("got:\n%s\nwant:\n%s", got, want)
	}
}

var epoch = time.UnixMilli(1_790_000_000_000).UTC()
