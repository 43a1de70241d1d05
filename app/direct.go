package main

import (
	"context"
	"net/http"
	"path/filepath"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/direct"
	"hermes-webui/server/agent/direct/child"
	"hermes-webui/server/agent/direct/mcp"
	"hermes-webui/server/agent/direct/outbound"
	"hermes-webui/server/agent/direct/tool"
	"hermes-webui/server/provider"
	"hermes-webui/server/setting"
)

// openDirect makes the direct agent with its tools and its MCP servers.
func (p *process) openDirect() {
	c := p.core
	scrubbed := child.Environment(p.Environ, p.secrets())
	c.hub = mcp.New(mcp.Config{
		Servers: pluggedIn(c.mcp), Env: scrubbed, Dir: p.childrenDir(), Slog: p.log, Changed: c.agentsChanged,
		Proxy: http.ProxyFromEnvironment, Version: version,
	})
	c.mcp.Use(plugs{c.hub})
	c.direct = direct.New(direct.Config{
		Providers: endpoints{c.providers}, Changed: c.agentsChanged, Slog: p.log, Version: version,
		Proxy: http.ProxyFromEnvironment, Tools: p.tools(scrubbed), More: plugs{c.hub}.tools, Rules: rules{c.rules}, Secrets: p.secrets,
		Default: c.directDefault, Models: modelSettings(c.settings),
		Cache: c.store.Cache(), Prefer: preferences(c.settings),
	})
}

// directDefault is the model of sessions that have none. One that the person chose
// among those of another agent is no default here.
func (c *core) directDefault() string {
	model := c.settings.Get().DefaultModel
	if model == "" || usable(c.providers, model) != "" {
		return model
	}
	if offers(context.Background(), c.hermes, model) {
		return ""
	}
	return model // whoever asks for it says that its provider is not connected
}

// childrenDir is where the commands of agents are noted while they run.
func (p *process) childrenDir() string { return filepath.Join(p.StateDir, "run", "children") }

// sweepChildren ends what the commands of an earlier process left behind when
// that was killed.
func (p *process) sweepChildren() {
	n, err := child.Sweep(p.childrenDir())
	if p.Env(curedAt) != "" {
		reapLeft() // they are children of this process, which nobody here waits for
	}
	if err != nil {
		p.log.Warn("commands that a killed server left behind may still run", "err", err)
	}
	if n > 0 {
		p.log.Info("ended commands that a killed server left behind", "processes", n)
	}
}

// tools are those of the direct agent, in the order in which models see them.
func (p *process) tools(env []string) []tool.Tool {
	return []tool.Tool{
		tool.ReadFile{}, tool.ListDir{}, tool.SearchFiles{}, tool.EditFile{}, tool.WriteFile{},
		tool.NewShell(tool.ShellConfig{Run: child.New(child.Config{Dir: p.childrenDir()}), Env: env, Path: p.Env("PATH"),
			Seconds: func() int { return p.core.settings.Get().CommandSeconds }}),
		tool.FetchURL(outbound.New(outbound.Config{Proxy: http.ProxyFromEnvironment, UserAgent: "hermes-webui/" + version})),
		tool.Plan{}, tool.AskUser{},
	}
}

// secrets are the values that no command of an agent may find in its
// environment, under whatever name, and that nothing an agent's tools say may
// bring into the log.
func (p *process) secrets() []string {
	env := providerEnv(p.Env)
	all := []string{env.OpenAIKey.Reveal(), env.AnthropicKey.Reveal(), env.OpenRouterKey.Reveal()}
	for _, e := range p.core.providers.Endpoints() {
		all = append(all, e.Key.Reveal())
	}
	for _, s := range p.core.mcp.Configs() {
		for _, values := range []map[string]string{s.Env, s.Headers} {
			for _, v := range values {
				all = append(all, v)
			}
		}
	}
	return all
}

// preferences hands over what a person set for all turns.
func preferences(b *setting.Book) func() direct.Preferences {
	return func() direct.Preferences {
		d := b.Get()
		return direct.Preferences{Titles: !d.PlainTitles, AskAfter: d.AskAfter, ShortenAt: d.ShortenAt}
	}
}

// modelSettings hands over what a person set for a model.
func modelSettings(b *setting.Book) func(id string) direct.ModelSetting {
	return func(id string) direct.ModelSetting {
		m := b.Get().Models[id]
		out := direct.ModelSetting{Window: m.Window}
		switch m.Images {
		case setting.ImagesYes:
			out.Images = agent.Sees
		case setting.ImagesNo:
			out.Images = agent.Blind
		default: // not set
		}
		if m.Price != nil {
			out.Price = &agent.Price{Input: m.Price.Input, Cached: m.Price.Cached, Output: m.Price.Output}
		}
		return out
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
