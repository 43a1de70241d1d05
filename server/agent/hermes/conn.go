package hermes

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/hermes/gateway"
	"hermes-webui/server/chat"
)

// How long a stopped turn may take to end, and a call that ends something.
const stopGrace, callGrace = 4 * time.Second, 5 * time.Second

// conn is the agent's side of one session. One goroutine, its actor, owns the
// turn and alone calls out; Stop, Answer and Steer speak to the agent beside it.
type conn struct {
	driver  *Driver
	session chat.Session
	out     func(agent.Step) error

	ctx    context.Context // ends with Close
	cancel context.CancelFunc
	tasks  chan task
	inbox  chan heard
	rest   chan struct{} // the agent is to free the session
	// replies rings when an ask waits no longer.
	replies chan struct{}

	mu     sync.Mutex
	work   *work // the turn that was asked for and has not ended; nil = none
	asks   map[chat.AskID]*pending
	line   *line // nil = the agent does not hold the session in memory
	closed bool
	begun  bool // the actor runs

	doubt     atomic.Bool // a command may have changed what the agent holds
	goesOn    atomic.Bool // its turn is left to the agent
	answering sync.Mutex  // answers reach the agent in order

	// The actor's own.
	first     func() // what it does before all else; nil = nothing
	turn      *turn
	deaf      bool
	workspace string
	stored    string // how the agent calls the session for ever
	tip       chat.TurnID
	told      told
	limits    limits
	counted   usage // what the agent has counted so far
	warned    map[string]bool
	// notified are standing notices of the agent about itself, by key.
	notified map[string]string
	noted    string // what the agent last said of itself, for the turn that it begins
}

// work is a turn that somebody wants done.
type work struct {
	id      chat.TurnID
	ctx     context.Context
	cancel  context.CancelFunc
	ended   chan struct{} // closed when the agent has let go
	stopped bool          // by a person; under conn.mu
	asks    bool          // the agent only asks in it; under conn.mu
}

type task struct {
	agent.Task
	work     *work
	compress bool
}

// line is a session that the agent holds in memory.
type line struct {
	client *gateway.Client
	host   *host
	id     string // runtime id
	strict bool   // 0.21 and later
	feed   *gateway.Feed
	stop   context.CancelFunc
	deaf   chan struct{} // closed when nobody reads the feed any more
}

// heard is a message, or the end of a line.
type heard struct {
	line *line
	gateway.Message
	err error
}

// told is what the agent was told to use for the session.
type told struct{ model, effort string }

func newConn(d *Driver, s chat.Session, out func(agent.Step) error) *conn {
	ctx, cancel := context.WithCancel(d.ctx)
	c := &conn{
		driver: d, session: s, out: out, workspace: s.Workspace, ctx: ctx, cancel: cancel,
		tasks: make(chan task, 1), inbox: make(chan heard), rest: make(chan struct{}, 1), replies: make(chan struct{}, 1), asks: map[chat.AskID]*pending{}, warned: map[string]bool{}, notified: map[string]string{},
	}
	if n := len(s.Stored); n > 0 {
		c.stored = s.Stored[n-1]
	}
	return c
}

// Start hands the turn to the actor.
func (c *conn) Start(_ context.Context, t agent.Task) error { return c.begin(t, false) }

// Compress shortens what the agent holds of the session; the prompt is what to
// keep in mind.
func (c *conn) Compress(_ context.Context, t agent.Task) error { return c.begin(t, true) }

func (c *conn) begin(t agent.Task, compress bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return errClosed
	}
	if c.work != nil && !c.work.stopped {
		return errLive
	}
	w := &work{id: t.Turn, ended: make(chan struct{})}
	w.ctx, w.cancel = context.WithCancel(c.ctx)
	c.work = w
	if !c.begun {
		if !c.driver.spawn(c.act) {
			return errClosed
		}
		c.begun = true
	}
	for { // a stopped turn that the actor has not seen yet makes room
		select {
		case c.tasks <- task{t, w, compress}:
			return nil
		default:
		}
		select {
		case old := <-c.tasks:
			old.work.cancel()
			close(old.work.ended)
		default:
		}
	}
}

// act is the actor.
func (c *conn) act() {
	defer c.hangUp()
	if c.first != nil {
		c.first()
	}
	for {
		var end <-chan time.Time
		if c.turn != nil && c.turn.settling != nil {
			end = c.turn.settling.C
		}
		select {
		case <-c.ctx.Done():
			return
		case t := <-c.tasks:
			c.perform(t)
		case h := <-c.inbox:
			c.hear(h)
		case <-end:
			c.settled()
		case <-c.rest:
			c.letGo()
		case <-c.replies:
			c.askedEnough()
		}
	}
}

// send hands a step over. Once nobody listens it says nothing more.
func (c *conn) send(turn chat.TurnID, body agent.StepBody) {
	if c.deaf || c.ctx.Err() != nil {
		return
	}
	if err := c.out(agent.Step{Turn: turn, Body: body}); err != nil {
		c.deaf = true
		c.cancel()
	}
}

// Stop interrupts the turn and waits until the agent has let go.
func (c *conn) Stop(ctx context.Context) error {
	c.mu.Lock()
	w, l := c.work, c.line
	if w != nil {
		w.stopped = true
		clear(c.asks) // the agent takes a stop for a no
	}
	c.mu.Unlock()
	if w == nil {
		return nil
	}
	w.cancel() // what is still being prepared
	defer c.answered()
	if l == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, stopGrace)
	defer cancel()
	err := l.client.Call(ctx, "session.interrupt", map[string]any{"session_id": l.id}, nil)
	switch {
	case err == nil || errors.Is(err, gateway.ErrGone):
		return nil
	case ctx.Err() != nil: // it does not hear: nothing in it can be trusted
		go l.host.Restart()
		return nil
	default:
		return nil // it does not know the session any more
	}
}

// Steer puts words into the running turn.
func (c *conn) Steer(ctx context.Context, text string) error {
	c.mu.Lock()
	w, l := c.work, c.line
	asks := w != nil && w.asks
	c.mu.Unlock()
	if w == nil || l == nil || asks { // an agent at no turn would keep the words for a later one
		return agent.ErrCannot
	}
	var answer struct{ Status string }
	err := l.client.Call(ctx, "session.steer", map[string]any{"session_id": l.id, "text": text}, &answer)
	if err != nil || answer.Status != "queued" {
		return agent.ErrCannot
	}
	return nil
}
