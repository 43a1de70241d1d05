package server

import (
	"context"
	"io"
	"os"

	"hermes-webui/server/agent"
	"hermes-webui/server/blob"
	"hermes-webui/server/chat"
	"hermes-webui/server/mcpserver"
	"hermes-webui/server/provider"
	"hermes-webui/server/rule"
	"hermes-webui/server/setting"
	"hermes-webui/server/status"
	"hermes-webui/server/turn"
	"hermes-webui/server/workspace"
)

// What the handlers call. Each is implemented by one package of the domain.
type (
	// Desk is turn.Desk.
	Desk interface {
		Create(context.Context, turn.NewSession) (s chat.Session, seq chat.Seq, again bool, err error)
		Change(context.Context, chat.SessionID, chat.SessionChanged) (chat.Session, chat.Seq, error)
		Trash(context.Context, chat.SessionID) (chat.Seq, error)
		Restore(context.Context, chat.SessionID) (chat.Seq, error)
		Purge(context.Context, chat.SessionID) (chat.Seq, error)
		Delete(context.Context, chat.SessionID) (chat.Seq, error)
		Fork(ctx context.Context, from chat.Ref, id chat.SessionID) (s chat.Session, seq chat.Seq, again bool, err error)
		Send(context.Context, chat.SessionID, turn.NewTurn) (turn.Accepted, error)
		Edit(context.Context, chat.TurnID, chat.Prompt) (chat.TurnRow, chat.Seq, error)
		Withdraw(context.Context, chat.TurnID) (chat.TurnRow, chat.Seq, error)
		Stop(context.Context, chat.TurnID) (chat.TurnRow, chat.Seq, error)
		Steer(ctx context.Context, id chat.TurnID, text string) (turn.Steered, error)
		Order(ctx context.Context, id chat.SessionID, order []chat.TurnID, held *bool) ([]chat.TurnID, bool, chat.Seq, error)
		MoveHead(ctx context.Context, id chat.SessionID, head *chat.TurnID) (chat.Seq, error)
		Answer(context.Context, chat.AskID, turn.Answer) (chat.AskRow, chat.Seq, error)
	}
	// Agents lists what can be talked to.
	Agents interface {
		// List describes every agent, the best first.
		List(context.Context) []agent.Info
		Driver(id string) (agent.Driver, bool)
		// Default returns the id of the agent for new sessions.
		Default() string
		// Models returns what all agents offer. It waits for providers, but not
		// for long; its error is only ever that of the context.
		Models(context.Context) (Models, error)
		// Refresh looks again for agents that are programs of their own.
		Refresh(context.Context) error
		// Restart ends the processes of agents, which start again when they are
		// needed. Turns that run with them break off.
		Restart(context.Context) error
	}
	// Providers keeps the providers of models and their keys; provider.Book.
	Providers interface {
		List() []provider.Provider
		// Put sets what is not nil; "" clears it.
		Put(id string, c provider.Change) (provider.Provider, error)
		Delete(id string) error
	}
	// Finder looks for servers of models on this machine.
	Finder interface {
		// Found asks loopback addresses now, without credentials. Its error is
		// only ever that of the context.
		Found(context.Context) ([]FoundServer, error)
	}
	// MCPServers keeps the MCP servers; mcpserver.Book.
	MCPServers interface {
		List() []mcpserver.Server
		Put(name string, c mcpserver.Change) (mcpserver.Server, error)
		Delete(name string) error
		Check(ctx context.Context, name string) (mcpserver.Server, error)
	}
	// Settings is setting.Book.
	Settings interface {
		Get() setting.Document
		Patch(context.Context, setting.Change) (setting.Document, error)
	}
	// Rules is rule.Book.
	Rules interface {
		List(context.Context) ([]rule.Rule, error)
		Remove(ctx context.Context, id string) error
	}
	// Workspaces is workspace.Place.
	Workspaces interface {
		Default() string
		Recent(context.Context) ([]workspace.Known, error)
		Look(path string) (workspace.Folder, error)
		Files(ctx context.Context, path, query string, limit int) (workspace.Found, error)
		Make(path string) (workspace.Folder, error)
	}
	// Blobs keeps attachments.
	Blobs interface {
		Put(ctx context.Context, n blob.New, r io.Reader) (a chat.Attachment, again bool, err error)
		Stat(chat.BlobID) (chat.Attachment, error)
		Open(chat.BlobID) (chat.Attachment, *os.File, error)
	}
	// StatusBoard tells streams what is true now.
	StatusBoard interface {
		Watch(sessions []chat.SessionID, wake func()) *status.Watch
	}
)

// Models is what all agents offer.
type Models struct {
	Items    []AgentModel   `json:"items"`
	Problems []ModelProblem `json:"problems" doc:"Providers that tell no models now."`
}

// AgentModel is a model and the agent that offers it.
type AgentModel struct {
	Agent        string `json:"agent"`
	ProviderName string `json:"provider_name" doc:"For people."`
	agent.Model
}

// ModelProblem is a provider that tells no models.
type ModelProblem struct {
	Provider string `json:"provider"`
	Name     string `json:"name" doc:"For people."`
	Problem  string `json:"problem" doc:"What is wrong and what to do."`
}

// FoundServer is a server of models on this machine.
type FoundServer struct {
	ID        string        `json:"id"`
	Name      string        `json:"name"`
	Kind      provider.Kind `json:"kind"`
	BaseURL   string        `json:"base_url"`
	Models    int           `json:"models" doc:"How many it has."`
	Connected bool          `json:"connected" doc:"It is a provider already."`
}
