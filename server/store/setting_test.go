package store_test

import (
	"fmt"
	"os"
	"slices"
	"testing"

	"hermes-webui/server/chat"
	"hermes-webui/server/setting"
	"hermes-webui/server/store"
)

func TestSettingsSurviveARestart(t *testing.T) {
	dir := t.TempDir()
	agents := func() []string { return []string{"direct"} }
	s := open(t, dir, store.Options{})
	b, err := setting.Open(t.Context(), s, agents, nil)
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	b.OnChange(func() { told++ })
	agent, model := "direct", "local/one"
	price := &setting.Price{Input: 1, Output: 2}
	if _, err := b.Patch(t.Context(), setting.Change{DefaultAgent: &agent, DefaultModel: &model, Models: map[string]*setting.Model{
		model: {Window: 100, Images: setting.ImagesNo, Price: price}, "local/two": {Window: 5},
	}}); err != nil {
		t.Fatal(err)
	}
	mine := b.Get()
	delete(mine.Models, model) // it is a copy
	if _, err := b.Patch(t.Context(), setting.Change{Models: map[string]*setting.Model{"local/two": nil}}); err != nil {
		t.Fatal(err)
	}
	wrong := "nobody"
	if _, err := b.Patch(t.Context(), setting.Change{DefaultAgent: &wrong}); err == nil {
		t.Fatal("an agent that is not there was taken")
	}
	if told != 2 {
		t.Fatalf("told %d times of 2 changes", told)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	b, err = setting.Open(t.Context(), open(t, dir, store.Options{}), agents, nil)
	if err != nil {
		t.Fatal(err)
	}
	d := b.Get()
	if d.DefaultAgent != agent || d.DefaultModel != model || len(d.Models) != 1 || *d.Models[model].Price != *price {
		t.Fatalf("settings are %+v", d)
	}
}

func TestTheCacheKeepsTheNewest(t *testing.T) {
	c := open(t, t.TempDir(), store.Options{}).Cache()
	if v, err := c.Get(t.Context(), "none"); err != nil || v != nil {
		t.Fatalf("got %s, %v", v, err)
	}
	for i := range 260 {
		for range 2 { // the second replaces the first
			if err := c.Put(t.Context(), fmt.Sprintf("k%03d", i), fmt.Appendf(nil, "[%d]", i)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if v, err := c.Get(t.Context(), "k259"); err != nil || string(v) != "[259]" {
		t.Fatalf("got %s, %v", v, err)
	}
	if v, err := c.Get(t.Context(), "k000"); err != nil || v != nil {
		t.Fatalf("the oldest is still kept: %s, %v", v, err)
	}
}

func TestWorkspacesComeInTheOrderOfTheirLastUse(t *testing.T) {
	s := open(t, t.TempDir(), store.Options{})
	in := func(path string) chat.SessionID {
		id := chat.SessionID(chat.NewID(chat.PrefixSession))
		put(t, s, id, "", chat.SessionCreated{Agent: "demo", Workspace: path})
		return id
	}
	old, none, trashed := in("/old"), in(""), in("/trashed")
	in("/mid")
	in("/mid")
	put(t, s, trashed, "", chat.SessionTrashed{})
	begin(t, s, none, nil, "hello")
	tick(t, s)
	begin(t, s, old, nil, "hello")
	got, err := s.Workspaces(t.Context(), 10)
	if err != nil || !slices.Equal(got, []string{"/old", "/mid"}) {
		t.Fatalf("got %v, %v", got, err)
	}
	if got, err := s.Workspaces(t.Context(), 1); err != nil || !slices.Equal(got, []string{"/old"}) {
		t.Fatalf("got %v, %v", got, err)
	}
}

// tick appends until the clock of the log has moved on.
func tick(t *testing.T, s *store.Store) {
	t.Helper()
	id := session(t, s)
	at := func() chat.Time {
		row, _, err := s.Session(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return row.UpdatedAt
	}
	for first := at(); !at().After(first.Time); {
		begin(t, s, session(t, s), nil, "tick")
		put(t, s, id, newTurn(), chat.TurnQueued{Origin: chat.FromPerson, Prompt: chat.Prompt{Text: "tick"}})
	}
}

func TestWorkspacesOfAnOlderDatabaseAreFound(t *testing.T) {
	dir := t.TempDir()
	schema, err := os.ReadFile("testdata/schema-1.sql")
	if err != nil {
		t.Fatal(err)
	}
	db := raw(t, dir)
	exec(t, db, string(schema), "PRAGMA user_version = 1",
		`INSERT INTO sessions (id, updated_at, pinned, archived, project, title, doc) VALUES
			('ses_a', 1, 0, 0, '', '', '{"id":"ses_a","workspace":"/old"}'), ('ses_b', 2, 0, 0, '', '', '{"id":"ses_b"}')`)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s := open(t, dir, store.Options{})
	if got, err := s.Workspaces(t.Context(), 9); err != nil || !slices.Equal(got, []string{"/old"}) {
		t.Fatalf("got %v, %v", got, err)
	}
}
