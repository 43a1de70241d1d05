package server

import (
	"context"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/turn"
)

type asksAnswer struct{ Body askList }

type askList struct {
	Items []chat.Ask `json:"items"`
	Seq   chat.Seq   `json:"seq"`
}

func (s *Server) listAsks(ctx context.Context, _ *struct{}) (*asksAnswer, error) {
	asks, seq, err := s.core().Reader.Asks(ctx)
	if err != nil {
		return nil, err
	}
	return &asksAnswer{askList{wireAsks(asks), seq}}, nil
}

type answerAskRequest struct {
	Choice  string            `json:"choice,omitempty" maxLength:"256"`
	Text    string            `json:"text,omitempty" doc:"Own words, or why it is denied."`
	Values  map[string]string `json:"values,omitempty" doc:"Of a secret, by field; never stored."`
	Command string            `json:"command,omitempty" doc:"The edited command, only where editable."`
	Digest  string            `json:"digest,omitempty" doc:"Of the ask as it was shown."`
}

type answerAskAnswer struct{ Body closedAsk }

type closedAsk struct {
	Ask    chat.Ask        `json:"ask"`
	Closed *chat.AskClosed `json:"closed"`
	Seq    chat.Seq        `json:"seq"`
}

// byPage names this way of answering in the record.
const byPage = "page"

func (s *Server) answerAsk(ctx context.Context, in *struct {
	ID   chat.AskID `path:"id"`
	Body answerAskRequest
}) (*answerAskAnswer, error) {
	b := in.Body
	row, seq, err := s.core().Desk.Answer(ctx, in.ID, turn.Answer{
		Answer: agent.Answer{Choice: b.Choice, Text: b.Text, Command: b.Command, Values: b.Values},
		Digest: b.Digest,
		By:     byPage,
	})
	if err != nil {
		return nil, err
	}
	return &answerAskAnswer{closedAsk{wireAsk(row.Ask), row.Closed, seq}}, nil
}
