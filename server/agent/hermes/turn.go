package hermes

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/hermes/gateway"
	"hermes-webui/server/chat"
)

// How long the agent may take to be free after it has ended a turn, and to end one
// that was stopped.
const settleGrace, drainGrace = 3 * time.Second, 10 * time.Second

// turn is what the agent does now. The actor owns it.
type turn struct {
	id       chat.TurnID
	work     *work // nil = the agent began it
	parts    parts
	behind   bool // the agent ends another turn of its own first
	told     bool // the agent has the prompt
	prompt   string
	began    *chat.Time // nil = not known
	status   bool       // one is shown
	asks     bool       // it was begun only to ask
	aside    bool       // it is only for people: the model knows nothing of it
	shortens bool       // it is a compression that somebody wanted
	over     *agent.Ended
	settling *time.Timer // runs from over on
}

// perform does a turn that somebody wants, up to the moment at which the agent
// has the prompt.
func (c *conn) perform(t task) {
	c.driver.works(c)
	left := c.giveWay()
	c.drain()
	if c.ctx.Err() != nil {
		return
	}
	began := chat.Now()
	c.turn = &turn{id: t.Turn, work: t.work, prompt: t.Prompt.Text, began: &began}
	c.workspace = t.Workspace
	c.askAgain(left)
	var err error
	if t.work.ctx.Err() == nil {
		err = c.ask(t)
	}
	switch {
	case c.turn == nil:
	case t.work.ctx.Err() != nil && !c.turn.told:
		c.end(agent.Ended{State: chat.Stopped})
	case err != nil:
		c.end(agent.Ended{State: chat.Failed, Error: failureOf(err)})
	}
}

// drain waits for the end of the turn before: a stopped one takes its time.
func (c *conn) drain() {
	limit := time.NewTimer(drainGrace)
	defer limit.Stop()
	for c.turn != nil {
		var end <-chan time.Time
		if c.turn.settling != nil {
			end = c.turn.settling.C
		}
		select {
		case <-c.ctx.Done():
			return
		case h := <-c.inbox:
			c.hear(h)
		case <-end:
			c.settled()
		case <-limit.C: // what still comes of it must not be taken for the next one
			c.detach()
			c.end(agent.Ended{State: chat.Stopped})
		}
	}
}

// ask hands the task to the agent.
func (c *conn) ask(t task) error {
	err := c.try(t)
	if refusedWith(err, gateway.CodeNoSession) && t.work.ctx.Err() == nil {
		c.detach() // the agent had freed it
		err = c.try(t)
	}
	return err
}

func (c *conn) try(t task) error {
	l, cut, err := c.attach(t.work.ctx, t.Task)
	if err != nil || t.work.ctx.Err() != nil {
		return err
	}
	if err := c.prefer(t.work.ctx, l, t.Task); err != nil {
		return err
	}
	if t.compress {
		return c.shorten(t.work.ctx, l, t.Prompt.Text)
	}
	err = c.submit(t, l, cut)
	if cut < 0 || !refusedWith(err, gateway.CodeGoneTarget) || t.work.ctx.Err() != nil {
		return err
	}
	if l, err = c.anew(t.work.ctx, l, slices.Collect(t.History), t.Task); err != nil {
		return err
	}
	return c.submit(t, l, -1)
}

func refusedWith(err error, code int) bool {
	var refused *gateway.Error
	return errors.As(err, &refused) && refused.Code == code
}

// begunByAgent is a turn that nobody here asked for.
func (c *conn) begunByAgent() {
	t := &turn{id: chat.TurnID(chat.NewID(chat.PrefixTurn)), told: true}
	c.turn = t
	c.send(t.id, agent.Begun{Prompt: cmp.Or(c.noted, "Hermes goes on by itself.")})
	c.noted = ""
	w := &work{id: t.id, ended: make(chan struct{})}
	w.ctx, w.cancel = context.WithCancel(c.ctx)
	c.mu.Lock()
	if c.work == nil { // else a prompt is on its way, which waits for our end
		c.work, t.work = w, w
	} else {
		w.cancel()
	}
	c.mu.Unlock()
}

// completed is message.complete: the end of a turn, but for the moment at which
// the agent is free for the next one.
func (c *conn) completed(payload json.RawMessage) {
	var p struct {
		Text    *string
		Status  string
		Warning string
		Reason  string `json:"failure_reason"`
		Usage   *usage
	}
	_ = json.Unmarshal(payload, &p) // what cannot be read was not said
	t := c.turn
	if t == nil || t.over != nil {
		return
	}
	if t.behind { // that was the agent's own, which our prompt has ended
		t.behind = false
		c.closeParts(chat.ToolStopped)
		return
	}
	if p.Usage != nil {
		c.used(*p.Usage)
	}
	if p.Status != "error" && p.Text != nil {
		c.wholePiece(*p.Text)
	}
	if p.Warning != "" {
		c.notice(chat.NoticeWarn, p.Warning)
	}
	over := agent.Ended{State: chat.Done}
	switch p.Status {
	case "interrupted":
		over.State = chat.Stopped
	case "error":
		words := p.Reason
		if p.Text != nil && *p.Text != "" {
			words = *p.Text
		}
		over = agent.Ended{State: chat.Failed, Error: c.failed(words)}
	}
	c.over(over)
}

// over notes how the turn ended. It is told once the agent is free; at once,
// where nothing more is heard of it.
func (c *conn) over(e agent.Ended) {
	if c.live() == nil {
		c.end(e)
		return
	}
	c.turn.over = &e
	c.turn.settling = time.NewTimer(settleGrace)
}

// settled tells the end of a turn that has one.
func (c *conn) settled() {
	if c.turn != nil && c.turn.over != nil {
		c.end(*c.turn.over)
	}
}

// end is the last word of a turn.
func (c *conn) end(e agent.Ended) {
	t := c.turn
	if t.settling != nil {
		t.settling.Stop()
	}
	state := chat.ToolStopped
	if e.State == chat.Failed {
		state = chat.ToolFailed
	}
	c.closeParts(state)
	var left []*pending
	if e.State != chat.Stopped && c.live() != nil { // of work in the background: this turn's own are answered
		left = c.unanswered()
	}
	c.asksGone(chat.WithdrawnBy)
	if t.told && !t.asks && !t.aside {
		c.tip = t.id
	}
	c.turn = nil
	c.mu.Lock()
	if w := t.work; w != nil {
		w.cancel()
		close(w.ended)
		if c.work == w {
			c.work = nil
		}
	}
	c.mu.Unlock()
	c.send(t.id, e)
	c.driver.rests(c)
	c.askAgain(left)
}

func failureWords(words string) string {
	if words == "" {
		return "Hermes Agent ended the turn with an error that it did not name."
	}
	if rest, ok := cutPrefix(words, "Error: "); ok {
		words = rest
	}
	return firstUp(words)
}

func cutPrefix(s, prefix string) (string, bool) {
	if len(s) >= len(prefix) && s[:len(prefix)] == prefix {
		return s[len(prefix):], true
	}
	return s, false
}
