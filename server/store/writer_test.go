package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
	"hermes-webui/server/store"
)

var errRefused = errors.New("refused")

// A guard that waits holds the writer, so that what comes meanwhile is committed
// together.
func TestRefusedAppendTakesNothingOfItsGroup(t *testing.T) {
	s := open(t, t.TempDir(), store.Options{})
	id := session(t, s)
	hold, held := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		_, _ = s.Append(context.Background(), id, "", func(chat.View) error { close(held); <-hold; return nil })
	})
	<-held
	results := make([]error, 20)
	turns := make([]chat.TurnID, 20)
	for i := range results {
		turns[i] = newTurn()
		wg.Go(func() {
			// The events are written before the projection refuses the second one.
			bodies := []chat.Body{chat.TurnQueued{Origin: chat.FromAgent}}
			if i%2 == 1 {
				bodies = append(bodies, chat.TurnQueued{Origin: chat.FromAgent})
			}
			_, results[i] = s.Append(context.Background(), id, turns[i], nil, bodies...)
		})
	}
	close(hold)
	wg.Wait()
	for i, err := range results {
		_, absent := s.Turn(t.Context(), turns[i])
		if i%2 == 1 {
			wantCode(t, err, fault.CodeIDReused)
			wantCode(t, absent, fault.CodeNoTurn)
			continue
		}
		if err != nil || absent != nil {
			t.Fatalf("append %d: %v, read %v", i, err, absent)
		}
	}
	compare(t, s, foldLog(t, all(t, s)))
	events := all(t, s)
	if len(events) != 11 || s.Newest() != 11 {
		t.Fatalf("%d events up to %d: a refused append left something", len(events), s.Newest())
	}
}

func TestGuardSeesWhatIsTrueAndItsErrorIsReturned(t *testing.T) {
	s := open(t, t.TempDir(), store.Options{})
	id := session(t, s)
	before := s.Newest()
	_, err := s.Append(t.Context(), id, newTurn(), func(v chat.View) error {
		if _, err := v.Session(id); err != nil {
			return err
		}
		_, err := v.Turn("trn_none")
		wantCode(t, err, fault.CodeNoTurn)
		return errRefused
	}, chat.TurnQueued{Origin: chat.FromPerson})
	if !errors.Is(err, errRefused) || s.Newest() != before || len(all(t, s)) != 1 {
		t.Fatalf("error %v, newest %d", err, s.Newest())
	}
	seq, err := s.Append(t.Context(), id, "", func(chat.View) error { return nil })
	if err != nil || seq != before {
		t.Fatalf("a guard alone returns %d, %v; newest is %d", seq, err, before)
	}
}

func TestHundredIdenticalTurnsMakeOne(t *testing.T) {
	s := open(t, t.TempDir(), store.Options{})
	id, turn := session(t, s), newTurn()
	var wg sync.WaitGroup
	errs := make([]error, 100)
	for i := range errs {
		wg.Go(func() {
			_, errs[i] = s.Append(context.Background(), id, turn, func(v chat.View) error {
				if _, err := v.Turn(turn); fault.CodeOf(err) != fault.CodeNoTurn {
					return errRefused
				}
				return nil
			}, chat.TurnQueued{Origin: chat.FromPerson})
		})
	}
	wg.Wait()
	made := 0
	for _, err := range errs {
		if err == nil {
			made++
		} else if !errors.Is(err, errRefused) {
			t.Fatal(err)
		}
	}
	if made != 1 {
		t.Fatalf("%d turns were made", made)
	}
}

func TestAppendWhoseCallerLeftBeforeIsNotWritten(t *testing.T) {
	s := open(t, t.TempDir(), store.Options{})
	id := session(t, s)
	hold, held := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		_, _ = s.Append(context.Background(), id, "", func(chat.View) error { close(held); <-hold; return nil })
	})
	<-held
	ctx, cancel := context.WithCancel(t.Context())
	left := make(chan error)
	go func() {
		_, err := s.Append(ctx, id, newTurn(), nil, chat.TurnQueued{Origin: chat.FromPerson})
		left <- err
	}()
	cancel()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v", err)
	}
	close(hold)
	wg.Wait()
	if n := len(all(t, s)); n != 1 {
		t.Fatalf("%d events, want only the session's", n)
	}
}

func TestBellRingsAfterTheEventIsThere(t *testing.T) {
	s := open(t, t.TempDir(), store.Options{})
	id := session(t, s)
	turn := begin(t, s, id, nil, "q")
	part := say(t, s, id, turn)
	var wg sync.WaitGroup
	const n = 200
	f := chat.Filter{Sessions: []chat.SessionID{id}}
	from := s.Newest()
	for range 4 {
		wg.Go(func() {
			after := from
			for got, wakes := 0, 0; got < n; wakes++ {
				// An event may be read before its own ring: one wake more, at most.
				if wakes > 2*n {
					t.Error("the bell rings for nothing")
					return
				}
				if err := s.Bell().Wait(context.Background(), after, f); err != nil {
					t.Error(err)
					return
				}
				events, err := s.After(context.Background(), after, f, 50)
				if err != nil {
					t.Error(err)
					return
				}
				got += len(events)
				for _, e := range events {
					after = e.Seq
				}
			}
		})
	}
	for i := range n {
		put(t, s, id, turn, chat.TextAppended{Part: part, Stream: chat.Main, At: i, Text: "x"})
	}
	wg.Wait()
}

func TestClosedStoreRefuses(t *testing.T) {
	s := open(t, t.TempDir(), store.Options{})
	id := session(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := s.Append(context.Background(), id, newTurn(), nil, chat.TurnQueued{})
	wantCode(t, err, fault.CodeStopping)
}

func BenchmarkAppendTextOf20Sessions(b *testing.B) {
	s, err := store.Open(b.Context(), b.TempDir(), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	var wg sync.WaitGroup
	b.ResetTimer()
	for n := range 20 {
		id, turn, part := chat.SessionID(fmt.Sprintf("ses_%026d", n)), newTurn(), newPart()
		wg.Go(func() {
			for i := range b.N/20 + 1 {
				_, err := s.Append(context.Background(), id, turn, nil,
					chat.TextAppended{Part: part, Stream: chat.Main, At: i * 12, Text: "twelve bytes"})
				if err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	size, _ := s.Size()
	b.ReportMetric(float64(size.Database+size.WAL)/float64(b.N), "disk-B/op")
}

func BenchmarkAppendDurable(b *testing.B) {
	s, err := store.Open(b.Context(), b.TempDir(), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	id := chat.SessionID(chat.NewID(chat.PrefixSession))
	if _, err := s.Append(b.Context(), id, "", nil, chat.SessionCreated{}); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := s.Append(b.Context(), id, newTurn(), nil, chat.TurnQueued{Origin: chat.FromPerson}); err != nil {
			b.Fatal(err)
		}
	}
}

// One event is delivered to each of 1000 readers that follow one session each.
func BenchmarkTailFanOut(b *testing.B) {
	s, err := store.Open(b.Context(), b.TempDir(), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	ids := make([]chat.SessionID, 20)
	for i := range ids {
		ids[i] = chat.SessionID(fmt.Sprintf("ses_%026d", i))
	}
	for i := range 4000 {
		_, err := s.Append(b.Context(), ids[i%20], "trn_x", nil, chat.TextAppended{Part: "prt_x", Stream: chat.Main, Text: "twelve bytes"})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		for i := range 1000 {
			f := chat.Filter{Sessions: ids[i%20 : i%20+1]}
			if _, err := s.After(b.Context(), s.Newest()-20, f, 100); err != nil {
				b.Fatal(err)
			}
		}
	}
}
