package hermes

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/hermes/gateway"
	"hermes-webui/server/chat"
)

// attachLimit is how long the agent may take until it holds a session: the first
// start of a process may take a minute, an old session half of one.
const attachLimit = 2 * time.Minute

// opened is the agent's answer to session.create and session.resume.
type opened struct {
	Session  string    `json:"session_id"`
	Stored   string    `json:"stored_session_id"`
	Resumed  string    `json:"resumed"`
	Key      string    `json:"session_key"`
	Messages []message `json:"messages"`
	Info     info      `json:"info"`

	// Of a session that the agent holds already:
	Running  bool   `json:"running"`
	Status   string `json:"status"`
	Inflight *struct {
		User      string `json:"user"`
		Assistant string `json:"assistant"` // all text of the turn so far
	} `json:"inflight"`
}

func (o opened) stored() string {
	for _, id := range []string{o.Stored, o.Key, o.Resumed} {
		if id != "" {
			return id
		}
	}
	return ""
}

// message is what an agent says of its history: no results, no ids.
type message struct {
	Role    string          `json:"role"`
	Text    string          `json:"text"`
	Content json.RawMessage `json:"content"`
}

// attach makes the agent hold the session in memory with the history that the
// task wants, and says at which of its prompts it has to be cut; -1 = nowhere.
func (c *conn) attach(ctx context.Context, t agent.Task) (*line, int, error) {
	ctx, cancel := context.WithTimeout(ctx, attachLimit)
	defer cancel()
	past := slices.Collect(t.History)
	if l := c.live(); l != nil {
		if newest(past) == c.tip && c.tip != "" && !c.doubt.Swap(false) {
			return l, -1, nil
		}
		var known struct{ Messages []message }
		if err := l.client.Call(ctx, "session.history", map[string]any{"session_id": l.id}, &known); err != nil {
			return nil, 0, err
		}
		return c.fit(ctx, l, known.Messages, past, t)
	}
	l, cut, err := c.open(ctx, past, t)
	if err != nil && c.live() == nil {
		c.driver.unclaim(c)
	}
	return l, cut, err
}

// open makes the agent hold a session that it has not in memory.
func (c *conn) open(ctx context.Context, past []*chat.Turn, t agent.Task) (*line, int, error) {
	c.driver.claim(c)
	c.driver.awaitLeft(ctx, c.session.ID)
	h, client, err := c.client(ctx)
	if err != nil {
		return nil, 0, err
	}
	if c.stored == "" {
		l, err := c.create(ctx, h, client, past, t)
		return l, -1, err
	}
	o, err := c.resume(ctx, client)
	if refusedWith(err, gateway.CodeNoStored) {
		l, err := c.create(ctx, h, client, past, t) // it was removed elsewhere
		return l, -1, err
	}
	if err != nil {
		return nil, 0, err
	}
	l := c.hold(h, client, o, t.Turn)
	if t.Workspace != "" && o.Info.Cwd != t.Workspace {
		if err := client.Call(ctx, "session.cwd.set", map[string]any{"session_id": l.id, "cwd": t.Workspace}, nil); err != nil {
			return nil, 0, err
		}
	}
	return c.fit(ctx, l, o.Messages, past, t)
}

// lockPause is how long we wait before we ask again for a session in a database
// that another program holds; the agent itself has waited for seconds by then.
const lockPause = time.Second

// resume has the agent open the stored session. While another program holds its
// database it is asked again.
func (c *conn) resume(ctx context.Context, client *gateway.Client) (o opened, err error) {
	defer c.show("")
	for {
		err = client.Call(ctx, "session.resume", map[string]any{"session_id": c.stored, "cols": columns, "source": source}, &o)
		var refused *gateway.Error
		if !errors.As(err, &refused) || !strings.Contains(refused.Message, "database is locked") {
			return o, err
		}
		c.show("Another program holds Hermes' database. Waiting for it.")
		select {
		case <-time.After(lockPause):
		case <-ctx.Done():
			return o, err
		}
	}
}

// source and columns are what the agent is told of its client.
const source, columns = "webui", 100

// client finds the process of the session's profile. The first start takes
// seconds, so it is said.
func (c *conn) client(ctx context.Context) (*host, *gateway.Client, error) {
	h, err := c.driver.host(ctx, c.session.Profile)
	if err != nil {
		return nil, nil, err
	}
	if h.State().Phase != gateway.Ready {
		c.show("Starting Hermes Agent.")
	}
	defer c.show("")
	if pause := time.Until(h.State().RetryAt); pause > 0 && pause < pauseMost {
		select { // it broke off just now; a person need not send twice
		case <-time.After(pause):
		case <-ctx.Done():
		}
	}
	client, err := h.Client(ctx)
	return h, client, err
}

// pauseMost is how long a turn waits for an agent that may not be started again
// yet.
const pauseMost = 5 * time.Second

// create makes a session of the agent, with what was said before in this one.
func (c *conn) create(ctx context.Context, h *host, client *gateway.Client, past []*chat.Turn, t agent.Task) (*line, error) {
	params := paramsOf(t.Workspace, t.Model, t.Effort)
	seed := seedOf(past)
	if len(seed) > 0 {
		params["messages"] = seed
	} else if o, ok := c.driver.prepared(c.session.ID, warmKey(c.session.Profile, params), client); ok {
		c.told = told{t.Model, t.Effort}
		return c.hold(h, client, o, t.Turn), nil
	}
	var o opened
	if err := client.Call(ctx, "session.create", params, &o); err != nil {
		return nil, err
	}
	c.told = told{t.Model, t.Effort}
	return c.hold(h, client, o, t.Turn), nil
}

// hold begins to listen to a session.
func (c *conn) hold(h *host, client *gateway.Client, o opened, turn chat.TurnID) *line {
	c.detach()
	ctx, stop := context.WithCancel(c.ctx)
	l := &line{client: client, host: h, id: o.Session, feed: client.Listen(o.Session), stop: stop, deaf: make(chan struct{})}
	if hello, err := client.Ready(ctx); err == nil {
		l.strict = hello.Requests
	}
	c.mu.Lock()
	c.line = l
	c.mu.Unlock()
	c.driver.claim(c)
	go c.listen(ctx, l)
	c.keep(turn, o.stored())
	return l
}

// listen brings what the agent says to the actor.
func (c *conn) listen(ctx context.Context, l *line) {
	defer close(l.deaf)
	for {
		m, err := l.feed.Next(ctx)
		if ctx.Err() != nil {
			return
		}
		select {
		case c.inbox <- heard{l, m, err}:
		case <-ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// keep says under which id the agent keeps the session, when that is news.
func (c *conn) keep(turn chat.TurnID, stored string) {
	if stored == "" || stored == c.stored {
		return
	}
	c.stored = stored
	c.send(turn, agent.Stored{ID: stored})
}

// live returns the line if the agent still holds the session.
func (c *conn) live() *line {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.line == nil {
		return nil
	}
	select {
	case <-c.line.client.Done():
		return nil
	default:
		return c.line
	}
}

// detach stops to listen; the agent may be gone already.
func (c *conn) detach() {
	c.mu.Lock()
	l := c.line
	c.line = nil
	c.mu.Unlock()
	if l != nil {
		c.driver.unclaim(c)
		l.stop()
		l.feed.Close()
	}
}
