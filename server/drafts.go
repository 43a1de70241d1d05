package server

import (
	"context"

	"hermes-webui/server/chat"
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
		return nil, err
	}
	d.Attachments = list(d.Attachments)
	return &draftAnswer{d}, nil
}
