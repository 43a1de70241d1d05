package main

import (
	"context"

	"hermes-webui/server/agent/hermes"
	"hermes-webui/server/chat"
	"hermes-webui/server/store"
)

// drafts are those of the store. Whoever writes one will send it soon: an agent
// that takes seconds to begin is told.
type drafts struct {
	*store.Store
	core *core
}

func (d drafts) PutDraft(ctx context.Context, id chat.SessionID, draft chat.Draft) (chat.Draft, error) {
	saved, err := d.Store.PutDraft(ctx, id, draft)
	if err != nil || draft.Text == "" {
		return saved, err
	}
	if s, _, err := d.Store.Session(ctx, id); err == nil && s.Agent == hermes.ID && s.TrashedAt == nil {
		d.core.hermes.Warm(s)
	}
	return saved, nil
}
