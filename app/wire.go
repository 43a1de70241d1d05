package main

import (
	"context"
	"fmt"
	"path/filepath"
	"sync/atomic"

	"hermes-webui/server"
	"hermes-webui/server/agent/direct"
	"hermes-webui/server/agent/direct/mcp"
	"hermes-webui/server/agent/hermes"
	"hermes-webui/server/agent/scripted"
	"hermes-webui/server/blob"
	"hermes-webui/server/mcpserver"
	"hermes-webui/server/mirror"
	"hermes-webui/server/provider"
	"hermes-webui/server/rule"
	"hermes-webui/server/secret"
	"hermes-webui/server/setting"
	"hermes-webui/server/status"
	"hermes-webui/server/store"
	"hermes-webui/server/turn"
	"hermes-webui/server/workspace"
)

// core is what stays when the front is restarted.
type core struct {
	store     *store.Store
	desk      desk
	roster    *roster
	hermes    *hermes.Driver
	scout     *scout
	direct    *direct.Driver
	hub       *mcp.Hub
	secrets   *secret.File
	providers *provider.Book
	mcp       *mcpserver.Book
	rules     *rule.Book
	settings  *setting.Book
	places    *workspace.Place
	blobs     *blob.Dir
	mirror    *mirror.Mirror
	profiles  *profiles // of the Hermes Agent
	login     *login
	status    *status.Board
	revision  atomic.Int64 // of what the pages know of agents and rules
	unfollow  func()       // ends the followers and waits for them
}

// openStore opens everything that is on the disk.
func (p *process) openStore(ctx context.Context) (err error) {
	c := &core{status: status.New(), unfollow: func() {}}
	if c.blobs, err = blob.Open(filepath.Join(p.StateDir, "blobs")); err != nil {
		return err
	}
	if c.secrets, err = secret.Open(p.StateDir); err != nil {
		return err
	}
	c.providers = provider.Open(c.secrets, providerEnv(p.Env))
	if problem := c.providers.Problem(); problem != nil {
		p.log.Error("stored keys cannot be used", "err", problem)
	}
	c.mcp = mcpserver.Open(c.secrets)
	if problem := c.mcp.Problem(); problem != nil {
		p.log.Error("stored MCP servers cannot be used", "err", problem)
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
	c.rules = rule.NewBook(c.store)
	c.settings, err = setting.Open(ctx, c.store, func() []string { return c.roster.ids() }, func(path string) (string, error) { return c.places.Check(path) })
	if err != nil {
		return err
	}
	p.sweepChildren()
	p.openHermes()
	p.openDirect()
	c.mcp.OnOther(func(name string) error { return c.rules.ForgetServer(context.Background(), name) })
	c.mcp.OnChange(func() { c.hub.Refresh(); c.agentsChanged() })
	c.providers.OnChange(func() { c.direct.Refresh(); c.agentsChanged() })
	c.settings.OnChange(c.agentsChanged)
	c.rules.OnChange(c.rulesChanged)
	c.roster = newRoster(c.hermes, c.scout.again, c.direct, scripted.Demo(), func() string { return c.settings.Get().DefaultAgent })
	home, err := defaultWorkspace(p.config)
	if err != nil {
		p.log.Warn("no default workspace", "err", err)
	}
	c.places = workspace.New(workspace.Config{Home: p.UserHome, StateDir: p.StateDir, Default: home,
		Preferred: func() string { return c.settings.Get().DefaultWorkspace }, Recent: c.store})
	p.openMirror()
	p.openLogin()
	opened, err := turn.Open(ctx, turn.Config{
		Log: c.store, Reader: c.mirror.Over(c.store), Elsewhere: c.mirror, Kept: c.store, Agents: c.roster, Status: c.status,
		Files: c.blobs.Path, Folder: c.places.Open, Slog: p.log, Run: info.Epochs[len(info.Epochs)-1].ID,
	})
	if err != nil {
		c.closeAgents()
		return err
	}
	c.desk = desk{opened, c.store, c.places, c.roster, c.settings, c.providers}
	p.follow()
	p.putChecks()
	return nil
}

// closeDesk ends what runs, once it has had its time: followers, lanes, agents.
// What the log holds stays.
func (p *process) closeDesk(ctx context.Context) error {
	p.drain(ctx)
	p.core.unfollow()
	err := p.core.desk.Close(ctx)
	p.core.closeAgents()
	return err
}

// closeAgents ends what agents use, once no turn uses it any more.
func (c *core) closeAgents() {
	c.hermes.Close()
	c.scout.close()
	c.hub.Close()
	c.direct.Close()
	for _, db := range c.profiles.databases() {
		_ = db.Close() // only ever read from
	}
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
	mirrored := make(chan struct{})
	go func() {
		defer close(mirrored)
		p.core.mirror.Run(ctx)
	}()
	looked := make(chan struct{})
	go func() {
		defer close(looked)
		p.core.profiles.run(ctx, p.core.profilesChanged)
	}()
	p.core.unfollow = func() { cancel(); <-done; <-swept; <-mirrored; <-looked }
}

// agentsChanged tells the pages to ask again for agents and what they use:
// models, providers, settings, MCP servers.
func (c *core) agentsChanged() {
	c.status.Set("agents", "", map[string]int64{"changed": c.revision.Add(1)})
}

// rulesChanged tells the pages to ask again for the rules.
func (c *core) rulesChanged() {
	c.status.Set("rules", "", map[string]int64{"changed": c.revision.Add(1)})
}

// loginChanged tells the pages to ask again for the start at login.
func (c *core) loginChanged() {
	c.status.Set("autostart", "", map[string]int64{"changed": c.revision.Add(1)})
}

// forServer is the core as the front sees it.
func (c *core) forServer() server.Core {
	return server.Core{
		Desk: c.desk, Log: c.store, Bell: c.store.Bell(), Reader: c.mirror.Over(c.store), Drafts: drafts{c.store, c},
		Agents: c.roster, Providers: c.providers, Finder: finder{c.direct, c.providers}, MCPServers: c.mcp,
		Settings: c.settings, Rules: c.rules, Workspaces: c.places, Blobs: c.blobs, Pictures: pictures(), Status: c.status,
		Autostart: c.login,
		Metrics:   c.metrics,
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
		OpenRouterKey:    provider.NewKey(env("OPENROUTER_API_KEY")),
	}
}
