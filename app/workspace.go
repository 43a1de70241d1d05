package main

import (
	"context"

	"hermes-webui/server/chat"
	"hermes-webui/server/turn"
)

// desk gives new sessions the default workspace when they ask for none.
type desk struct {
	*turn.Desk
	workspace string // "" = there is none
}

func (d desk) Create(ctx context.Context, n turn.NewSession) (chat.Session, chat.Seq, bool, error) {
	if n.Workspace == "" {
		n.Workspace = d.workspace
	}
	return d.Desk.Create(ctx, n)
}
