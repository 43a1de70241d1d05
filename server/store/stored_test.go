package store_test

import (
	"os"
	"slices"
	"testing"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
	"hermes-webui/server/store"
)

func storedIDs(t *testing.T, s *store.Store, id chat.SessionID) []string {
	t.Helper()
	row, _, err := s.Session(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return row.Stored
}

func TestAnIDOfAnAgentBelongsToOneSessionOfItsProfile(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.Options{})
	a, b := session(t, s), session(t, s)
	put(t, s, a, "", chat.SessionStored{ID: "s1"}, chat.SessionStored{ID: "s2"}, chat.SessionStored{ID: "s1"})
	if got := storedIDs(t, s, a); !slices.Equal(got, []string{"s2", "s1"}) {
		t.Fatalf("stored %q", got)
	}
	_, err := s.Append(t.Context(), b, "", nil, chat.SessionStored{ID: "s2"})
	wantCode(t, err, fault.CodeIDReused)
	if got := storedIDs(t, s, b); len(got) != 0 {
		t.Fatalf("the other has %q", got)
	}
	c := chat.SessionID(chat.NewID(chat.PrefixSession))
	put(t, s, c, "", chat.SessionCreated{Agent: "demo", Profile: "work"}, chat.SessionStored{ID: "s2"})

	// What was removed for good does not come back under another name.
	if _, err := s.Purge(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	_, err = s.Append(t.Context(), b, "", nil, chat.SessionStored{ID: "s1"})
	wantCode(t, err, fault.CodeIDReused)
}

func TestSessionsOfAnOlderDatabaseAreStoredNowhere(t *testing.T) {
	dir := t.TempDir()
	schema, err := os.ReadFile("testdata/schema-2.sql")
	if err != nil {
		t.Fatal(err)
	}
	db := raw(t, dir)
	exec(t, db, string(schema), "PRAGMA user_version = 2",
		`INSERT INTO sessions (id, updated_at, pinned, archived, project, title, doc) VALUES
			('ses_a', 1, 0, 0, '', '', '{"id":"ses_a","tags":[]}')`)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if got := storedIDs(t, open(t, dir, store.Options{}), "ses_a"); got == nil || len(got) != 0 {
		t.Fatalf("stored %v, want an empty list", got)
	}
}
