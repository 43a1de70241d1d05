package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"slices"
	"time"
)

// read takes frames until the link ends. What is no JSON-RPC is counted in the
// log and does no harm.
func (c *Client) read() {
	for {
		f, err := c.link.Recv()
		if err != nil {
			_ = c.fail(err)
			return
		}
		c.take(f)
	}
}

func (c *Client) take(f Frame) {
	var in incoming
	if err := json.Unmarshal(f.Data, &in); err != nil {
		c.slog.Warn("the agent sent what is no JSON", "bytes", len(f.Data), "spilled", f.Spilled != "")
		remove(f.Spilled)
		return
	}
	switch {
	case in.Method == "event":
		c.event(in.Params, f.Spilled)
	case in.Method != "" && in.hasID():
		c.question(in, f.Spilled)
	case in.Method != "":
		c.slog.Debug("the agent sent an unknown notification", "method", in.Method)
		remove(f.Spilled)
	default:
		c.answer(in)
		remove(f.Spilled)
	}
}

func remove(file string) {
	if file != "" {
		_ = os.Remove(file)
	}
}

func (c *Client) answer(in incoming) {
	id, ok := in.own()
	c.mu.Lock()
	defer c.mu.Unlock()
	back := c.calls[id]
	if !ok || back == nil { // the caller has left
		return
	}
	delete(c.calls, id)
	in.Result = bytes.Clone(in.Result)
	back <- in
}

func (c *Client) event(params json.RawMessage, spilled string) {
	var a about
	if err := json.Unmarshal(params, &a); err != nil || a.Type == "" {
		c.slog.Warn("the agent sent an event of unknown form", "bytes", len(params))
		remove(spilled)
		return
	}
	if !given(a.Payload) {
		a.Payload = nil
	}
	m := Message{Type: a.Type, Session: a.Session, Payload: bytes.Clone(a.Payload), Spilled: spilled}
	switch a.Type {
	case "gateway.ready":
		c.greet(m.Payload)
	case "request.cancel":
		c.cancelled(&m)
	}
	c.deliver(m)
}

func (c *Client) greet(payload json.RawMessage) {
	select {
	case <-c.ready: // once more, e.g. after a re-attach
	default:
		c.hello = payload
		close(c.ready)
	}
}

// cancelled gives an event that only names a question to that question's session.
func (c *Client) cancelled(m *Message) {
	var gone struct {
		ID json.RawMessage `json:"id"`
	}
	_ = json.Unmarshal(m.Payload, &gone) // without an id it is an event like others
	c.mu.Lock()
	defer c.mu.Unlock()
	session, known := c.open[string(gone.ID)]
	delete(c.open, string(gone.ID))
	if known && m.Session == "" {
		m.Session = session
	}
}

func (c *Client) question(in incoming, spilled string) {
	r := &Request{id: slices.Clone(in.ID), method: in.Method, client: c}
	var a about
	if given(in.Params) && json.Unmarshal(in.Params, &a) != nil {
		remove(spilled)
		go func() { _ = r.Refuse(context.Background(), CodeInvalidParams, "params must be an object") }()
		return
	}
	c.mu.Lock()
	c.open[string(r.id)] = a.Session
	c.mu.Unlock()
	c.deliver(Message{Type: in.Method, Session: a.Session, Payload: bytes.Clone(in.Params), Spilled: spilled, Request: r})
	time.AfterFunc(unheardQuestion, func() { c.giveUp(a.Session, r) })
}

// giveUp refuses a question of a session that nobody has begun to listen to.
func (c *Client) giveUp(session string, r *Request) {
	c.mu.Lock()
	dropped := c.box.remove(session, r)
	c.mu.Unlock()
	c.drop(dropped)
}

// deliver waits while the queue of the session is full to its utmost.
func (c *Client) deliver(m Message) {
	for {
		c.mu.Lock()
		wait, dropped := c.box.put(m)
		c.mu.Unlock()
		c.drop(dropped)
		if wait == nil {
			return
		}
		select {
		case <-wait:
		case <-c.done:
			m.discard()
			return
		}
	}
}

// drop lets go of messages that nobody listened to. A question is refused: the
// agent must not wait for ever.
func (c *Client) drop(all []Message) {
	for _, m := range all {
		m.discard()
		if m.Request != nil {
			go func() { _ = m.Request.Refuse(context.Background(), CodeUnknownMethod, "nobody is there to answer") }()
		}
	}
}
