package server

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"hermes-webui/server/chat"
	"hermes-webui/server/health"
	"hermes-webui/server/status"
)

// memoryLog is a log of ready events, because SQLite cannot run in a bubble of
// synctest.
type memoryLog struct {
	chat.Log
	mu     sync.Mutex
	events []chat.Event
	bell   chat.Bell
	reads  int
}

func (l *memoryLog) add(s chat.SessionID, b chat.Body) {
	l.mu.Lock()
	seq := chat.Seq(len(l.events) + 1)
	l.events = append(l.events, chat.Event{Seq: seq, At: chat.Now(), Session: s, Body: b})
	l.mu.Unlock()
	l.bell.Ring(seq, s, chat.Headline(b))
}

func (l *memoryLog) Newest() chat.Seq {
	l.mu.Lock()
	defer l.mu.Unlock()
	return chat.Seq(len(l.events))
}

func (l *memoryLog) After(_ context.Context, after chat.Seq, f chat.Filter, limit int) ([]chat.Event, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reads++
	var out []chat.Event
	for _, e := range l.events[after:] {
		if f.Match(e) && len(out) < limit {
			out = append(out, e)
		}
	}
	return out, nil
}

func (l *memoryLog) readCount() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.reads
}

// sink is a client's end of a stream.
type sink struct {
	mu      sync.Mutex
	text    strings.Builder
	writes  int
	flushes int
	until   time.Time
	err     error
}

func (s *sink) Header() http.Header { return http.Header{} }
func (s *sink) WriteHeader(int)     {}

func (s *sink) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return 0, s.err
	}
	s.writes++
	return s.text.Write(p)
}

func (s *sink) FlushError() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flushes++
	return nil
}

func (s *sink) SetWriteDeadline(t time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.until = t
	return nil
}

// take returns what came since the last take.
func (s *sink) take() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.text.String()
	s.text.Reset()
	return out
}

func openStream(log *memoryLog, board *status.Board, out *sink, f chat.Filter) *stream {
	s := &Server{log: slog.New(slog.DiscardHandler), streams: newStreams(nil)}
	s.live.Store(&running{Core: Core{Log: log, Bell: log.bell, Status: board}})
	st := newStream(s, f, out)
	st.begin(0, false)
	return st
}

func TestAPingComesEveryTenSecondsAlsoWhenMuchHappens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, out := &memoryLog{bell: chat.NewBell()}, &sink{}
		ctx, cancel := context.WithCancel(t.Context())
		go openStream(log, status.New(), out, chat.Filter{}).run(ctx)
		synctest.Wait()
		out.take()
		for range 30 {
			time.Sleep(time.Second)
			log.add("ses_1", chat.SessionTrashed{})
		}
		synctest.Wait()
		got := out.take()
		if n := strings.Count(got, "event: ping\ndata: {\"seq\":"); n != 3 {
			t.Fatalf("%d pings in 30 s: %s", n, got)
		}
		if n := strings.Count(got, "event: session_trashed\n"); n != 30 {
			t.Fatalf("%d events", n)
		}
		cancel()
	})
}

// Its cursor moves on with pings, so that a resume does not begin long ago.
func TestAStreamSleepsThroughWhatItCannotSee(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, out, board := &memoryLog{bell: chat.NewBell()}, &sink{}, status.New()
		ctx, cancel := context.WithCancel(t.Context())
		go openStream(log, board, out, chat.Filter{Sessions: []chat.SessionID{"ses_mine"}}).run(ctx)
		synctest.Wait()
		out.take()
		for range 500 {
			log.add("ses_other", chat.TextAppended{Part: "prt_1", Text: "x"})
			board.Set("wait", "ses_other", "x")
		}
		synctest.Wait()
		if got, reads := out.take(), log.readCount(); got != "" || reads > 1 {
			t.Fatalf("%d reads, wrote %q", reads, got)
		}
		time.Sleep(pingEvery)
		synctest.Wait()
		if got := out.take(); got != "id: 500\nevent: ping\ndata: {\"seq\":500}\n\n" {
			t.Fatalf("wrote %q", got)
		}
		log.add("ses_mine", chat.TextAppended{Part: "prt_2", Text: "y"})
		synctest.Wait()
		if got := out.take(); strings.Count(got, "\n\n") != 1 || !strings.HasPrefix(got, "id: 501\nevent: text_appended\ndata: {") {
			t.Fatalf("wrote %q", got)
		}
		cancel()
	})
}

func TestABatchIsOneWriteUnderADeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, out := &memoryLog{bell: chat.NewBell()}, &sink{}
		st := openStream(log, status.New(), out, chat.Filter{})
		for range 100 {
			log.add("ses_1", chat.SessionTrashed{})
		}
		ctx, cancel := context.WithCancel(t.Context())
		go st.run(ctx)
		synctest.Wait()
		if out.writes != 1 || out.flushes != 1 || !out.until.Equal(time.Now().Add(flushWithin)) {
			t.Fatalf("%d writes, %d flushes, deadline %v", out.writes, out.flushes, out.until)
		}
		cancel()
	})
}

func TestALogOfManyBatchesComesWholeAndInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, out := &memoryLog{bell: chat.NewBell()}, &sink{}
		for range 3*batchEvents + 7 {
			log.add("ses_1", chat.SessionTrashed{})
		}
		s := &Server{log: slog.New(slog.DiscardHandler), streams: newStreams(nil)}
		s.live.Store(&running{Core: Core{Log: log, Bell: log.bell, Status: status.New()}})
		st := newStream(s, chat.Filter{}, out)
		st.begin(0, true)
		ctx, cancel := context.WithCancel(t.Context())
		go st.run(ctx)
		synctest.Wait()
		if n := strings.Count(out.take(), "event: session_trashed"); n != 3*batchEvents+7 {
			t.Fatalf("%d events", n)
		}
		cancel()
	})
}

func TestAStreamWhoseClientIsGoneEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, out := &memoryLog{bell: chat.NewBell()}, &sink{err: errors.New("gone")}
		openStream(log, status.New(), out, chat.Filter{}).run(t.Context()) // returns
	})
}

func TestPresenceWithoutAStreamIsForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStreams(nil)
		s.show("orphan", presence{Visible: true})
		time.Sleep(2 * orphanFor)
		s.show("other", presence{Visible: true})
		if _, kept := s.presence["orphan"]; kept {
			t.Fatal("it is kept")
		}
	})
}

func TestHealthDoesNotHangOnStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Server{streams: newStreams(nil)}
		s.streams.lock <- struct{}{} // somebody holds it for ever
		begin := time.Now()
		f := s.lookAtLock(t.Context())
		if f.Status != health.Blocked || f.Fix == "" || time.Since(begin) != lockWithin {
			t.Fatalf("%+v after %v", f, time.Since(begin))
		}
	})
}

func TestAPanicIsAProblemAndItsWordsAreNotSent(t *testing.T) {
	var logged strings.Builder
	s := &Server{log: slog.New(slog.NewTextHandler(&logged, nil))}
	out := &sink{}
	s.recoverPanic(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("inner words") })).
		ServeHTTP(out, &http.Request{Method: http.MethodGet})
	if got := out.take(); !strings.Contains(got, `"code":"internal"`) || strings.Contains(got, "inner words") {
		t.Fatalf("sent %s", got)
	}
	if !strings.Contains(logged.String(), "inner words") {
		t.Fatal("the log does not say why")
	}
}

func TestEveryStringOfAClosedSetIsListedOnce(t *testing.T) {
	for typ, values := range closedSets {
		seen := []any{}
		for _, v := range values {
			if slices.Contains(seen, v) {
				t.Errorf("%s lists %v twice", typ, v)
			}
			seen = append(seen, v)
		}
	}
}

func TestTheFirstPageAndTheLastAreTold(t *testing.T) {
	var told []bool
	s := newStreams(func(yes bool) { told = append(told, yes) })
	one, two := &stream{}, &stream{}
	s.add(&stream{}, TrayClient)
	s.add(one, "a")
	s.add(two, "b")
	s.remove(one)
	s.remove(two)
	if len(told) != 2 || !told[0] || told[1] {
		t.Errorf("told %v", told)
	}
}
