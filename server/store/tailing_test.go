package store_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"hermes-webui/server/chat"
	"hermes-webui/server/store"
)

// While turns are written and folded, readers load a snapshot and go on from its
// seq: none of them meets a gap, and all end with what a new snapshot shows.
func TestLoadThenTailHasNoGapWhileTurnsAreFolded(t *testing.T) {
	s := open(t, t.TempDir(), store.Options{FoldAfter: time.Nanosecond})
	id := session(t, s)
	done := make(chan struct{})
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for loads := 0; ; loads++ {
				snap := loadThenTail(t, s, id, done)
				if t.Failed() {
					return
				}
				select {
				case <-done:
					fresh, err := s.Snapshot(context.Background(), id, "", 1000)
					if err != nil || asJSON(t, fresh.Turns) != asJSON(t, snap.Turns) {
						t.Errorf("a reader ended with another transcript: %v", err)
					}
					return
				default:
				}
			}
		})
	}
	var parent *chat.TurnID
	for range 25 {
		turn := begin(t, s, id, parent, "q")
		say(t, s, id, turn, "one ", "two ", "😀", " three", "", "four")
		say(t, s, id, turn, "five ", "six")
		end(t, s, id, turn)
		parent = &turn
	}
	close(done)
	wg.Wait()
}

// loadThenTail follows until all is written, or for a while.
func loadThenTail(t *testing.T, s *store.Store, id chat.SessionID, done chan struct{}) chat.Snapshot {
	t.Helper()
	snap, err := s.Snapshot(context.Background(), id, "", 1000)
	if err != nil {
		t.Error(err)
		return snap
	}
	if snap.Seq > s.Newest() {
		t.Errorf("snapshot covers %d, newest is %d", snap.Seq, s.Newest())
	}
	fold := chat.NewFold(snap)
	for cursor, rounds := snap.Seq, 0; rounds < 40; rounds++ {
		written := false
		select {
		case <-done:
			written = true
		default:
		}
		events, err := s.After(context.Background(), cursor, chat.Filter{Sessions: []chat.SessionID{id}}, 10)
		if err != nil {
			t.Error(err)
			return fold.Snapshot
		}
		for _, e := range events {
			if err := fold.Apply(e); err != nil {
				t.Errorf("reader from %d at %d: %v", snap.Seq, e.Seq, err)
				return fold.Snapshot
			}
			cursor = e.Seq
		}
		if written {
			rounds = 0 // to the end
			if len(events) == 0 {
				break
			}
		}
	}
	return fold.Snapshot
}
