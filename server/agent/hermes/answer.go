package hermes

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/hermes/gateway"
	"hermes-webui/server/chat"
)

// Answer hands an answer to the agent. A value of a secret goes there and
// nowhere else.
func (c *conn) Answer(ctx context.Context, id chat.AskID, a agent.Answer) error {
	c.answering.Lock()
	defer c.answering.Unlock()
	defer c.answered()
	c.mu.Lock()
	p, l := c.asks[id], c.line
	if p == nil || l == nil || p.said != nil {
		c.mu.Unlock()
		return errNoAsk
	}
	p.said = &a
	c.mu.Unlock()
	for next := c.next(p); next != nil; next = c.next(next) {
		err := next.answer(ctx, l, *next.said)
		if err != nil && (next == p || !errors.Is(err, errNoAsk)) {
			return err
		}
	}
	return nil
}

// next takes the ask whose answer the agent is to get now, if there is one.
// Approvals of early releases have no id, the oldest is meant: an answer to a
// later one waits.
func (c *conn) next(p *pending) *pending {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p.kind != wantApproval || p.request != nil {
		if c.asks[p.id] != p {
			return nil
		}
		delete(c.asks, p.id)
		return p
	}
	var oldest *pending
	for id, other := range c.asks {
		switch {
		case other.kind != wantApproval || other.request != nil:
		case time.Now().After(other.until):
			delete(c.asks, id)
		case oldest == nil || other.order < oldest.order:
			oldest = other
		}
	}
	if oldest == nil || oldest.said == nil {
		return nil
	}
	delete(c.asks, oldest.id)
	return oldest
}

func (p *pending) answer(ctx context.Context, l *line, a agent.Answer) error {
	switch {
	case p.group != nil:
		return p.part(ctx, a)
	case p.request != nil:
		if p.kind == wantApproval {
			explain(ctx, l, a)
		}
		return p.request.Reply(ctx, p.result(a))
	}
	params := map[string]any{"request_id": p.agents}
	switch p.kind {
	case wantApproval:
		return decide(ctx, l, a)
	case wantClarify:
		params["answer"] = p.words(a)
	case wantSudo:
		params["password"] = a.Values["value"]
	default:
		params["value"] = a.Values["value"]
	}
	var answer struct{ Status string }
	err := l.client.Call(ctx, p.kind+".respond", params, &answer)
	if refusedWith(err, gateway.CodeBusy) || answer.Status == "expired" {
		return errNoAsk // it gave up meanwhile
	}
	return err
}

// decide answers an approval that has no id: the oldest one is meant.
func decide(ctx context.Context, l *line, a agent.Answer) error {
	explain(ctx, l, a)
	var answer struct{ Resolved *int }
	err := l.client.Call(ctx, "approval.respond", map[string]any{"session_id": l.id, "choice": decision(a)}, &answer)
	if err == nil && answer.Resolved != nil && *answer.Resolved == 0 {
		return errNoAsk
	}
	return err
}

// explain gives the model the words with which a person denied something, for
// which an answer has no place. They go before it: the agent puts them behind
// the result of the call that waits.
func explain(ctx context.Context, l *line, a agent.Answer) {
	if decision(a) != "deny" || a.Text == "" {
		return
	}
	words := "The person denied this, and says why: " + a.Text
	_ = l.client.Call(ctx, "session.steer", map[string]any{"session_id": l.id, "text": words}, nil) // the no itself counts
}

// part adds an answer to those of the request; the last one sends them.
func (p *pending) part(ctx context.Context, a agent.Answer) error {
	p.group.answers[p.qid] = p.words(a)
	if p.group.left--; p.group.left > 0 {
		return nil
	}
	return p.request.Reply(ctx, map[string]any{"answers": p.group.answers})
}

func (p *pending) result(a agent.Answer) map[string]any {
	switch p.kind {
	case wantApproval:
		return map[string]any{"choice": decision(a)}
	case wantClarify:
		return map[string]any{"answer": p.words(a)}
	default:
		return map[string]any{"value": a.Values["value"]}
	}
}

// decision is what an agent is told of an approval. Unknown is no.
func decision(a agent.Answer) string {
	if _, ok := labels[a.Choice]; ok {
		return a.Choice
	}
	return "deny"
}

// words is the answer to a question: the person's own, else the choice's.
func (p *pending) words(a agent.Answer) string {
	if a.Text != "" {
		return a.Text
	}
	if i, err := strconv.Atoi(a.Choice); err == nil && i >= 1 && i <= len(p.choices) {
		return p.choices[i-1]
	}
	return ""
}

// expired closes an ask that the agent gave up on.
func (c *conn) expired(agents string) {
	c.gone(func(p *pending) bool { return p.agents == agents && agents != "" }, chat.Expired)
}

// cancelled closes what a request had asked.
func (c *conn) cancelled(id string) {
	c.gone(func(p *pending) bool { return p.request != nil && p.request.ID() == id }, chat.WithdrawnBy)
}

// asksGone closes all asks of the turn.
func (c *conn) asksGone(how chat.How) { c.gone(func(*pending) bool { return true }, how) }

func (c *conn) gone(which func(*pending) bool, how chat.How) {
	c.mu.Lock()
	var ids []chat.AskID
	for id, p := range c.asks {
		if which(p) {
			ids = append(ids, id)
			delete(c.asks, id)
		}
	}
	c.mu.Unlock()
	slices.Sort(ids)
	for _, id := range ids {
		if c.turn != nil {
			c.send(c.turn.id, agent.AskGone{Ask: id, How: how})
		}
	}
	c.answered()
}
