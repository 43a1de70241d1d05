package hermes

import (
	"context"
	"fmt"
	"strings"
	"time"

	"hermes-webui/server/agent/hermes/gateway"
	"hermes-webui/server/chat"
)

// warmFor is how long the agent holds a session that was prepared and not used.
const warmFor = 10 * time.Minute

// warmed is a session that the agent has prepared before its first prompt.
type warmed struct {
	session chat.SessionID
	key     string // of what it was made with
	client  *gateway.Client
	host    *host
	opened  opened
	used    chan struct{} // closed when somebody took it
}

// Warm has the agent prepare for the first prompt of a session, in the
// background: to start takes it seconds, to make a session as many again. Called
// while a person writes, the answer begins sooner. One session is held at a time.
func (d *Driver) Warm(s chat.Session) {
	if !d.warming.TryLock() {
		return
	}
	if !d.spawn(func() { defer d.warming.Unlock(); d.warmUp(s) }) {
		d.warming.Unlock()
	}
}

func (d *Driver) warmUp(s chat.Session) {
	ctx, cancel := context.WithTimeout(d.ctx, attachLimit)
	defer cancel()
	h, err := d.host(ctx, s.Profile)
	if err != nil {
		return // the turn will say it
	}
	client, err := h.Client(ctx)
	if err != nil || len(s.Stored) > 0 || s.Head != nil {
		return
	}
	params := paramsOf(s.Workspace, s.Model, s.Effort)
	key := warmKey(s.Profile, params)
	d.mu.Lock()
	held := d.warm
	d.mu.Unlock()
	if held != nil && held.session == s.ID && held.key == key && held.client == client {
		return
	}
	d.cool(held)
	w := &warmed{session: s.ID, key: key, client: client, host: h, used: make(chan struct{})}
	if client.Call(ctx, "session.create", params, &w.opened) != nil {
		return
	}
	d.mu.Lock()
	d.warm = w
	d.mu.Unlock()
	d.spawn(func() {
		late := time.NewTimer(warmFor)
		defer late.Stop()
		select {
		case <-w.used:
		case <-d.ctx.Done():
		case <-late.C:
			d.cool(w)
		}
	})
}

// prepared takes the session that was prepared for this one, if it was made with
// the same and the agent still holds it.
func (d *Driver) prepared(s chat.SessionID, key string, client *gateway.Client) (opened, bool) {
	d.mu.Lock()
	w := d.warm
	fits := w != nil && w.session == s && w.key == key && w.client == client
	if fits {
		d.warm = nil
	}
	d.mu.Unlock()
	if !fits {
		return opened{}, false
	}
	close(w.used)
	return w.opened, true
}

// cool has the agent let go of a session that nobody used.
func (d *Driver) cool(w *warmed) {
	if w == nil {
		return
	}
	d.mu.Lock()
	held := d.warm == w
	if held {
		d.warm = nil
	}
	d.mu.Unlock()
	if !held {
		return
	}
	close(w.used)
	release(d.ctx, w.client, w.opened.Session)
}

// paramsOf is what a session is made with.
func paramsOf(workspace, model, effort string) map[string]any {
	params := map[string]any{"cols": columns, "source": source}
	if workspace != "" {
		params["cwd"] = workspace
	}
	if provider, name, ok := strings.Cut(model, "/"); ok {
		params["provider"], params["model"] = provider, name
	}
	if effort != "" {
		params["reasoning_effort"] = effort
	}
	return params
}

// warmKey is the same for the same wishes. fmt sorts the keys of maps.
func warmKey(profile string, params map[string]any) string { return fmt.Sprint(profile, params) }
