package store_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
	"hermes-webui/server/store"
)

const secret = "correct-horse-battery-staple"

// fileBytes returns what lies on the disk after everything was written there.
func fileBytes(t *testing.T, s *store.Store, dir string) []byte {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	var all []byte
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b...)
	}
	return all
}

// secrets fills a session with the secret in every place that takes text.
func secrets(t *testing.T, s *store.Store, id chat.SessionID, n int) {
	t.Helper()
	title := secret
	put(t, s, id, "", chat.SessionChanged{Title: &title, Tags: &[]string{secret}})
	for i := range n {
		turn := begin(t, s, id, nil, secret+fmt.Sprint(i))
		ask := chat.AskID(chat.NewID(chat.PrefixAsk))
		put(t, s, id, turn, chat.AskRaised{Ask: chat.Ask{ID: ask, Kind: chat.Question, Title: secret}},
			chat.AskClosed{Ask: ask, How: chat.Answered, Text: secret})
		say(t, s, id, turn, secret, secret+string(bytes.Repeat([]byte(secret), 400)), secret)
		end(t, s, id, turn)
	}
	put(t, s, id, newTurn(), chat.TurnQueued{Origin: chat.FromAgent, Prompt: chat.Prompt{Text: secret}})
	put(t, s, id, newTurn(), chat.TurnQueued{Origin: chat.FromAgent, Prompt: chat.Prompt{Text: secret}})
	d, err := s.PutDraft(t.Context(), id, chat.Draft{Text: secret, Rev: int64(n)})
	if err != nil || d.Rev != int64(n)+1 {
		t.Fatalf("draft %+v, %v", d, err)
	}
}

func TestPurgeLeavesNothing(t *testing.T) {
	for _, folded := range []bool{false, true} {
		t.Run(fmt.Sprintf("folded=%v", folded), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { purgeLeavesNothing(t, folded) })
		})
	}
}

func purgeLeavesNothing(t *testing.T, fold bool) {
	dir := t.TempDir()
	s := open(t, dir, store.Options{FoldAfter: time.Minute})
	id, other := session(t, s), session(t, s)
	secrets(t, s, id, 60)
	turn := begin(t, s, other, nil, "stays")
	say(t, s, other, turn, "this stays")
	end(t, s, other, turn)
	if fold {
		time.Sleep(2 * time.Minute)
		synctest.Wait()
	}
	seq, err := s.Purge(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if seq != s.Newest() {
		t.Fatalf("tombstone %d, newest %d", seq, s.Newest())
	}
	_, _, err = s.Session(t.Context(), id)
	wantCode(t, err, fault.CodePurged)
	_, err = s.Append(t.Context(), id, "", nil, chat.SessionCreated{})
	wantCode(t, err, fault.CodePurged)
	_, err = s.Append(t.Context(), id, "trn_x", nil, chat.TextAppended{Text: "late"})
	wantCode(t, err, fault.CodePurged)
	_, err = s.PutDraft(t.Context(), id, chat.Draft{Text: "late"})
	wantCode(t, err, fault.CodePurged)
	for _, after := range []chat.Seq{0, 5} {
		for _, e := range drain(t, s, after, chat.Filter{Sessions: []chat.SessionID{id}}, 100) {
			if _, tombstone := e.Body.(chat.SessionPurged); e.Session == id && !tombstone {
				t.Fatalf("event %d of a purged session: %s", e.Seq, e.Wire())
			}
		}
	}
	if got := textOf(t, s, other, turn); got != "this stays" {
		t.Fatalf("the other session has %q", got)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(fileBytes(t, s, dir), []byte(secret)); n != 0 {
		t.Fatalf("the purged words are %d times in the file", n)
	}
}

func TestSeqGrowsAfterPurgeAndRestart(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.Options{})
	id := session(t, s)
	secrets(t, s, id, 1)
	seq, err := s.Purge(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.Purge(t.Context(), id); err != nil || again != seq {
		t.Fatalf("purged again: %d, %v; want %d", again, err, seq)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir, store.Options{})
	if s.Newest() != seq || s.Epoch().FirstSeq != seq+1 {
		t.Fatalf("newest %d, epoch %+v, want %d", s.Newest(), s.Epoch(), seq)
	}
	session(t, s)
	if s.Newest() != seq+1 {
		t.Fatalf("newest %d, want %d", s.Newest(), seq+1)
	}
}

func TestForkStaysReadableWhenItsSourceIsPurged(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.Options{})
	source := session(t, s)
	first := begin(t, s, source, nil, "first")
	say(t, s, source, first, "shared words")
	end(t, s, source, first)
	second := begin(t, s, source, &first, secret)
	say(t, s, source, second, secret)
	end(t, s, source, second)

	fork := chat.SessionID(chat.NewID(chat.PrefixSession))
	put(t, s, fork, "", chat.SessionCreated{Agent: "demo"}, chat.SessionForked{From: chat.Ref{Session: source, Turn: first}})
	own := begin(t, s, fork, &first, "own")
	end(t, s, fork, own)

	if _, err := s.Purge(t.Context(), source); err != nil {
		t.Fatal(err)
	}
	snap, err := s.Snapshot(t.Context(), fork, "", 10)
	if err != nil || len(snap.Turns) != 2 || snap.Turns[0].ID != first {
		t.Fatalf("fork shows %+v, %v", snap.Turns, err)
	}
	if got := textOf(t, s, fork, first); got != "shared words" {
		t.Fatalf("shared turn reads %q", got)
	}
	_, err = s.Turn(t.Context(), first)
	wantCode(t, err, fault.CodePurged)
	_, err = s.Turn(t.Context(), second)
	wantCode(t, err, fault.CodeNoTurn)

	if _, err := s.Purge(t.Context(), fork); err != nil {
		t.Fatal(err)
	}
	file := fileBytes(t, s, dir)
	for _, words := range []string{secret, "shared words"} {
		if bytes.Contains(file, []byte(words)) {
			t.Fatalf("%q is still in the file", words)
		}
	}
}

func TestPurgeThatWasCutShortIsFinishedAtTheNextStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		s := open(t, dir, store.Options{})
		id := session(t, s)
		secrets(t, s, id, 60)
		put(t, s, id, "", chat.SessionPurged{})
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = open(t, dir, store.Options{})
		synctest.Wait()
		_, err := s.Append(t.Context(), id, "trn_x", nil, chat.TextAppended{Text: secret})
		wantCode(t, err, fault.CodePurged)
		if bytes.Contains(fileBytes(t, s, dir), []byte(secret)) {
			t.Fatal("the purged words are still in the file")
		}
	})
}

func TestTrashIsPurgedWhenItIsOldAndATombstoneIsFinished(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		s := open(t, dir, store.Options{})
		id, kept, tomb := session(t, s), session(t, s), session(t, s)
		put(t, s, id, "", chat.SessionTrashed{})
		put(t, s, kept, "", chat.SessionTrashed{})
		put(t, s, kept, "", chat.SessionRestored{})
		put(t, s, tomb, "", chat.SessionPurged{}) // as a lane writes it
		synctest.Wait()
		for _, e := range drain(t, s, 0, chat.Filter{}, 100) {
			if _, ok := e.Body.(chat.SessionCreated); ok && e.Session == tomb {
				t.Fatal("the tombstone did not start the removal")
			}
		}
		time.Sleep(29 * 24 * time.Hour)
		synctest.Wait()
		if _, _, err := s.Session(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		time.Sleep(25 * time.Hour)
		synctest.Wait()
		_, _, err := s.Session(t.Context(), id)
		wantCode(t, err, fault.CodePurged)
		if _, _, err := s.Session(t.Context(), kept); err != nil {
			t.Fatal(err)
		}
	})
}

func TestATurnOfAPurgedSessionIsShownOnlyByAFork(t *testing.T) {
	s := open(t, t.TempDir(), store.Options{})
	source := session(t, s)
	first := begin(t, s, source, nil, "first")
	end(t, s, source, first)
	second := begin(t, s, source, &first, "second")
	end(t, s, source, second)
	fork := chat.SessionID(chat.NewID(chat.PrefixSession))
	put(t, s, fork, "", chat.SessionCreated{Agent: "demo"}, chat.SessionForked{From: chat.Ref{Session: source, Turn: first}})

	seen := func(turn chat.TurnID) (guarded error) {
		_, err := s.Append(t.Context(), fork, "", func(v chat.View) error {
			_, guarded = v.Shown(turn)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return guarded
	}
	put(t, s, source, "", chat.SessionPurged{}) // its turns may or may not be there still
	if err := seen(second); fault.CodeOf(err) != fault.CodePurged && fault.CodeOf(err) != fault.CodeNoTurn {
		t.Fatalf("a turn that is going is shown: %v", err)
	}
	if _, err := s.Purge(t.Context(), source); err != nil {
		t.Fatal(err)
	}
	if row, err := s.Shown(t.Context(), first); err != nil || row.ID != first {
		t.Fatalf("shown %+v, %v", row, err)
	}
	if err := seen(first); err != nil {
		t.Fatal(err)
	}
	_, err := s.Shown(t.Context(), second)
	wantCode(t, err, fault.CodeNoTurn)
	wantCode(t, seen(second), fault.CodeNoTurn)
}
