package hermes

import (
	"slices"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// needsYou is why a turn is shown in which the agent only asks.
const needsYou = "Work in the background needs an answer."

// begunToAsk begins a turn for what the agent wants while it is at none: work in
// the background asks too. It ends when nothing waits any more.
func (c *conn) begunToAsk() {
	c.settled()
	c.noted = needsYou
	c.begunByAgent()
	c.turn.asks = true
	c.mu.Lock()
	defer c.mu.Unlock()
	if w := c.turn.work; w != nil {
		w.asks = true
	}
}

// answersMore makes a turn that only asked one in which the agent speaks.
func (c *conn) answersMore() {
	c.turn.asks = false
	c.mu.Lock()
	defer c.mu.Unlock()
	if w := c.turn.work; w != nil {
		w.asks = false
	}
}

// giveWay ends a turn that only asks, for one that a person wants, and returns
// what is to be asked in that.
func (c *conn) giveWay() []*pending {
	if c.turn == nil || !c.turn.asks || c.turn.over != nil {
		return nil
	}
	left := c.unanswered()
	c.end(agent.Ended{State: chat.Done})
	return left
}

// answered tells the actor that an ask waits no longer.
func (c *conn) answered() {
	select {
	case c.replies <- struct{}{}:
	default: // it was told already
	}
}

// askedEnough ends a turn that only asked, once nothing waits.
func (c *conn) askedEnough() {
	if c.turn == nil || !c.turn.asks || c.turn.over != nil {
		return
	}
	c.mu.Lock()
	waits := len(c.asks)
	state := chat.Done
	if w := c.turn.work; w != nil && w.stopped {
		state = chat.Stopped
	}
	c.mu.Unlock()
	if waits == 0 {
		c.end(agent.Ended{State: state})
	}
}

// unanswered takes the asks that the agent still waits for out of the turn, the
// oldest first.
func (c *conn) unanswered() []*pending {
	var left []*pending
	c.gone(func(p *pending) bool {
		waits := p.said == nil && time.Now().Before(p.until)
		if waits {
			left = append(left, p)
		}
		return waits
	}, chat.WithdrawnBy)
	slices.SortFunc(left, func(a, b *pending) int { return a.order - b.order })
	return left
}

// askAgain shows asks in the turn that runs, else in one of their own.
func (c *conn) askAgain(left []*pending) {
	if len(left) == 0 {
		return
	}
	if c.turn == nil {
		c.begunToAsk()
	}
	for _, p := range left {
		p.shown.Part = nil // it was of another turn
		c.put(*p, p.shown)
	}
}

// gistOf is what stays to be read of an ask in a turn that only asks.
func gistOf(a chat.Ask) string {
	if a.Kind == chat.Approval && a.Danger != "" {
		return "It wants to run a command: " + a.Danger
	}
	return a.Title
}
