package server

import (
	"context"
	"errors"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

type putDraftRequest struct {
	Text        string        `json:"text"`
	Attachments []chat.BlobID `json:"attachments,omitempty" maxItems:"50"`
	Rev         int64         `json:"rev" minimum:"0" doc:"The rev that this text was made from."`
}

type draftAnswer struct{ Body chat.Draft }

func (s *Server) putDraft(ctx context.Context, in *struct {
	ID   chat.SessionID `path:"id"`
	Body putDraftRequest
}) (*draftAnswer, error) {
	d, err := s.core().Drafts.PutDraft(ctx, in.ID, chat.Draft{
		Text: in.Body.Text, Attachments: list(in.Body.Attachments), Rev: in.Body.Rev,
	})
	if err != nil {
		return nil, s.otherDraft(err)
	}
	return &draftAnswer{s.wireDraft(d)}, nil
}

// otherDraft completes the draft that a stale save is told of.
func (s *Server) otherDraft(err error) error {
	if e, ok := errors.AsType[*fault.Error](err); ok {
		if d, ok := e.More["draft"].(chat.Draft); ok {
			return e.With("draft", s.wireDraft(d))
		}
	}
	return err
}

// wireDraft says what the attachments are. One that is gone has no file.
func (s *Server) wireDraft(d chat.Draft) chat.Draft {
	d.Attachments, d.Files = list(d.Attachments), []chat.Attachment{}
	for _, id := range d.Attachments {
		if a, err := s.core().Blobs.Stat(id); err == nil {
			d.Files = append(d.Files, a)
		}
	}
	return d
}
