package server

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"hermes-webui/server/chat"
	"hermes-webui/server/turn"
)

type turnPath struct {
	ID chat.TurnID `path:"id"`
}

type turnAnswer struct {
	Status int
	Body   turnAndSeq
}

type turnAndSeq struct {
	Turn *chat.Turn `json:"turn"`
	Seq  chat.Seq   `json:"seq"`
}

type sendTurnRequest struct {
	ID          chat.TurnID   `json:"id" doc:"Made by the client, so that the request can be repeated."`
	Text        string        `json:"text" doc:"Empty only with continues or compress."`
	Attachments []chat.BlobID `json:"attachments,omitempty" maxItems:"50"`
	WhenBusy    turn.WhenBusy `json:"when_busy,omitempty" enum:"queue,steer,interrupt" doc:"What happens while a turn is live; absent = queue."`
	Parent      parentRef     `json:"parent,omitempty" doc:"Absent = the head; null = a new first turn."`
	Replaces    *chat.TurnID  `json:"replaces,omitempty"`
	Continues   *chat.TurnID  `json:"continues,omitempty"`
	Anyway      bool          `json:"anyway,omitempty" doc:"Also while another program writes to the session, see busy_elsewhere."`
	Compress    bool          `json:"compress,omitempty" doc:"No prompt: the model is told less of what came before. text is what to keep in mind meanwhile."`
}

// parentRef tells an absent parent from null.
type parentRef struct {
	given bool
	turn  *chat.TurnID
}

func (p *parentRef) UnmarshalJSON(b []byte) error {
	p.given = true
	return json.Unmarshal(b, &p.turn)
}

// Schema describes it as what it looks like.
func (parentRef) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Nullable: true}
}

func (s *Server) sendTurn(ctx context.Context, in *struct {
	ID   chat.SessionID `path:"id"`
	Body sendTurnRequest
}) (*turnAnswer, error) {
	b := in.Body
	if !chat.ValidID(chat.PrefixTurn, string(b.ID)) {
		return nil, badID(chat.PrefixTurn)
	}
	files, err := s.attachments(b.Attachments)
	if err != nil {
		return nil, err
	}
	done, err := s.core().Desk.Send(ctx, in.ID, turn.NewTurn{
		ID: b.ID, Text: b.Text, Attachments: files, WhenBusy: b.WhenBusy,
		Parent: b.Parent.turn, Root: b.Parent.given && b.Parent.turn == nil,
		Replaces: b.Replaces, Continues: b.Continues, Compress: b.Compress, Anyway: b.Anyway, Origin: chat.FromPerson,
	})
	if err != nil {
		return nil, err
	}
	status := http.StatusAccepted
	if done.Again {
		status = http.StatusOK
	}
	return &turnAnswer{status, turnAndSeq{wireTurn(done.Turn.Turn), done.Seq}}, nil
}

type editTurnRequest struct {
	Text        string        `json:"text"`
	Attachments []chat.BlobID `json:"attachments,omitempty" maxItems:"50" doc:"The whole list."`
}

func (s *Server) editTurn(ctx context.Context, in *struct {
	ID   chat.TurnID `path:"id"`
	Body editTurnRequest
}) (*turnAnswer, error) {
	files, err := s.attachments(in.Body.Attachments)
	if err != nil {
		return nil, err
	}
	return sendRow(s.core().Desk.Edit(ctx, in.ID, chat.Prompt{Text: in.Body.Text, Attachments: files}))
}

func (s *Server) withdrawTurn(ctx context.Context, in *turnPath) (*turnAnswer, error) {
	return sendRow(s.core().Desk.Withdraw(ctx, in.ID))
}

func (s *Server) stopTurn(ctx context.Context, in *turnPath) (*turnAnswer, error) {
	return sendRow(s.core().Desk.Stop(ctx, in.ID))
}

func sendRow(row chat.TurnRow, seq chat.Seq, err error) (*turnAnswer, error) {
	if err != nil {
		return nil, err
	}
	return &turnAnswer{http.StatusOK, turnAndSeq{wireTurn(row.Turn), seq}}, nil
}

type steerTurnRequest struct {
	Text string `json:"text" minLength:"1"`
}

type steerAnswer struct{ Body steerOutcome }

type steerOutcome struct {
	Outcome string     `json:"outcome" enum:"steered,queued" doc:"queued: the turn had ended, the words are a turn of their own."`
	Turn    *chat.Turn `json:"turn"`
	Seq     chat.Seq   `json:"seq"`
}

func (s *Server) steerTurn(ctx context.Context, in *struct {
	ID   chat.TurnID `path:"id"`
	Body steerTurnRequest
}) (*steerAnswer, error) {
	done, err := s.core().Desk.Steer(ctx, in.ID, in.Body.Text)
	if err != nil {
		return nil, err
	}
	return &steerAnswer{steerOutcome{done.Outcome, wireTurn(done.Turn.Turn), done.Seq}}, nil
}

// attachments looks up what a prompt names.
func (s *Server) attachments(ids []chat.BlobID) ([]chat.Attachment, error) {
	out := make([]chat.Attachment, 0, len(ids))
	for _, id := range ids {
		a, err := s.core().Blobs.Stat(id)
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}
