package agenttest

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

var errDeaf = errors.New("agenttest: nobody listens any more")

// listener is the out of a Conn. It checks the order of steps and keeps them.
type listener struct {
	t    *testing.T
	busy atomic.Bool // out is being called
	hold func(agent.Step) error

	mu    sync.Mutex
	order *order
	steps []agent.Step
	deaf  bool          // out has returned an error
	more  chan struct{} // closed and replaced with every step
}

func newListener(t *testing.T) *listener {
	return &listener{t: t, order: newOrder(), more: make(chan struct{})}
}

// out is what the driver gets.
func (l *listener) out(s agent.Step) error {
	if !l.busy.CompareAndSwap(false, true) {
		l.t.Error("out is called twice at once")
		return errDeaf
	}
	defer l.busy.Store(false)
	if l.isDeaf() {
		l.t.Errorf("a %T after out has returned an error", s.Body)
		return errDeaf
	}
	l.keep(s)
	if l.hold == nil {
		return nil
	}
	err := l.hold(s)
	if err != nil {
		l.mu.Lock()
		l.deaf = true
		l.mu.Unlock()
	}
	return err
}

func (l *listener) isDeaf() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.deaf
}

func (l *listener) keep(s agent.Step) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.order.take(s); err != nil {
		l.t.Errorf("step %d: %v", len(l.steps)+1, err)
	}
	l.steps = append(l.steps, s)
	close(l.more)
	l.more = make(chan struct{})
}

func (l *listener) start(id chat.TurnID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.order.start(id)
}

// wait returns the first step for which want is true, already sent or still to
// come.
func (l *listener) wait(d time.Duration, what string, want func(agent.Step) bool) agent.Step {
	l.t.Helper()
	late := time.NewTimer(d)
	defer late.Stop()
	for from := 0; ; {
		steps, more := l.since(from)
		for _, s := range steps {
			if want(s) {
				return s
			}
		}
		from += len(steps)
		select {
		case <-more:
		case <-late.C:
			l.t.Fatalf("%s did not come within %s; there were %d steps", what, d, from)
		}
	}
}

func (l *listener) since(from int) ([]agent.Step, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.steps[from:len(l.steps):len(l.steps)], l.more
}

// ended returns the end of a turn.
func (l *listener) ended(d time.Duration, id chat.TurnID) agent.Ended {
	l.t.Helper()
	s := l.wait(d, "the end of the turn", func(s agent.Step) bool {
		_, ok := s.Body.(agent.Ended)
		return ok && s.Turn == id
	})
	return s.Body.(agent.Ended)
}

// asked returns the first ask of a turn.
func (l *listener) asked(d time.Duration, id chat.TurnID) chat.Ask {
	l.t.Helper()
	s := l.wait(d, "an ask", func(s agent.Step) bool {
		_, ok := s.Body.(agent.Asked)
		return ok && s.Turn == id
	})
	return s.Body.(agent.Asked).Ask
}

// speaks waits for the first text of a turn.
func (l *listener) speaks(d time.Duration, id chat.TurnID) {
	l.t.Helper()
	l.wait(d, "text", func(s agent.Step) bool {
		_, ok := s.Body.(agent.Append)
		return ok && s.Turn == id
	})
}

// text returns all text of a turn in the order in which it came, outputs and
// the errors of tool calls included.
func (l *listener) text(id chat.TurnID) string {
	steps, _ := l.since(0)
	var sb strings.Builder
	for _, s := range steps {
		if s.Turn != id {
			continue
		}
		switch b := s.Body.(type) {
		case agent.Append:
			sb.WriteString(b.Text)
		case agent.Tool:
			sb.WriteString(b.Error)
		}
	}
	return sb.String()
}

// notices counts the notices of a turn.
func (l *listener) notices(id chat.TurnID) (n int) {
	steps, _ := l.since(0)
	for _, s := range steps {
		if o, ok := s.Body.(agent.Open); ok && s.Turn == id && o.Part.Kind() == chat.KindNotice {
			n++
		}
	}
	return n
}
