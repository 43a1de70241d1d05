package main

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/direct"
	"hermes-webui/server/agent/hermes/locate"
	"hermes-webui/server/chat"
	"hermes-webui/server/provider"
	"hermes-webui/server/setting"
	"hermes-webui/server/turn"
	"hermes-webui/server/workspace"
)

// desk gives new sessions what they do not ask for, and lets none work in a
// folder that cannot be a workspace.
type desk struct {
	*turn.Desk
	sessions  chat.Reader
	places    *workspace.Place
	agents    turn.Agents
	settings  *setting.Book
	providers *provider.Book
}

func (d desk) Create(ctx context.Context, n turn.NewSession) (chat.Session, chat.Seq, bool, error) {
	n.Profile = profile(n.Profile)
	n, err := d.filled(ctx, n)
	if err != nil {
		return chat.Session{}, 0, false, err
	}
	return d.Desk.Create(ctx, n)
}

// filled adds the defaults. A request that comes again is left as it was: the
// settings, and the folder, may have changed since the first.
func (d desk) filled(ctx context.Context, n turn.NewSession) (turn.NewSession, error) {
	if n.Workspace != "" {
		clean, err := d.places.Clean(n.Workspace)
		if err != nil {
			return n, err
		}
		n.Workspace = clean
	}
	if n.ID != "" {
		if _, _, err := d.sessions.Session(ctx, n.ID); err == nil {
			return n, nil
		}
	}
	var err error
	if n.Workspace, err = d.workspace(n.Workspace); err != nil {
		return n, err
	}
	n.Agent = cmp.Or(n.Agent, d.agents.Default())
	return d.preset(ctx, n), nil
}

// preset gives a session the model and the effort that a person set for new ones,
// where its agent has them.
func (d desk) preset(ctx context.Context, n turn.NewSession) turn.NewSession {
	set := d.settings.Get()
	driver, ok := d.agents.Driver(n.Agent)
	switch {
	case n.Agent == direct.ID:
		n.Model = cmp.Or(n.Model, usable(d.providers, set.DefaultModel))
	case !ok || set.DefaultModel == "" || n.Model != "" || !offers(ctx, driver, set.DefaultModel):
		return n
	default:
		n.Model = set.DefaultModel
	}
	n.Effort = cmp.Or(n.Effort, string(set.DefaultEffort))
	return n
}

// offers reports whether an agent has a model.
func offers(ctx context.Context, d agent.Driver, model string) bool {
	info, err := d.Describe(ctx)
	return err == nil && slices.ContainsFunc(info.Can.Models, func(m agent.Model) bool { return m.ID == model })
}

// usable returns a model whose provider is connected, else "": no session names
// a model that cannot be asked.
func usable(b *provider.Book, model string) string {
	id, _, _ := strings.Cut(model, "/")
	if _, err := b.Endpoint(id); err != nil {
		return ""
	}
	return model
}

// profile gives the default profile one name: what an agent keeps is found by it.
func profile(name string) string {
	if name == locate.DefaultProfile {
		return ""
	}
	return name
}

func (d desk) Change(ctx context.Context, id chat.SessionID, c chat.SessionChanged) (chat.Session, chat.Seq, error) {
	if c.Profile != nil {
		name := profile(*c.Profile)
		c.Profile = &name
	}
	if c.Workspace != nil {
		path, err := d.workspace(*c.Workspace)
		if err != nil {
			return chat.Session{}, 0, err
		}
		c.Workspace = &path
	}
	return d.Desk.Change(ctx, id, c)
}

// workspace checks a folder; "" is the default one.
func (d desk) workspace(path string) (string, error) {
	if path == "" {
		return d.places.Default(), nil
	}
	return d.places.Check(path)
}
