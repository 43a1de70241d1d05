package hermes

import (
	"context"
	"os"
	"time"

	"hermes-webui/server/agent/hermes/gateway"
	"hermes-webui/server/chat"
)

// breakGrace is how long a turn may take to end that nobody listens to any more.
const breakGrace = 3 * time.Second

// leaving is a session that the agent is about to free.
type leaving struct {
	conns int
	freed chan struct{} // closed when all of them are done
}

// leave notes that the agent is about to free a session; left ends that.
func (d *Driver) leave(s chat.SessionID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	l := d.leaves[s]
	if l == nil {
		l = &leaving{freed: make(chan struct{})}
		d.leaves[s] = l
	}
	l.conns++
}

func (d *Driver) left(s chat.SessionID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	l := d.leaves[s]
	if l.conns--; l.conns == 0 {
		close(l.freed)
		delete(d.leaves, s)
	}
}

// awaitLeft waits until the agent has freed a session that was let go: one that
// is resumed before would be freed under its new owner.
func (d *Driver) awaitLeft(ctx context.Context, s chat.SessionID) {
	d.mu.Lock()
	l := d.leaves[s]
	d.mu.Unlock()
	if l == nil {
		return
	}
	select {
	case <-l.freed:
	case <-ctx.Done():
	}
}

// Close lets go of the session. The agent keeps it in its database.
func (c *conn) Close() error {
	c.mu.Lock()
	begun, again := c.begun, c.closed
	c.closed = true
	c.mu.Unlock()
	if again {
		return nil
	}
	c.driver.leave(c.session.ID)
	c.cancel()
	if !begun {
		c.driver.left(c.session.ID)
	}
	return nil
}

// hangUp ends the line; the agent frees what it holds for the session. Whoever
// closed the Conn does not wait for it.
func (c *conn) hangUp() {
	c.mu.Lock()
	l, w, left := c.line, c.work, c.closed
	c.line, c.work, c.closed = nil, nil, true
	c.mu.Unlock()
	if !left { // nobody listens any more, or the Driver is closed
		c.driver.leave(c.session.ID)
	}
	c.driver.unclaim(c)
	c.driver.works(c)
	defer c.driver.left(c.session.ID)
	if w != nil {
		w.cancel()
	}
	if l == nil {
		return
	}
	l.stop()
	<-l.deaf
	if c.goesOn.Load() {
		l.feed.Close()
		return
	}
	if w != nil {
		l.breakOff()
	}
	l.feed.Close()
	if c.driver.ctx.Err() == nil { // else its process ends, which frees all
		release(context.Background(), l.client, l.id)
	}
}

// release has the agent free a session, in a moment. That fails where the agent is
// gone, or knows the session no more: then it is free.
func release(ctx context.Context, client *gateway.Client, id string) {
	ctx, cancel := context.WithTimeout(ctx, callGrace)
	defer cancel()
	_ = client.Call(ctx, "session.close", map[string]any{"session_id": id}, nil)
}

// breakOff ends a turn that runs. The agent keeps of it what it has when the turn
// ends in order; of one that its end breaks off it keeps nothing.
func (l *line) breakOff() {
	ctx, cancel := context.WithTimeout(context.Background(), breakGrace)
	defer cancel()
	err := l.client.Call(ctx, "session.interrupt", map[string]any{"session_id": l.id}, nil)
	for err == nil {
		var m gateway.Message
		if m, err = l.feed.Next(ctx); err == nil && m.Spilled != "" {
			_ = os.Remove(m.Spilled)
		}
		if m.Type == "message.complete" || m.Type == "error" {
			return
		}
	}
}

// spawn runs f until Close has waited for it; false = it is closed.
func (d *Driver) spawn(f func()) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return false
	}
	d.wg.Go(f)
	return true
}
