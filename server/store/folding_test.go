package store_test

import (
	"maps"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"hermes-webui/server/chat"
	"hermes-webui/server/store"
)

// reader folds what a page would: a snapshot of nothing, then events.
type reader struct {
	cursor chat.Seq
	fold   map[chat.TurnID]*chat.Turn
}

func (r *reader) take(t *testing.T, events []chat.Event) {
	t.Helper()
	for _, e := range events {
		r.cursor = e.Seq
		if b, ok := e.Body.(chat.TurnQueued); ok {
			r.fold[e.Turn] = chat.NewTurn(e, b)
			continue
		}
		if turn := r.fold[e.Turn]; turn != nil {
			if err := chat.FoldTurn(turn, e); err != nil {
				t.Fatalf("reader at %d: %v", e.Seq, err)
			}
		}
	}
}

func TestCursorsStayValidThroughFolding(t *testing.T) {
	for _, from := range []string{"tail", "disk"} {
		t.Run(from, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { cursorsThroughFolding(t, from == "disk") })
		})
	}
}

func cursorsThroughFolding(t *testing.T, disk bool) {
	s := open(t, t.TempDir(), store.Options{FoldAfter: time.Minute})
	w := newWorld(t, s, 11)
	w.steps(900)
	for _, c := range w.sessions {
		if c.live != "" {
			w.end(c)
		}
	}
	events := all(t, s)
	// A reader stands at every position of the log.
	readers := make([]*reader, 0, len(events))
	for i := range events {
		if i%7 == 0 {
			r := &reader{fold: map[chat.TurnID]*chat.Turn{}}
			r.take(t, events[:i])
			readers = append(readers, r)
		}
	}
	if disk {
		fill(t, s)
	}
	want := foldLog(t, events)
	time.Sleep(2 * time.Minute)
	synctest.Wait()

	f := chat.Filter{}
	for _, c := range w.sessions {
		f.Sessions = append(f.Sessions, c.id)
	}
	after := drain(t, s, 0, f, 100)
	if len(after) >= len(events) {
		t.Fatalf("%d events, %d after folding", len(events), len(after))
	}
	for _, r := range readers {
		r.take(t, drain(t, s, r.cursor, f, 100))
		for id, turn := range want.turns {
			wantSame(t, "parts", r.fold[id].Parts, turn.Parts)
		}
	}
	compare(t, s, foldLogOf(t, after, want))
	onePerStream(t, after)
	if err := s.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// foldLogOf is foldLog for the sessions of want.
func foldLogOf(t *testing.T, events []chat.Event, want folded) folded {
	t.Helper()
	return foldLog(t, slices.DeleteFunc(slices.Clone(events), func(e chat.Event) bool { return want.sessions[e.Session] == nil }))
}

func onePerStream(t *testing.T, events []chat.Event) {
	t.Helper()
	type key struct {
		part   chat.PartID
		stream chat.Stream
	}
	seen := map[key]int{}
	for _, e := range events {
		if b, ok := e.Body.(chat.TextAppended); ok {
			seen[key{b.Part, b.Stream}]++
			if b.At != 0 {
				t.Fatalf("text at %d begins at %d", e.Seq, b.At)
			}
		}
	}
	for n := range maps.Values(seen) {
		if n != 1 {
			t.Fatalf("%d texts of one stream are left", n)
		}
	}
}

// fill pushes everything else out of the tail.
func fill(t *testing.T, s *store.Store) {
	t.Helper()
	id := session(t, s)
	for range 8500 {
		put(t, s, id, "trn_fill", chat.UsageReported{})
	}
}

func TestFoldingKeepsTheSeqOfTheLastText(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, t.TempDir(), store.Options{FoldAfter: time.Minute})
		id := session(t, s)
		turn := begin(t, s, id, nil, "q")
		part := newPart()
		put(t, s, id, turn, chat.PartOpened{Part: &chat.Text{PartBase: chat.PartBase{ID: part}}})
		var last chat.Seq
		for i := range 700 { // more than one slice
			last = put(t, s, id, turn, chat.TextAppended{Part: part, Stream: chat.Main, At: 2 * i, Text: "😀"})
		}
		end(t, s, id, turn)
		before := textOf(t, s, id, turn)

		time.Sleep(30 * time.Second)
		synctest.Wait()
		if n := len(all(t, s)); n < 700 {
			t.Fatalf("folded too early: %d events", n)
		}
		time.Sleep(31 * time.Second)
		synctest.Wait()
		var texts []chat.Event
		for _, e := range all(t, s) {
			if _, ok := e.Body.(chat.TextAppended); ok {
				texts = append(texts, e)
			}
		}
		if len(texts) != 1 || texts[0].Seq != last || textOf(t, s, id, turn) != before {
			t.Fatalf("%d texts, first %d, want one at %d", len(texts), texts[0].Seq, last)
		}
		if again := put(t, s, id, "", chat.HeadMoved{}); again != last+2 {
			t.Fatalf("seq %d after folding, want %d", again, last+2)
		}
	})
}

func TestTurnThatEndedBeforeTheStartIsFolded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		s := open(t, dir, store.Options{FoldAfter: time.Minute})
		id := session(t, s)
		turn := begin(t, s, id, nil, "q")
		say(t, s, id, turn, "a", "b", "c")
		end(t, s, id, turn)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		s = open(t, dir, store.Options{FoldAfter: time.Minute})
		synctest.Wait()
		onePerStream(t, all(t, s))
		if got := textOf(t, s, id, turn); got != "abc" {
			t.Fatalf("text %q", got)
		}
	})
}
