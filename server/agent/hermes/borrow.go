package hermes

import (
	"context"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

var errOpening = fault.New(fault.Conflict, fault.CodeAgentFailed, "Hermes is just opening this session. Try again in a moment.")

// claim says that a Conn holds its session at the agent, or is about to.
func (d *Driver) claim(c *conn) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.held[c.session.ID] = c
}

func (d *Driver) unclaim(c *conn) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.held[c.session.ID] == c {
		delete(d.held, c.session.ID)
	}
}

// borrow returns a line to a session for something beside its turns: the one
// that is there, else one that done ends.
func (d *Driver) borrow(ctx context.Context, s chat.Session) (l *line, done func(), err error) {
	d.awaitLeft(ctx, s.ID)
	d.mu.Lock()
	c := d.held[s.ID]
	d.mu.Unlock()
	if c != nil {
		if l = c.live(); l == nil {
			return nil, nil, errOpening
		}
		return l, func() { c.doubt.Store(true) }, nil
	}
	d.leave(s.ID) // whoever opens the session waits until it is free again
	l, err = d.peek(ctx, s)
	if err != nil {
		d.left(s.ID)
		return nil, nil, err
	}
	return l, func() {
		defer d.left(s.ID)
		release(context.WithoutCancel(ctx), l.client, l.id)
	}, nil
}

// peek has the agent hold a session of which nobody hears anything.
func (d *Driver) peek(ctx context.Context, s chat.Session) (*line, error) {
	h, err := d.host(ctx, s.Profile)
	if err != nil {
		return nil, err
	}
	client, err := h.Client(ctx)
	if err != nil {
		return nil, err
	}
	var o opened
	method, params := "session.create", map[string]any{"cols": columns, "source": source}
	if s.Workspace != "" {
		params["cwd"] = s.Workspace
	}
	if n := len(s.Stored); n > 0 {
		method, params = "session.resume", map[string]any{"session_id": s.Stored[n-1], "cols": columns, "source": source}
	}
	if err := client.Call(ctx, method, params, &o); err != nil {
		return nil, err
	}
	return &line{client: client, host: h, id: o.Session}, nil
}
