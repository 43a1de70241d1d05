package scripted

import (
	"context"
	"errors"
	"sync"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

var (
	errClosed = fault.New(fault.Conflict, fault.CodeAgentFailed, "The connection to this agent is closed. Send the prompt again.")
	errLive   = fault.New(fault.Conflict, fault.CodeTurnLive, "The agent is still at a turn. Wait for its end, or stop it.")
	errNoAsk  = fault.New(fault.NotFound, fault.CodeNoAsk, "The agent does not wait for this answer.")
	errLost   = fault.New(fault.Conflict, fault.CodeCannot, "The script of this turn has changed, so that it cannot go on. Send the prompt again.")
)

// Why a player stops before its script ends.
var (
	errStopped = errors.New("scripted: stopped by a person")
	errGone    = errors.New("scripted: nobody listens")
)

// conn plays one script at a time: one goroutine per turn.
type conn struct {
	driver *Driver
	out    func(agent.Step) error

	mu     sync.Mutex
	player *player // the newest; nil before the first turn
	closed bool
}

// Start begins to play the script that the prompt chooses. ctx bounds only
// this call.
func (c *conn) Start(_ context.Context, t agent.Task) error {
	p, err := c.prepare(t)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return errClosed
	}
	if c.player != nil {
		if c.player.live {
			return errLive
		}
		c.player.cancel(errGone) // it would have begun a turn by itself
		p.before = c.player.ended
	}
	c.player = p
	go p.run()
	return nil
}

func (c *conn) prepare(t agent.Task) (*player, error) {
	prompt := t.Prompt.Text
	if t.Resume != nil {
		prompt = t.Resume.Turn.Prompt.Text
	}
	s, err := c.driver.script(prompt)
	if err != nil {
		return nil, err
	}
	if t.Resume != nil && !has(s, t.Turn, t.Resume.Ask.ID) {
		return nil, errLost
	}
	return newPlayer(c, s, t, prompt), nil
}

// Answer hands an answer to the ask that is open.
func (c *conn) Answer(_ context.Context, id chat.AskID, a agent.Answer) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.player
	if c.closed || p == nil || p.ask != id || id == "" {
		return errNoAsk
	}
	p.ask = ""
	p.answers <- a // holds one, and there is one for each ask
	return nil
}

// Steer keeps the words for the next step, which says them back.
func (c *conn) Steer(_ context.Context, text string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed || c.player == nil || !c.player.live {
		return agent.ErrCannot
	}
	c.player.steered = append(c.player.steered, text)
	return nil
}

// Stop lets go of the turn at once. Its last steps follow as soon as out takes
// them; waiting for that here would block whoever calls Stop and reads out.
func (c *conn) Stop(context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.player != nil && c.player.live {
		c.player.letGo(errStopped)
	}
	return nil
}

// Close ends what is played, without a last step. It does not wait: the
// goroutine ends when out returns.
func (c *conn) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	if c.player != nil {
		c.player.letGo(errGone)
	}
	return nil
}
