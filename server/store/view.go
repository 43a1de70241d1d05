package store

import (
	"context"

	"hermes-webui/server/chat"
)

// view is chat.View on the writer's transaction.
type view struct {
	ctx context.Context
	q   db
}

func (v view) Session(id chat.SessionID) (chat.Session, error) { return loadSession(v.ctx, v.q, id) }
func (v view) Turn(id chat.TurnID) (chat.TurnRow, error)       { return loadPublicTurn(v.ctx, v.q, id) }
func (v view) Shown(id chat.TurnID) (chat.TurnRow, error)      { return loadShownTurn(v.ctx, v.q, id) }
func (v view) Ask(id chat.AskID) (chat.AskRow, error)          { return loadAsk(v.ctx, v.q, id) }
func (v view) Queue(s chat.SessionID) ([]chat.TurnID, error)   { return queue(v.ctx, v.q, s) }
func (v view) Started(s chat.SessionID, parent *chat.TurnID) ([]chat.TurnID, error) {
	return started(v.ctx, v.q, s, parent)
}
