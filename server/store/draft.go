package store

import (
	"context"
	"encoding/json"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// PutDraft implements chat.Drafts.
func (s *Store) PutDraft(ctx context.Context, id chat.SessionID, d chat.Draft) (chat.Draft, error) {
	if d.Attachments == nil {
		d.Attachments = []chat.BlobID{}
	}
	attachments, err := json.Marshal(d.Attachments)
	if err != nil {
		return d, err
	}
	j := &job{session: id, run: func(ctx context.Context, q db) error {
		if _, err := loadSession(ctx, q, id); err != nil {
			return err
		}
		now, err := loadDraft(ctx, q, id)
		if err != nil {
			return err
		}
		if now.Rev != d.Rev {
			return fault.New(fault.Conflict, fault.CodeDraftStale, "This draft was changed somewhere else meanwhile. Choose which of the two texts to keep.").With("draft", now)
		}
		_, err = q.ExecContext(ctx, `INSERT INTO drafts (session, text, attachments, rev) VALUES (?, ?, ?, ?)
			ON CONFLICT (session) DO UPDATE SET text = excluded.text, attachments = excluded.attachments, rev = excluded.rev`,
			id, d.Text, string(attachments), d.Rev+1)
		return err
	}}
	if err := s.writer.do(ctx, s.writer.jobs, j); err != nil {
		return chat.Draft{}, err
	}
	d.Rev++
	return d, nil
}
