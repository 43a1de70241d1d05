package main

import (
	"context"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/direct"
	"hermes-webui/server/agent/hermes"
	"hermes-webui/server/agent/scripted"
)

// roster is the agents of this program, the best first.
type roster struct {
	members   []member
	preferred func() string // of new sessions, as a person set it; "" = not set
	look      func(context.Context) error
}

type member struct {
	id     string
	driver agent.Driver
}

func newRoster(h *hermes.Driver, look func(context.Context) error, d *direct.Driver, demo *scripted.Driver, preferred func() string) *roster {
	return &roster{[]member{{hermes.ID, h}, {direct.ID, d}, {scripted.DemoID, demo}}, preferred, look}
}

// Refresh looks for agents that are programs of their own.
func (r *roster) Refresh(ctx context.Context) error { return r.look(ctx) }

// Restart ends the processes of agents, which start again when they are needed,
// and looks for agents again.
func (r *roster) Restart(ctx context.Context) error {
	for _, m := range r.members {
		if d, ok := m.driver.(interface{ Restart() }); ok {
			d.Restart()
		}
	}
	return r.look(ctx)
}

func (r *roster) ids() []string {
	var all []string
	for _, m := range r.members {
		all = append(all, m.id)
	}
	return all
}

// Driver finds an agent by its id.
func (r *roster) Driver(id string) (agent.Driver, bool) {
	for _, m := range r.members {
		if m.id == id {
			return m.driver, true
		}
	}
	return nil, false
}

// List describes all agents. One that cannot be described is not ready.
func (r *roster) List(ctx context.Context) []agent.Info {
	var all []agent.Info
	for _, m := range r.members {
		info, err := m.driver.Describe(ctx)
		if err != nil {
			info = agent.Info{ID: m.id, Name: m.id, Missing: sentence(err), Can: agent.Abilities{Rewind: agent.RewindNone}}
		}
		all = append(all, info)
	}
	return all
}

// Default returns the agent that a person set, if it works, else the first that
// does. The last one always does.
func (r *roster) Default() string {
	all := r.List(context.Background())
	preferred := r.preferred()
	for _, info := range all {
		if info.Ready && info.ID == preferred {
			return info.ID
		}
	}
	for _, info := range all {
		if info.Ready {
			return info.ID
		}
	}
	return r.members[len(r.members)-1].id
}
