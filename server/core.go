package server

import (
	"context"
	"io"
	"os"

	"hermes-webui/server/agent"
	"hermes-webui/server/blob"
	"hermes-webui/server/chat"
	"hermes-webui/server/provider"
	"hermes-webui/server/status"
	"hermes-webui/server/turn"
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
		// Default returns the id of the agent for new sessions.
		Default() string
	}
	// Providers keeps the providers of models and their keys; provider.Book.
	Providers interface {
		List() []provider.Provider
		// Put sets what is not nil; "" clears it.
		Put(id string, baseURL, key *string) (provider.Provider, error)
		Delete(id string) error
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
