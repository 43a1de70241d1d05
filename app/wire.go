package main

import (
	"context"
	"fmt"
	"path/filepath"
	"sync/atomic"

	"hermes-webui/server"
	"hermes-webui/server/agent/direct"
	"hermes-webui/server/agent/scripted"
	"hermes-webui/server/blob"
	"hermes-webui/server/provider"
	"hermes-webui/server/status"
	"hermes-webui/server/store"
	"hermes-webui/server/turn"
)

// core is what stays when the front is restarted.
type core struct {
	store     *store.Store
	desk      desk
	roster    *roster
	direct    *direct.Driver
	providers *provider.Book
	blobs     *blob.Dir
	status    *status.Board
	revision  atomic.Int64 // of what the pages know of agents
	unfollow  func()       // ends the followers and waits for them
}

// openStore opens everything that is on the disk.
func (p *process) openStore(ctx context.Context) (err error) {
	c := &core{status: status.New(), unfollow: func() {}}
	if c.blobs, err = blob.Open(filepath.Join(p.StateDir, "blobs")); err != nil {
		return err
	}
	if c.providers, err = provider.Open(p.StateDir, providerEnv(p.Env)); err != nil {
		return err
	}
	if problem := c.providers.Problem(); problem != nil {
		p.log.Error("stored keys cannot be used", "err", problem)
	}
	store.KeepFileLocks(p.log)
	c.store, err = store.Open(ctx, p.StateDir, store.Options{Slog: p.log})
	p.core = c
	return err
}

func (p *process) closeStore(context.Context) error { return p.core.store.Close() }

// openDesk makes the agents and gives turns that were live their ends.
func (p *process) openDesk(ctx context.Context) (err error) {
	c := p.core
	info, err := c.store.Epochs(ctx)
	if err != nil {
		return fmt.Errorf("read the starts of the log: %w", err)
	}
	c.direct = direct.New(direct.Config{
		Providers: endpoints{c.providers}, Changed: c.agentsChanged, Slog: p.log, Version: version,
	})
	c.providers.OnChange(func() { c.direct.Refresh(); c.agentsChanged() })
	c.roster = newRoster(c.direct, scripted.Demo())
	armPause(p.Env)
	workspace, err := defaultWorkspace(p.config)
	if err != nil {
		p.log.Warn("no default workspace", "err", err)
	}
	opened, err := turn.Open(ctx, turn.Config{
		Log: c.store, Reader: c.store, Agents: c.roster, Status: c.status,
		Files: c.blobs.Path, Slog: p.log, Run: info.Epochs[len(info.Epochs)-1].ID,
	})
	if err != nil {
		c.direct.Close()
		return err
	}
	c.desk = desk{opened, workspace}
	p.follow()
	return nil
}

// closeDesk ends what runs: followers, lanes, agents. What the log holds stays.
func (p *process) closeDesk(ctx context.Context) error {
	p.core.unfollow()
	err := p.core.desk.Close(ctx)
	p.core.direct.Close()
	return err
}

// follow starts what reads along in the log.
func (p *process) follow() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		err := p.health.Follow(ctx, p.core.store, p.core.store, p.core.store.Bell())
		if ctx.Err() == nil {
			p.log.Error("follower ended", "follower", "health", "err", err)
		}
	}()
	swept := make(chan struct{})
	go func() {
		defer close(swept)
		sweeper{p.core.store, p.core.blobs, p.log}.run(ctx)
	}()
	p.core.unfollow = func() { cancel(); <-done; <-swept }
}

// agentsChanged tells the pages to ask again for agents and models.
func (c *core) agentsChanged() {
	c.status.Set("agents", "", map[string]int64{"changed": c.revision.Add(1)})
}

// forServer is the core as the front sees it.
func (c *core) forServer() server.Core {
	return server.Core{
		Desk: c.desk, Log: c.store, Bell: c.store.Bell(), Reader: c.store, Drafts: c.store,
		Agents: c.roster, Providers: c.providers, Blobs: c.blobs, Status: c.status,
	}
}

// providerEnv is the only place where keys are read from the environment.
func providerEnv(env func(string) string) provider.Env {
	return provider.Env{
		OpenAIKey:        provider.NewKey(env("OPENAI_API_KEY")),
		OpenAIBaseURL:    env("OPENAI_BASE_URL"),
		OpenAIModel:      env("OPENAI_MODEL"),
		AnthropicKey:     provider.NewKey(env("ANTHROPIC_API_KEY")),
		AnthropicBaseURL: env("ANTHROPIC_BASE_URL"),
	}
}

// endpoints hands the stored providers to the direct agent.
type endpoints struct{ book *provider.Book }

func (e endpoints) Endpoints() []direct.Endpoint {
	var out []direct.Endpoint
	for _, p := range e.book.Endpoints() {
		out = append(out, direct.Endpoint{
			ID: p.ID, Name: p.Name, Kind: direct.Kind(p.Kind), BaseURL: p.BaseURL,
			Key: p.Key.Reveal, KeyAt: p.KeyAt, Model: p.Model,
		})
	}
	return out
}
