package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
)

// Listen returns what the agent says of a runtime session, beginning with what
// came before anybody listened. "" is what belongs to no session. There is one
// feed of a session at a time: a new one takes over.
func (c *Client) Listen(session string) *Feed {
	f := newFeed(c, session)
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range c.unheard[session] {
		f.tryPut(m) // before anything newer; feedLimit is far away
	}
	delete(c.unheard, session)
	c.order = slices.DeleteFunc(c.order, func(s string) bool { return s == session })
	c.feeds[session] = f
	return f
}

func (c *Client) forget(f *Feed) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.feeds[f.session] == f {
		delete(c.feeds, f.session)
	}
}

// deliver puts a message into the feed of its session.
func (c *Client) deliver(m Message) {
	c.mu.Lock()
	f := c.feeds[m.Session]
	if f == nil {
		c.keep(m)
	}
	c.mu.Unlock()
	if f != nil {
		f.put(m)
	}
}

// keep holds a message that nobody listens to yet: an agent speaks of a session
// before it has answered the call that makes it. The oldest go first.
func (c *Client) keep(m Message) {
	waiting, known := c.unheard[m.Session]
	if !known {
		c.order = append(c.order, m.Session)
		if len(c.order) > unheardSessions {
			discard(c.unheard[c.order[0]])
			delete(c.unheard, c.order[0])
			c.order = c.order[1:]
		}
	}
	if len(waiting) >= unheard {
		discard(waiting[:1])
		waiting = waiting[1:]
	}
	c.unheard[m.Session] = append(waiting, m)
}

// Request is something that the agent asks of us and waits for.
type Request struct {
	client *Client
	id     json.RawMessage
}

// Reply answers it.
func (r *Request) Reply(ctx context.Context, result any) error {
	return r.send(ctx, map[string]any{"jsonrpc": "2.0", "id": r.id, "result": result})
}

// Refuse answers it with an error.
func (r *Request) Refuse(ctx context.Context, code int, text string) error {
	return r.send(ctx, map[string]any{"jsonrpc": "2.0", "id": r.id, "error": map[string]any{"code": code, "message": text}})
}

// ID is the agent's id of the request, as request.cancel names it.
func (r *Request) ID() string {
	var s string
	if json.Unmarshal(r.id, &s) != nil {
		return string(r.id)
	}
	return s
}

func (r *Request) send(ctx context.Context, answer any) error {
	frame, err := json.Marshal(answer)
	if err != nil {
		return fmt.Errorf("gateway: answering a request: %w", err)
	}
	return r.client.put(ctx, frame)
}

// request hands a request to its session. One that nobody can see is refused at
// once: an agent must not wait for ever.
func (c *Client) request(e envelope, spilled string) {
	r := &Request{c, slices.Clone(e.ID)}
	var p struct {
		Session string `json:"session_id"`
	}
	_ = json.Unmarshal(e.Params, &p) // without one it belongs to no session
	c.mu.Lock()
	_, heard := c.feeds[p.Session]
	c.mu.Unlock()
	if spilled != "" || !heard {
		discardFile(spilled)
		c.wg.Go(func() { _ = r.Refuse(context.Background(), CodeUnknownMethod, "nobody is there to answer") })
		return
	}
	c.deliver(Message{Type: e.Method, Session: p.Session, Payload: e.Params, Request: r})
}
