package store_test

import (
	"encoding/json"
	"slices"
	"testing"

	"hermes-webui/server/chat"
	"hermes-webui/server/store"
)

// folded is the whole log, folded without a database.
type folded struct {
	sessions map[chat.SessionID]*chat.Session
	turns    map[chat.TurnID]*chat.Turn
	started  []chat.TurnID
	asks     []chat.Ask // open ones
}

func foldLog(t *testing.T, events []chat.Event) folded {
	t.Helper()
	f := folded{sessions: map[chat.SessionID]*chat.Session{}, turns: map[chat.TurnID]*chat.Turn{}}
	for _, e := range events {
		if f.sessions[e.Session] == nil {
			f.sessions[e.Session] = &chat.Session{}
		}
		chat.FoldSession(f.sessions[e.Session], e)
		switch b := e.Body.(type) {
		case chat.TurnQueued:
			f.turns[e.Turn] = chat.NewTurn(e, b)
			continue
		case chat.TurnStarted:
			f.started = append(f.started, e.Turn)
		case chat.AskRaised:
			f.asks = append(f.asks, chat.Raised(e, b))
		case chat.AskClosed:
			f.asks = slices.DeleteFunc(f.asks, func(a chat.Ask) bool { return a.ID == b.Ask })
		case chat.TurnEnded:
			f.asks = slices.DeleteFunc(f.asks, func(a chat.Ask) bool { return a.Turn == e.Turn })
		}
		if turn := f.turns[e.Turn]; turn != nil {
			if err := chat.FoldTurn(turn, e); err != nil {
				t.Fatalf("fold %d: %v", e.Seq, err)
			}
		}
	}
	for _, turn := range f.turns {
		if turn.StartedAt != nil {
			turn.Variants = f.variants(turn)
		}
	}
	return f
}

// variants of a turn are those of now, not of its start.
func (f folded) variants(of *chat.Turn) []chat.TurnID {
	all := []chat.TurnID{}
	for _, id := range f.started {
		if t := f.turns[id]; t.Session == of.Session && same(t.Parent, of.Parent) {
			all = append(all, id)
		}
	}
	return all
}

func same(a, b *chat.TurnID) bool { return a == b || a != nil && b != nil && *a == *b }

func all(t *testing.T, s *store.Store) []chat.Event {
	t.Helper()
	var ids []chat.SessionID
	page, err := s.Sessions(t.Context(), chat.Query{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range page.Items {
		ids = append(ids, i.ID)
	}
	return drain(t, s, 0, chat.Filter{Sessions: ids}, 1000)
}

// drain reads everything past a cursor in pages.
func drain(t *testing.T, s *store.Store, after chat.Seq, f chat.Filter, limit int) []chat.Event {
	t.Helper()
	var events []chat.Event
	for {
		more, err := s.After(t.Context(), after, f, limit)
		if err != nil {
			t.Fatal(err)
		}
		if len(more) == 0 {
			return events
		}
		events = append(events, more...)
		after = more[len(more)-1].Seq
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func wantSame(t *testing.T, what string, got, want any) {
	t.Helper()
	if g, w := asJSON(t, got), asJSON(t, want); g != w {
		t.Fatalf("%s:\n got %s\nwant %s", what, g, w)
	}
}

func TestProjectionsEqualTheFoldOfTheLog(t *testing.T) {
	for seed := range uint64(4) {
		s := open(t, t.TempDir(), store.Options{})
		w := newWorld(t, s, seed)
		for range 4 {
			w.steps(250)
			compare(t, s, foldLog(t, all(t, s)))
		}
	}
}

func compare(t *testing.T, s *store.Store, want folded) {
	t.Helper()
	asks, _, err := s.Asks(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	wantSame(t, "open asks", asks, append([]chat.Ask{}, want.asks...))
	for id, turn := range want.turns {
		row, err := s.Turn(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		bare := *turn
		bare.Parts, bare.Usage = []chat.Part{}, nil
		wantSame(t, "turn row", row.Turn, bare)
	}
	for id, row := range want.sessions {
		snap, err := s.Snapshot(t.Context(), id, "", 1000)
		if err != nil {
			t.Fatal(err)
		}
		wantSame(t, "session", snap.Session, row)
		if snap.Seq != s.Newest() || snap.Before != nil {
			t.Fatalf("snapshot covers %d before %v, newest %d", snap.Seq, snap.Before, s.Newest())
		}
		path := []*chat.Turn{}
		for head := row.Head; head != nil; head = want.turns[*head].Parent {
			path = slices.Insert(path, 0, want.turns[*head])
		}
		wantSame(t, "path", snap.Turns, path)
		if len(snap.Queue.Turns) != row.Queued || snap.Queue.Held != row.Held || len(snap.Asks) != row.Asks {
			t.Fatalf("queue %d held %v asks %d, row %+v", len(snap.Queue.Turns), snap.Queue.Held, len(snap.Asks), row)
		}
	}
}

func TestQueueKeepsItsOrder(t *testing.T) {
	s := open(t, t.TempDir(), store.Options{})
	w := newWorld(t, s, 7)
	w.steps(600)
	for _, c := range w.sessions {
		got, err := s.Queue(t.Context(), c.id)
		if err != nil {
			t.Fatal(err)
		}
		wantSame(t, "queue", got, append([]chat.TurnID{}, c.queue...))
	}
}
