package direct

import (
	"context"
	"errors"
	"sync"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// conn is the agent's side of one session. Steps go through one goroutine that
// calls out, because out may block for long: a stopped turn must let go of its
// provider at once all the same.
type conn struct {
	driver  *Driver
	session chat.SessionID
	out     func(agent.Step) error
	ctx     context.Context
	cancel  context.CancelCauseFunc
	steps   chan outgoing
	wg      sync.WaitGroup // turns, with the titles that they ask for
	mu      sync.Mutex
	turn    *turn // the newest one; nil = there was none
}

// outgoing is a step on its way. It is dropped if its turn was stopped.
type outgoing struct {
	turn *turn
	step agent.Step
}

var (
	errStopped = errors.New("direct: stopped")
	errClosed  = errors.New("direct: closed")
)

func newConn(d *Driver, s chat.SessionID, out func(agent.Step) error) *conn {
	// A turn belongs to the session, not to the request that opened it.
	ctx, cancel := context.WithCancelCause(context.Background())
	c := &conn{driver: d, session: s, out: out, ctx: ctx, cancel: cancel, steps: make(chan outgoing)}
	go c.forward()
	return c
}

// forward hands steps over, in order, until the Conn is closed or nobody listens.
func (c *conn) forward() {
	for {
		select {
		case <-c.ctx.Done():
			return
		case o := <-c.steps:
			if o.turn.ctx.Err() != nil {
				continue
			}
			if err := c.out(o.step); err != nil {
				c.cancel(err)
				return
			}
		}
	}
}

// Start begins to ask. Errors of the provider come as steps.
func (c *conn) Start(_ context.Context, task agent.Task) error { return c.begin(newTurn(c, task)) }

// Compress begins a turn that has the model summarise what came before. Words
// into it are for the next turn.
func (c *conn) Compress(_ context.Context, task agent.Task) error {
	t := newTurn(c, task)
	t.work = t.shorten
	t.steers.shut()
	return c.begin(t)
}

func (c *conn) begin(t *turn) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ctx.Err() != nil {
		return fault.Wrap(context.Cause(c.ctx), fault.Unavailable, fault.CodeAgentFailed, "The session was closed. Try again.")
	}
	if c.turn != nil && !c.turn.over() {
		return fault.New(fault.Conflict, fault.CodeTurnLive, "A turn of this session is still running. Stop it first.")
	}
	if c.turn != nil {
		c.turn.cancel(errStopped) // it is over; lets go of its context
	}
	c.turn = t
	c.wg.Go(t.run)
	return nil
}

// newest returns the turn that runs, or ran last; nil where there is none.
func (c *conn) newest() *turn {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.turn
}

// Answer hands an answer to whatever waits for it.
func (c *conn) Answer(_ context.Context, ask chat.AskID, a agent.Answer) error {
	if t := c.newest(); t != nil && t.ctx.Err() == nil && t.asks.answer(ask, a) {
		return nil
	}
	return fault.New(fault.NotFound, fault.CodeNoAsk, "The agent does not wait for this answer any more.")
}

// Steer keeps words for the next question to the model; one that is on its way
// cannot be changed.
func (c *conn) Steer(_ context.Context, text string) error {
	if t := c.newest(); t != nil && t.ctx.Err() == nil && t.steers.add(text) {
		return nil
	}
	return agent.ErrCannot
}

// Stop closes the connection to the provider and ends what tools run. After it
// there are no steps of the turn, except for one that out was still busy with.
func (c *conn) Stop(ctx context.Context) error {
	t := c.newest()
	if t == nil {
		return nil
	}
	t.cancel(errStopped)
	return t.wait(ctx)
}

// Close stops what runs. Idle connections go too; at worst another session
// connects anew.
func (c *conn) Close() error {
	defer c.driver.client.CloseIdleConnections()
	c.mu.Lock() // no turn begins between the end of the context and the wait
	c.cancel(errClosed)
	c.mu.Unlock()
	c.wg.Wait() // all that a turn does ends with the context
	return nil
}
