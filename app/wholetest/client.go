package wholetest

import (
	"context"
	"encoding/json"
	"strconv"
	"sync"
	"testing"
	"time"

	"hermes-webui/server/chat"
)

// Session makes a session with an agent and returns its id.
func (p *Program) Session(agent, model string) chat.SessionID {
	p.tb.Helper()
	id := chat.SessionID(chat.NewID(chat.PrefixSession))
	p.Do(201, "POST", "/api/sessions", map[string]any{"id": id, "agent": agent, "model": model})
	return id
}

// Send sends a prompt and returns the turn's id.
func (p *Program) Send(s chat.SessionID, text string) chat.TurnID {
	p.tb.Helper()
	id := chat.TurnID(chat.NewID(chat.PrefixTurn))
	p.Do(202, "POST", "/api/sessions/"+string(s)+"/turns", map[string]any{"id": id, "text": text})
	return id
}

// Snapshot loads a session.
func (p *Program) Snapshot(s chat.SessionID) chat.Snapshot {
	p.tb.Helper()
	var snap chat.Snapshot
	p.Do(200, "GET", "/api/sessions/"+string(s), nil).Into(p.tb, &snap)
	return snap
}

// Ended waits until a turn has ended and returns it.
func (p *Program) Ended(s chat.SessionID, turn chat.TurnID) *chat.Turn {
	p.tb.Helper()
	w := p.Watch(p.tb.Context(), s)
	defer w.Close()
	w.Until(func(f *chat.Fold) bool {
		t := find(f, turn)
		return t != nil && t.State.Ended()
	})
	return find(&chat.Fold{Snapshot: p.Snapshot(s)}, turn)
}

func find(f *chat.Fold, turn chat.TurnID) *chat.Turn {
	for _, t := range f.Turns {
		if t.ID == turn {
			return t
		}
	}
	return nil
}

// TextOf joins the text parts of a turn.
func TextOf(t *chat.Turn) string {
	s := ""
	for _, part := range t.Parts {
		if text, ok := part.(*chat.Text); ok {
			s += text.Text.String()
		}
	}
	return s
}

// Watcher is a client that has one session open: it loads the snapshot, tails,
// folds, and comes back with Last-Event-ID when its connection breaks.
type Watcher struct {
	p      *Program
	cancel context.CancelFunc
	done   chan struct{}
	// cut returns after how many bytes the next connection breaks; 0 = never.
	cut func() int64

	mu     sync.Mutex
	change *sync.Cond
	fold   *chat.Fold
	ids    []string // of log events, in order
	gone   bool
	err    error
	times  int // connections
}

// Watch opens a session.
func (p *Program) Watch(ctx context.Context, s chat.SessionID) *Watcher { return p.watch(ctx, s, nil) }

// WatchCut is Watch with connections that break.
func (p *Program) WatchCut(ctx context.Context, s chat.SessionID, cut func() int64) *Watcher {
	return p.watch(ctx, s, cut)
}

func (p *Program) watch(ctx context.Context, s chat.SessionID, cut func() int64) *Watcher {
	p.tb.Helper()
	ctx, cancel := context.WithCancel(ctx)
	w := &Watcher{p: p, cancel: cancel, cut: cut, done: make(chan struct{}), fold: chat.NewFold(p.Snapshot(s))}
	w.change = sync.NewCond(&w.mu)
	go w.run(ctx, s)
	return w
}

func (w *Watcher) run(ctx context.Context, s chat.SessionID) {
	defer close(w.done)
	defer func() {
		w.mu.Lock()
		w.gone = true
		w.change.Broadcast()
		w.mu.Unlock()
	}()
	after, last := strconv.FormatInt(int64(w.fold.Seq), 10), ""
	for ctx.Err() == nil {
		st, err := w.p.Open(ctx, []string{string(s)}, after, last)
		if err != nil {
			time.Sleep(2 * time.Millisecond) // the server is another process
			continue
		}
		w.mu.Lock()
		w.times++
		w.mu.Unlock()
		stop := context.AfterFunc(ctx, st.Close)
		w.limit(st)
		for {
			f, err := st.Next()
			if err != nil {
				break
			}
			if f.ID != "" {
				last = f.ID
			}
			if !w.take(f) {
				stop()
				st.Close()
				return
			}
		}
		stop()
		st.Close()
	}
}

// limit makes the connection break, if it shall: a few in the hello, the others
// at a random byte after it.
func (w *Watcher) limit(st *Stream) {
	if w.cut == nil {
		return
	}
	n := w.cut()
	if n == 0 {
		return
	}
	if n%8 != 0 {
		_, _ = st.Next() // the hello; an error shows again at the next read
	}
	st.CutAfter(n)
}

func (w *Watcher) take(f Frame) bool {
	e, ok, err := f.Event()
	w.mu.Lock()
	defer w.mu.Unlock()
	defer w.change.Broadcast()
	if err == nil && ok {
		w.ids = append(w.ids, f.ID)
		err = w.fold.Apply(e)
	}
	if f.Kind == "reset" {
		w.err = errReset
		return false
	}
	if err != nil {
		w.err = err
		return false
	}
	return true
}

var errReset = &resetError{}

type resetError struct{}

func (*resetError) Error() string { return "the server asked for a reset" }

// Until waits until ok holds for what the watcher has folded.
func (w *Watcher) Until(ok func(*chat.Fold) bool) {
	w.p.tb.Helper()
	if !w.Came(ok) {
		w.p.tb.Fatalf("the watcher ended before what it waits for came: %v", w.err)
	}
}

// Came is Until that reports false where the watcher ended: at a gap a page loads
// the session anew.
func (w *Watcher) Came(ok func(*chat.Fold) bool) bool {
	timer := time.AfterFunc(90*time.Second, w.cancel)
	defer timer.Stop()
	w.mu.Lock()
	defer w.mu.Unlock()
	for !ok(w.fold) {
		if w.gone {
			return false
		}
		w.change.Wait()
	}
	return true
}

// See runs f with what the watcher has folded.
func (w *Watcher) See(f func(*chat.Fold)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f(w.fold)
}

// IDs returns the ids of the events so far, in the order of their coming.
func (w *Watcher) IDs() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string(nil), w.ids...)
}

// Connections returns how many connections it took.
func (w *Watcher) Connections() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.times
}

// Close ends the watcher.
func (w *Watcher) Close() {
	w.cancel()
	<-w.done
}

// Shown returns what a person would see: the fold without what is not folded.
func Shown(tb testing.TB, s chat.Snapshot) string {
	tb.Helper()
	s.Seq, s.Draft = 0, chat.Draft{}
	raw, err := json.Marshal(s)
	if err != nil {
		tb.Fatal(err)
	}
	return string(raw)
}
