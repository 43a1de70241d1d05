package gateway

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// Phase is where a Host stands.
type Phase string

// Phases of a Host.
const (
	Off      Phase = "off" // nobody has needed it yet, or it was ended here
	Starting Phase = "starting"
	Ready    Phase = "ready"
	Failed   Phase = "failed" // it is started again when it is needed, after a pause
)

// State is what is true of a Host now.
type State struct {
	Phase   Phase
	Since   time.Time // of the phase
	Problem string    // why it last failed, a sentence for people
	RetryAt time.Time // not before, while it is Failed
	PID     int       // while it is Starting or Ready
	Starts  int       // how often it was started
	Stderr  []string  // its newest words for people, secrets taken out
}

// Problem is why an agent cannot be reached, in a sentence for people.
type Problem struct{ Text string }

func (p *Problem) Error() string { return p.Text }

// Host keeps one agent process: it starts it when it is needed, looks whether it
// answers, and starts it anew after it ended, not too often. It is safe for
// concurrent use.
type Host struct {
	spec Spec
	slog *slog.Logger
	live context.Context // over with Stop
	over context.CancelFunc
	wg   sync.WaitGroup

	mu    sync.Mutex
	now   *life // the newest; nil = none yet
	state State
	fails int // in a row
}

// life is one start of the agent and what came of it.
type life struct {
	ctx     context.Context // over when it is to end
	end     context.CancelFunc
	words   *ring
	settled chan struct{} // closed when it is ready or has failed
	gone    chan struct{} // closed when nothing of it is left
	client  *Client       // valid when it is settled; nil = failed
	err     error
	fate    string // valid when it has gone: how it ended, a sentence for people
}

// NewHost returns a Host that has started nothing.
func NewHost(s Spec, log *slog.Logger) *Host {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	h := &Host{spec: s.filled(), slog: log, state: State{Phase: Off, Since: time.Now()}}
	h.live, h.over = context.WithCancel(context.Background())
	return h
}

// Client returns the connection to the agent, which is started where it does not
// run. It waits until the agent is ready; the start goes on when ctx ends. The
// error is a *Problem, or ctx's.
func (h *Host) Client(ctx context.Context) (*Client, error) {
	if err := h.shortPause(ctx); err != nil {
		return nil, err
	}
	for {
		l, err := h.life()
		if err != nil {
			return nil, err
		}
		if err := await(ctx, l.settled); err != nil {
			return nil, err
		}
		if l.err != nil || l.client.Err() == nil {
			return l.client, l.err
		}
		if err := await(ctx, l.gone); err != nil {
			return nil, err
		}
	}
}

// shortPause waits for the end of a pause that is nearly over: whoever tries again
// at once is not sent away.
func (h *Host) shortPause(ctx context.Context) error {
	h.mu.Lock()
	left := time.Until(h.state.RetryAt)
	h.mu.Unlock()
	if left <= 0 || left > patience {
		return nil
	}
	over := time.NewTimer(left)
	defer over.Stop()
	select {
	case <-over.C:
	case <-h.live.Done():
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

func await(ctx context.Context, done <-chan struct{}) error {
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		if closed(done) { // who need not wait gets what there is
			return nil
		}
		return ctx.Err()
	}
}

// life returns the newest start, or begins another one.
func (h *Host) life() (*life, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.live.Err() != nil:
		return nil, errStopped
	case h.now != nil && !closed(h.now.gone) && !h.now.failed():
		return h.now, nil
	case time.Now().Before(h.state.RetryAt):
		return nil, &Problem{fmt.Sprintf("%s The next try is possible in %d s.", h.state.Problem, int(time.Until(h.state.RetryAt).Seconds())+1)}
	}
	l := &life{settled: make(chan struct{}), gone: make(chan struct{}), words: &ring{hide: redacting(h.spec.Env, h.spec.Home)}}
	l.ctx, l.end = context.WithCancel(h.live)
	h.now = l
	h.state.to(Starting, 0)
	h.state.Starts++
	h.wg.Go(func() { h.run(l) })
	return l, nil
}

// failed reports whether it has come to nothing, which its end follows in a moment.
func (l *life) failed() bool { return closed(l.settled) && l.err != nil }

var errStopped = &Problem{"Hermes Agent was stopped, because this program is going down."}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func (s *State) to(p Phase, pid int) { s.Phase, s.PID, s.Since = p, pid, time.Now() }

// State says what is true now.
func (h *Host) State() State {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.state
	if h.now != nil {
		s.Stderr = h.now.words.Lines()
	}
	return s
}

// Fate says what became of the agent of a client that has gone, in a sentence
// for people with its last words; "" = it has not gone, or another one came
// since. It waits for its end.
func (h *Host) Fate(c *Client) string {
	h.mu.Lock()
	l := h.now
	h.mu.Unlock()
	if l == nil || c.Err() == nil || !closed(l.settled) || l.client != c {
		return ""
	}
	<-l.gone
	return l.fate
}

// Restart ends the agent; the next one who needs it starts it anew at once. It
// returns when nothing of it is left. Turns that run are lost.
func (h *Host) Restart() {
	h.mu.Lock()
	l := h.now
	h.fails, h.state.RetryAt = 0, time.Time{}
	h.mu.Unlock()
	if l != nil && closed(l.settled) {
		l.end()
		<-l.gone
	}
}

// Stop ends the agent for good: in good order, by force after a while. It
// returns when nothing of it is left. Turns that run are to be interrupted
// before. An agent that serves on its own is left to itself; Restart ends it.
func (h *Host) Stop() {
	h.over()
	h.wg.Wait()
}
