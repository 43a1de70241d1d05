package store_test

import (
	"math/rand/v2"
	"testing"

	"hermes-webui/server/chat"
	"hermes-webui/server/store"
)

// The tail of the first store has everything; of the second, opened on a longer
// log, only the end.
func TestAfterFromDiskEqualsAfterFromTail(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.Options{})
	w := newWorld(t, s, 3)
	w.steps(1500)
	rnd := rand.New(rand.NewPCG(1, 2))
	type asked struct {
		after chat.Seq
		f     chat.Filter
		limit int
	}
	var questions []asked
	var answers [][]chat.Event
	for range 60 {
		q := asked{after: chat.Seq(rnd.Int64N(int64(s.Newest()) + 2)), limit: 1 + rnd.IntN(300)}
		for _, c := range w.sessions {
			if rnd.IntN(2) == 0 {
				q.f.Sessions = append(q.f.Sessions, c.id, c.id) // twice is as good as once
			}
		}
		got, err := s.After(t.Context(), q.after, q.f, q.limit)
		if err != nil {
			t.Fatal(err)
		}
		checkPage(t, got, q.after, q.f, q.limit)
		questions, answers = append(questions, q), append(answers, got)
	}
	other := session(t, s) // fills the tail, in nobody's filter
	turn := begin(t, s, other, nil, "fill")
	part := say(t, s, other, turn)
	for i := range 5000 {
		put(t, s, other, turn, chat.TextAppended{Part: part, Stream: chat.Main, At: i, Text: "x"})
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir, store.Options{})
	for i, q := range questions {
		got, err := s.After(t.Context(), q.after, q.f, q.limit)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) > len(answers[i]) { // the headlines of the other session
			got = got[:len(answers[i])]
		}
		wantSame(t, "events", got, answers[i])
	}
}

func checkPage(t *testing.T, got []chat.Event, after chat.Seq, f chat.Filter, limit int) {
	t.Helper()
	if len(got) > limit {
		t.Fatalf("%d events, limit %d", len(got), limit)
	}
	for _, e := range got {
		if e.Seq <= after || !f.Match(e) {
			t.Fatalf("event %d of %s after %d is not for this reader", e.Seq, e.Session, after)
		}
		after = e.Seq
	}
}
