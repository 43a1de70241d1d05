package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
	"hermes-webui/server/store"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// elsewhere is a session as an agent has it, n minutes after noon.
func elsewhere(n int) chat.Session {
	root := fmt.Sprintf("s%d", n)
	at := chat.At(noon.Add(time.Duration(n) * time.Minute))
	return chat.Session{
		ID: chat.ForeignID("", root), Source: []string{"cli", "telegram"}[n%2], Title: root, TitleBy: chat.TitleAgent,
		Agent: "hermes", Workspace: "/w", Tags: []string{}, Stored: []string{root}, CreatedAt: at, UpdatedAt: at,
	}
}

func mirror(t *testing.T, s *store.Store, rows ...chat.Session) []chat.SessionID {
	t.Helper()
	ids, err := s.Mirror(t.Context(), rows)
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func foundBody(s chat.Session) chat.SessionFound {
	return chat.SessionFound{
		Source: s.Source, Agent: s.Agent, Profile: s.Profile, Title: s.Title, Workspace: s.Workspace, Model: s.Model,
		Stored: s.Stored, CreatedAt: s.CreatedAt, UpdatedAt: s.UpdatedAt,
	}
}

func row(t *testing.T, s *store.Store, id chat.SessionID) chat.Session {
	t.Helper()
	r, _, err := s.Session(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func listed(t *testing.T, s *store.Store, q chat.Query) []chat.SessionID {
	t.Helper()
	var ids []chat.SessionID
	for q.Limit = 7; ; {
		page, err := s.Sessions(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range page.Items {
			ids = append(ids, i.ID)
		}
		if page.Next == nil {
			return ids
		}
		q.Cursor = *page.Next
	}
}

func TestSessionsFromElsewhereAreListedWithOurs(t *testing.T) {
	s := open(t, t.TempDir(), store.Options{})
	before := s.Newest()
	all := make([]chat.Session, 450)
	for i := range all {
		all[i] = elsewhere(i)
	}
	if n := len(mirror(t, s, all...)); n != 450 {
		t.Fatalf("%d written", n)
	}
	if s.Newest() != before {
		t.Error("mirroring wrote to the log")
	}
	ours := session(t, s)
	got := listed(t, s, chat.Query{})
	if len(got) != 451 || got[0] != ours || got[1] != all[449].ID || got[450] != all[0].ID {
		t.Fatalf("%d listed", len(got))
	}
	for source, want := range map[string]int{"": 451, "cli": 225, "telegram": 225, chat.SourceHere: 1, "slack": 0} {
		if n := len(listed(t, s, chat.Query{Source: source})); n != want {
			t.Errorf("%d of source %q, want %d", n, source, want)
		}
	}
	if w, err := s.Workspaces(t.Context(), 9); err != nil || slices.Contains(w, "/w") {
		t.Errorf("workspaces %v, %v", w, err)
	}
}

func TestWhatAPersonAddsToASessionFromElsewhereIsInTheLog(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.Options{})
	is := elsewhere(1)
	mirror(t, s, is)
	pinned := true
	if _, err := s.Append(t.Context(), is.ID, "", nil, chat.SessionChanged{Pinned: &pinned}); err == nil {
		t.Fatal("an event without a beginning was taken")
	}
	title, by := "Mine", chat.TitlePerson
	put(t, s, is.ID, "", foundBody(is), chat.SessionChanged{Pinned: &pinned, Title: &title, TitleBy: &by})
	_, err := s.Append(t.Context(), is.ID, "", nil, foundBody(is))
	wantCode(t, err, fault.CodeIDReused)

	later := is
	later.Title, later.UpdatedAt, later.Stored = "Theirs", chat.At(noon.Add(time.Hour)), []string{"s1", "s1b"}
	mirror(t, s, later)
	got := row(t, s, is.ID)
	if got.Foreign != chat.Kept || !got.Pinned || got.Title != "Mine" || len(got.Stored) != 2 || got.EndedSeq <= got.ReadSeq {
		t.Fatalf("got %+v", got)
	}
	if err := s.Unmirror(t.Context(), []chat.SessionID{is.ID}); err != nil {
		t.Fatal(err)
	}
	row(t, s, is.ID) // what is ours stays

	// Removed here for good, it does not come back.
	if _, err := s.Purge(t.Context(), is.ID); err != nil {
		t.Fatal(err)
	}
	if ids := mirror(t, s, later); len(ids) != 0 {
		t.Fatal("a purged session came back")
	}
	by2, err := s.StoredBy(t.Context(), "")
	if err != nil || by2["s1"] != is.ID {
		t.Fatalf("%v, %v", by2, err)
	}
}

func TestAMirroredRowGoesWithItsSessionOrWhenItIsOurs(t *testing.T) {
	s := open(t, t.TempDir(), store.Options{})
	a, b := elsewhere(1), elsewhere(2)
	mirror(t, s, a, b)
	if err := s.Unmirror(t.Context(), []chat.SessionID{a.ID}); err != nil {
		t.Fatal(err)
	}
	_, _, err := s.Session(t.Context(), a.ID)
	wantCode(t, err, fault.CodeNoSession)
	ours := session(t, s)
	put(t, s, ours, "", chat.SessionStored{ID: "s2"})
	_, _, err = s.Session(t.Context(), b.ID)
	wantCode(t, err, fault.CodeNoSession)
	if _, err := s.Purge(t.Context(), elsewhereIn(t, s, 3)); err != nil {
		t.Fatal(err)
	}
}

func elsewhereIn(t *testing.T, s *store.Store, n int) chat.SessionID {
	t.Helper()
	mirror(t, s, elsewhere(n))
	return elsewhere(n).ID
}

// settled makes turns that were done elsewhere, each on the one before.
func settled(n int) []chat.Settled {
	var all []chat.Settled
	var parent *chat.TurnID
	for i := range n {
		at := chat.At(noon.Add(time.Duration(i) * time.Second))
		t := &chat.Turn{
			ID: chat.ForeignTurnID("", int64(4*i)), Parent: parent, Origin: chat.FromElsewhere, State: chat.Done, Agent: "hermes",
			Prompt: chat.Prompt{Text: fmt.Sprintf("prompt %d", i)}, QueuedAt: at, StartedAt: &at, EndedAt: &at,
			Parts: []chat.Part{&chat.Text{PartBase: chat.PartBase{ID: newPart(), OpenedAt: at, ClosedAt: &at}, Text: chat.SpanOf(fmt.Sprintf("answer %d", i))}},
		}
		rows := make([]chat.Row, 4)
		for r := range rows {
			rows[r] = chat.Row{ID: int64(4*i + r), Role: "user", Digest: fmt.Sprint(i, r)}
		}
		all, parent = append(all, chat.Settled{Turn: t, Rows: rows}), &t.ID
	}
	return all
}

func TestAnImportIsShownAtOnceOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.Options{})
	is := elsewhere(1)
	mirror(t, s, is)
	put(t, s, is.ID, "", foundBody(is))
	turns := settled(500)
	for range 2 { // the first comes to no end
		if err := s.Unimport(t.Context(), is.ID); err != nil {
			t.Fatal(err)
		}
		if snap := snapshot(t, s, is.ID); len(snap.Turns) != 0 {
			t.Fatal("an import is shown before its end")
		}
		if m, err := s.Messages(t.Context(), is.ID); err != nil || len(m) != 0 {
			t.Fatalf("%d messages are left, %v", len(m), err)
		}
		if err := s.Import(t.Context(), is.ID, turns); err != nil {
			t.Fatal(err)
		}
	}
	put(t, s, is.ID, "", chat.SessionCaughtUp{Head: turns[499].Turn.ID})
	if err := s.Unimport(t.Context(), is.ID); err == nil {
		t.Fatal("what is shown was taken back")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir, store.Options{})
	snap := snapshot(t, s, is.ID)
	if len(snap.Turns) != 20 || snap.Before == nil || snap.Session.Foreign != chat.Ours || snap.Session.Source != "telegram" {
		t.Fatalf("%d turns, %+v", len(snap.Turns), snap.Session)
	}
	last := snap.Turns[19]
	if last.Prompt.Text != "prompt 499" || last.Parts[0].(*chat.Text).Text.String() != "answer 499" || len(last.Variants) != 1 || last.Session != is.ID {
		t.Errorf("got %+v", last)
	}
	n := 0
	if _, err := s.Walk(t.Context(), is.ID, func(t *chat.Turn) bool { n += len(t.Parts); return true }); err != nil || n != 500 {
		t.Errorf("walked %d parts, %v", n, err)
	}
	m, err := s.Messages(t.Context(), is.ID)
	if err != nil || len(m) != 2000 || m[1999].ID != 1999 || m[1999].Turn != last.ID {
		t.Errorf("%d messages, %v", len(m), err)
	}
	for _, e := range drain(t, s, 0, chat.Filter{Sessions: []chat.SessionID{is.ID}}, 1000)[1:501] {
		if _, ok := e.Body.(chat.TurnImported); !ok {
			t.Fatalf("the log has %s among what was imported", chat.KindOf(e.Body))
		}
	}
}

func snapshot(t *testing.T, s *store.Store, id chat.SessionID) chat.Snapshot {
	t.Helper()
	snap, err := s.Snapshot(t.Context(), id, "", 20)
	if err != nil {
		t.Fatal(err)
	}
	return snap
}
