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
	mu      sync.Mutex
	turn    *turn // the running one; nil = none
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
func (c *conn) Start(_ context.Context, task agent.Task) error {
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
	c.turn = newTurn(c, task)
	go c.turn.run()
	return nil
}

// Answer fails: this agent asks nothing.
func (c *conn) Answer(context.Context, chat.AskID, agent.Answer) error { return agent.ErrCannot }

// Steer fails: what a model was sent cannot be changed.
func (c *conn) Steer(context.Context, string) error { return agent.ErrCannot }

// Stop closes the connection to the provider. After it there are no steps of
// the turn, except for one that out was still busy with.
func (c *conn) Stop(ctx context.Context) error {
	c.mu.Lock()
	t := c.turn
	c.mu.Unlock()
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
	c.cancel(errClosed)
	c.mu.Lock()
	t := c.turn
	c.mu.Unlock()
	if t == nil {
		return nil
	}
	return t.wait(context.Background()) // its request ends with the context
}
