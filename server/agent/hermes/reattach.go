package hermes

import (
	"context"
	"strings"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/hermes/gateway"
	"hermes-webui/server/chat"
)

// Reattach takes up a turn that an agent which serves on its own went on with
// while this program was away, or has ended meanwhile.
func (d *Driver) Reattach(ctx context.Context, s chat.Session, t chat.Turn, asks []chat.Ask, out func(agent.Step) error) (agent.Conn, error) {
	if d.config.Serve == "" || len(s.Stored) == 0 || t.Compress {
		return nil, nil
	}
	h, err := d.host(ctx, s.Profile)
	if err != nil || !h.serves || !h.Stands() {
		return nil, err
	}
	client, err := h.Client(ctx)
	if err != nil {
		return nil, err
	}
	c := newConn(d, s, out)
	m, err := c.meanwhile(ctx, client, t.Prompt.Text, t.StartedAt)
	if err != nil || m == nil {
		c.cancel()
		return nil, err
	}
	c.takeUp(t, asks)
	c.hold(h, client, m.opened, t.ID) // at once: an answer may come as soon as this returns
	c.first = func() { c.goOn(m) }
	c.begun = true
	if !d.spawn(c.act) {
		return nil, errClosed
	}
	return c, nil
}

// takeUp makes a turn of the log the Conn's.
func (c *conn) takeUp(t chat.Turn, asks []chat.Ask) {
	w := &work{id: t.ID, ended: make(chan struct{})}
	w.ctx, w.cancel = context.WithCancel(c.ctx)
	c.work = w
	c.turn = &turn{id: t.ID, work: w, told: true, prompt: t.Prompt.Text, began: t.StartedAt}
	c.turn.parts.load(t.Parts)
	for i, a := range asks {
		kind, agents, ok := strings.Cut(a.Ref, refMark)
		if !ok || a.Deadline == nil {
			continue
		}
		p := &pending{id: a.ID, shown: a, kind: kind, agents: agents, order: i, until: a.Deadline.Add(margin)}
		for _, choice := range a.Choices {
			p.choices = append(p.choices, choice.Label)
		}
		c.asks[a.ID] = p
	}
}

// lapse is what an agent did of a turn while nobody listened.
type lapse struct {
	opened
	kept []chat.Part // of the turn, as the agent's database has it
	over bool        // the turn has ended
}

// slack is by how much the clocks of a row and of an event may differ.
const slack = 2 * time.Second

// meanwhile asks an agent what became of a turn; nil = it neither runs it nor has
// ended it well. From then on the agent speaks to client of the session.
func (c *conn) meanwhile(ctx context.Context, client *gateway.Client, prompt string, began *chat.Time) (*lapse, error) {
	// Before the agent speaks to client: what it does from then on is heard, and
	// must not be shown from the database too.
	kept := c.keptOf(ctx, c.stored, prompt, began)
	o, err := c.resume(ctx, client)
	if refusedWith(err, gateway.CodeNoStored) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	m := &lapse{opened: o}
	runs := m.Running && m.Inflight != nil && says(m.Inflight.User, prompt)
	if !runs { // it may have ended just now
		kept = c.keptOf(ctx, m.stored(), prompt, began)
	}
	if kept != nil {
		m.kept, m.over = kept.Parts, kept.State == chat.Done && !runs
	}
	if m.over || runs {
		return m, nil
	}
	if !m.Running { // else it is at something of its own
		release(ctx, client, m.Session)
	}
	return nil, nil
}

// keptOf finds the turn in the agent's database; nil = it is not there.
func (c *conn) keptOf(ctx context.Context, stored, prompt string, began *chat.Time) *chat.Turn {
	if c.driver.config.Newest == nil || began == nil {
		return nil
	}
	turns, err := c.driver.config.Newest(ctx, c.session.Profile, []string{stored})
	if err != nil {
		c.driver.slog.Warn("what the agent did meanwhile cannot be read", "session", c.session.ID, "err", err)
		return nil
	}
	for i := len(turns) - 1; i >= 0; i-- {
		if t := turns[i]; t.StartedAt != nil && t.StartedAt.After(began.Add(-slack)) && says(t.Prompt.Text, prompt) {
			return t
		}
	}
	return nil
}

// says reports whether what an agent was told is a prompt: behind it may be
// references to files.
func says(told, prompt string) bool {
	return strings.HasPrefix(strings.TrimSpace(told), strings.TrimSpace(prompt))
}

// regain takes up a turn again whose connection broke while its agent did not. It
// reports whether there is one.
func (c *conn) regain(old *line) bool {
	if c.turn == nil || c.turn.over != nil || !c.turn.told || !old.host.serves || c.ctx.Err() != nil {
		return false
	}
	_ = old.host.Fate(old.client) // waits for the end of the connection
	if !old.host.Stands() {
		return false
	}
	ctx, cancel := context.WithTimeout(c.turnCtx(), attachLimit)
	defer cancel()
	client, err := old.host.Client(ctx)
	if err != nil {
		return false
	}
	m, err := c.meanwhile(ctx, client, c.turn.prompt, c.turn.began)
	if err != nil || m == nil {
		return false
	}
	c.hold(old.host, client, m.opened, c.turn.id)
	c.goOn(m)
	return true
}

func (c *conn) turnCtx() context.Context {
	if w := c.turn.work; w != nil {
		return w.ctx
	}
	return c.ctx
}

// goOn shows what an agent did of the turn meanwhile, and its end if it has one.
func (c *conn) goOn(m *lapse) {
	said := ""
	if m.Inflight != nil && !m.over {
		said = m.Inflight.Assistant
	}
	c.catchUp(m.kept, said)
	if m.over {
		c.end(agent.Ended{State: chat.Done})
		return
	}
	c.driver.works(c)
	c.recount()
	if l := c.live(); l != nil && l.strict { // a reply goes the way that the request came, which is gone
		c.gone(func(p *pending) bool { return p.kind != wantApproval }, chat.WithdrawnBy)
	}
	if m.Status == "waiting" && !c.waits() {
		c.show("Hermes waits for an answer to something that it asked while this program was away. It goes on without one after a while.")
	}
}

// waits reports whether an ask is open.
func (c *conn) waits() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.asks) > 0
}

// recount notes what the agent has counted so far: what earlier turns cost is not
// this one's.
func (c *conn) recount() {
	l := c.live()
	if l == nil {
		return
	}
	ctx, cancel := context.WithTimeout(c.ctx, callGrace)
	defer cancel()
	var u usage
	if l.client.Call(ctx, "session.usage", map[string]any{"session_id": l.id}, &u) == nil {
		c.counted = u
	}
}
