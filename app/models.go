package main

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"hermes-webui/server"
	"hermes-webui/server/agent"
	"hermes-webui/server/agent/direct"
	"hermes-webui/server/provider"
)

// modelsWithin is how long a list of models waits for providers that were never
// asked before; those that come later are told as a change of the agents.
const modelsWithin = 5 * time.Second

// Models lists what all agents offer.
func (r *roster) Models(ctx context.Context) (server.Models, error) {
	var out server.Models
	for _, m := range r.members {
		if d, ok := m.driver.(*direct.Driver); ok {
			if err := directModels(ctx, d, &out); err != nil {
				return out, err
			}
			continue
		}
		if info, err := m.driver.Describe(ctx); err == nil { // one that cannot be described offers none
			add(&out, info.ID, "", info.Can.Models)
		}
	}
	return out, ctx.Err()
}

func directModels(ctx context.Context, d *direct.Driver, out *server.Models) error {
	short, cancel := context.WithTimeout(ctx, modelsWithin)
	defer cancel()
	lists, err := d.Models(short)
	if err != nil && (ctx.Err() != nil || !errors.Is(err, context.DeadlineExceeded)) {
		return err
	}
	if err != nil { // a provider is slow: what is known by now
		info, err := d.Describe(ctx)
		add(out, direct.ID, "", info.Can.Models)
		return err
	}
	for _, l := range lists {
		add(out, direct.ID, l.Name, l.Models)
		if l.Problem != "" {
			out.Problems = append(out.Problems, server.ModelProblem{Provider: l.Provider, Name: l.Name, Problem: l.Problem})
		}
	}
	return nil
}

func add(out *server.Models, agentID, providerName string, models []agent.Model) {
	for _, m := range models {
		name := providerName
		if name == "" {
			name = m.Provider
		}
		out.Items = append(out.Items, server.AgentModel{Agent: agentID, ProviderName: name, Model: m})
	}
}

// finder looks for servers of models on this machine.
type finder struct {
	direct    *direct.Driver
	providers *provider.Book
}

func (f finder) Found(ctx context.Context) ([]server.FoundServer, error) {
	var out []server.FoundServer
	known := f.providers.List()
	for _, s := range f.direct.Discover(ctx) {
		out = append(out, server.FoundServer{
			ID: s.ID, Name: s.Name, Kind: provider.Kind(s.Kind), BaseURL: s.BaseURL, Models: s.Models, Connected: connected(known, s.BaseURL),
		})
	}
	return out, ctx.Err()
}

// connected reports whether a provider is at the same place.
func connected(known []provider.Provider, address string) bool {
	at := place(address)
	for _, p := range known {
		if p.Ready && at != "" && place(p.BaseURL) == at {
			return true
		}
	}
	return false
}

// place is host and port, with one name for this machine.
func place(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	if host == "localhost" || host == "::1" {
		host = "127.0.0.1"
	}
	return host + ":" + u.Port()
}
