package main

import (
	"context"

	"hermes-webui/server/agent/direct/mcp"
	"hermes-webui/server/agent/direct/tool"
	"hermes-webui/server/mcpserver"
)

// plugs hands the MCP servers that are set up to the hub, and what is true of
// them back.
type plugs struct{ hub *mcp.Hub }

// pluggedIn is what the hub asks for.
func pluggedIn(b *mcpserver.Book) func() []mcp.Server {
	return func() []mcp.Server {
		var all []mcp.Server
		for _, c := range b.Configs() {
			all = append(all, mcp.Server{
				Name: c.Name, Command: c.Command, Env: c.Env, URL: c.URL, Headers: c.Headers, Enabled: c.Enabled,
			})
		}
		return all
	}
}

// Status implements mcpserver.Client.
func (p plugs) Status(name string) mcpserver.Status {
	for _, s := range p.hub.States() {
		if s.Name == name {
			return statusOf(s)
		}
	}
	return mcpserver.Status{State: mcpserver.Off}
}

// Check implements mcpserver.Client.
func (p plugs) Check(ctx context.Context, name string) mcpserver.Status {
	return statusOf(p.hub.Check(ctx, name))
}

func statusOf(s mcp.State) mcpserver.Status {
	out := mcpserver.Status{Problem: s.Problem}
	switch s.State {
	case mcp.Off:
		out.State = mcpserver.Off
	case mcp.Connecting:
		out.State = mcpserver.Connecting
	case mcp.Ready:
		out.State = mcpserver.Ready
	case mcp.Failed:
		out.State = mcpserver.Failed
	default:
		out.State, out.Problem = mcpserver.Failed, "The state of this server is not known to this version of the program."
	}
	for _, t := range s.Tools {
		out.Tools = append(out.Tools, mcpserver.Tool{Name: t.Name, About: t.About})
	}
	return out
}

// tools are for the direct agent, with a sentence for each server that is
// missing.
func (p plugs) tools(ctx context.Context) ([]tool.Tool, []string) {
	tools, problems := p.hub.Tools(ctx)
	var missing []string
	for _, m := range problems {
		missing = append(missing, m.Text)
	}
	return tools, missing
}
