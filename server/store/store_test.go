package store_test

import (
	"testing"
	"time"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
	"hermes-webui/server/store"
)

func open(t *testing.T, dir string, opts store.Options) *store.Store {
	t.Helper()
	if opts.FoldAfter == 0 {
		opts.FoldAfter = time.Hour // no test is folded by surprise
	}
	s, err := store.Open(t.Context(), dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func session(t *testing.T, s *store.Store) chat.SessionID {
	t.Helper()
	id := chat.SessionID(chat.NewID(chat.PrefixSession))
	put(t, s, id, "", chat.SessionCreated{Agent: "demo"})
	return id
}

func put(t *testing.T, s *store.Store, id chat.SessionID, turn chat.TurnID, bodies ...chat.Body) chat.Seq {
	t.Helper()
	seq, err := s.Append(t.Context(), id, turn, nil, bodies...)
	if err != nil {
		t.Fatal(err)
	}
	return seq
}

func newTurn() chat.TurnID { return chat.TurnID(chat.NewID(chat.PrefixTurn)) }
func newPart() chat.PartID { return chat.PartID(chat.NewID(chat.PrefixPart)) }

// begin queues and starts a turn on parent.
func begin(t *testing.T, s *store.Store, id chat.SessionID, parent *chat.TurnID, prompt string) chat.TurnID {
	t.Helper()
	turn := newTurn()
	put(t, s, id, turn, chat.TurnQueued{Origin: chat.FromPerson, Parent: parent, Prompt: chat.Prompt{Text: prompt}},
		chat.TurnStarted{Parent: parent, Variants: []chat.TurnID{turn}, Agent: "demo"})
	return turn
}

// say writes a whole text part in pieces.
func say(t *testing.T, s *store.Store, id chat.SessionID, turn chat.TurnID, pieces ...string) chat.PartID {
	t.Helper()
	part, at := newPart(), 0
	put(t, s, id, turn, chat.PartOpened{Part: &chat.Text{PartBase: chat.PartBase{ID: part}}})
	for _, p := range pieces {
		put(t, s, id, turn, chat.TextAppended{Part: part, Stream: chat.Main, At: at, Text: p})
		at += chat.UTF16Len(p)
	}
	put(t, s, id, turn, chat.PartClosed{Part: part})
	return part
}

func end(t *testing.T, s *store.Store, id chat.SessionID, turn chat.TurnID) chat.Seq {
	t.Helper()
	return put(t, s, id, turn, chat.TurnEnded{State: chat.Done})
}

func textOf(t *testing.T, s *store.Store, id chat.SessionID, turn chat.TurnID) string {
	t.Helper()
	turns, err := s.History(t.Context(), turn)
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for _, p := range turns[len(turns)-1].Parts {
		if p, ok := p.(*chat.Text); ok {
			text += p.Text.String()
		}
	}
	return text
}

func wantCode(t *testing.T, err error, code fault.Code) {
	t.Helper()
	if err == nil || fault.CodeOf(err) != code {
		t.Fatalf("error %v, want code %s", err, code)
	}
}

func TestTurnIsReadBackAfterRestart(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.Options{})
	id := session(t, s)
	turn := begin(t, s, id, nil, "hello")
	say(t, s, id, turn, "naïve ", "😀", " end")
	last := end(t, s, id, turn)
	if s.Newest() != last {
		t.Fatalf("newest %d, want %d", s.Newest(), last)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	s = open(t, dir, store.Options{})
	snap, err := s.Snapshot(t.Context(), id, "", 10)
	if err != nil {
		t.Fatal(err)
	}
	if snap.Seq != last || len(snap.Turns) != 1 || snap.Turns[0].State != chat.Done || snap.Before != nil {
		t.Fatalf("snapshot %+v", snap)
	}
	if got := textOf(t, s, id, turn); got != "naïve 😀 end" {
		t.Fatalf("text %q", got)
	}
	info, err := s.Epochs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(info.Epochs) != 2 || info.Epochs[0].FirstSeq != 1 || info.Epochs[1].FirstSeq != last+1 || info.Log == "" {
		t.Fatalf("epochs %+v", info)
	}
}
