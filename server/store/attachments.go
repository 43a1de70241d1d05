package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"hermes-webui/server/chat"
)

// Attachments returns every attachment that a prompt, a draft or an answer names
// as of one moment. What forks keep of purged sessions counts, and so does what
// was queued and withdrawn: the log still shows it.
func (s *Store) Attachments(ctx context.Context) (map[chat.BlobID]bool, error) {
	named := map[chat.BlobID]bool{}
	err := s.read(ctx, "look for the attachments in use", func(q db) error {
		if err := sentAttachments(ctx, q, named); err != nil {
			return err
		}
		if err := shownFiles(ctx, q, named); err != nil {
			return err
		}
		return draftAttachments(ctx, q, named)
	})
	return named, err
}

// promptsWithFiles leaves out most prompts before they are decoded. A text that
// only looks like it has files costs a decoding and no more.
const promptsWithFiles = `SELECT kind, body FROM events INDEXED BY events_headline
	WHERE headline = 1 AND kind IN (?, ?) AND instr(body, '"` + chat.PrefixAttachment + `') > 0`

func sentAttachments(ctx context.Context, q db, named map[chat.BlobID]bool) error {
	return rows(ctx, q, func(r *sql.Rows) error {
		var kind string
		var raw []byte
		if err := r.Scan(&kind, &raw); err != nil {
			return err
		}
		prompt, err := promptOf(kind, raw)
		for _, a := range prompt.Attachments {
			named[a.ID] = true
		}
		return err
	}, promptsWithFiles, chat.KindOf(chat.TurnQueued{}), chat.KindOf(chat.TurnEdited{}))
}

// partsWithFiles says what the index events_files does, or that is not used.
const partsWithFiles = `SELECT kind, body FROM events INDEXED BY events_files
	WHERE kind = 'part_opened' AND instr(body, '"att_') > 0`

func shownFiles(ctx context.Context, q db, named map[chat.BlobID]bool) error {
	return rows(ctx, q, func(r *sql.Rows) error {
		var kind string
		var raw []byte
		if err := r.Scan(&kind, &raw); err != nil {
			return err
		}
		body, err := decodeBody(kind, json.RawMessage(raw))
		if err != nil {
			return damaged(err)
		}
		if opened, ok := body.(chat.PartOpened); ok {
			if f, ok := opened.Part.(*chat.File); ok && f.Blob != "" {
				named[f.Blob] = true
			}
		}
		return nil
	}, partsWithFiles)
}

func promptOf(kind string, raw []byte) (chat.Prompt, error) {
	body, err := decodeBody(kind, json.RawMessage(raw))
	if err != nil {
		return chat.Prompt{}, damaged(err)
	}
	switch b := body.(type) {
	case chat.TurnQueued:
		return b.Prompt, nil
	case chat.TurnEdited:
		return b.Prompt, nil
	default:
		return chat.Prompt{}, fmt.Errorf("store: %s has no prompt", kind)
	}
}

func draftAttachments(ctx context.Context, q db, named map[chat.BlobID]bool) error {
	return rows(ctx, q, func(r *sql.Rows) error {
		var raw []byte
		if err := r.Scan(&raw); err != nil {
			return err
		}
		var ids []chat.BlobID
		if err := decode("draft", raw, &ids); err != nil {
			return err
		}
		for _, id := range ids {
			named[id] = true
		}
		return nil
	}, `SELECT attachments FROM drafts`)
}
