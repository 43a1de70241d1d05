package server

import (
	"context"
	"net/http"
	"strings"
	"unicode"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
	"hermes-webui/server/turn"
)

// sessionPath names a session in the path. What is no id is simply not there.
type sessionPath struct {
	ID chat.SessionID `path:"id"`
}

type sessionAnswer struct {
	Status int
	Body   sessionAndSeq
}

type sessionAndSeq struct {
	Session chat.Session `json:"session"`
	Seq     chat.Seq     `json:"seq"`
}

type seqAnswer struct {
	Body seqOnly
}

type seqOnly struct {
	Seq chat.Seq `json:"seq"`
}

type createSessionRequest struct {
	ID        chat.SessionID `json:"id,omitempty" doc:"Made by the client, so that the request can be repeated."`
	Agent     string         `json:"agent,omitempty" maxLength:"64"`
	Workspace string         `json:"workspace,omitempty" maxLength:"4096"`
	Model     string         `json:"model,omitempty" maxLength:"256"`
	Effort    string         `json:"effort,omitempty" maxLength:"64"`
	Profile   string         `json:"profile,omitempty" maxLength:"64"`
	Title     string         `json:"title,omitempty" maxLength:"500"`
}

func (s *Server) createSession(ctx context.Context, in *struct{ Body createSessionRequest }) (*sessionAnswer, error) {
	b := in.Body
	if b.ID != "" && !chat.ValidID(chat.PrefixSession, string(b.ID)) {
		return nil, badID(chat.PrefixSession)
	}
	session, seq, again, err := s.core().Desk.Create(ctx, turn.NewSession{
		ID: b.ID, Title: cleanTitle(b.Title), Agent: b.Agent, Workspace: b.Workspace, Model: b.Model, Effort: b.Effort, Profile: b.Profile,
	})
	return sendSession(session, seq, again, err)
}

// cleanTitle makes one line of a title: tabs of browsers and lists of windows
// show it too.
func cleanTitle(title string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, title))
}

type forkSessionRequest struct {
	ID   chat.SessionID `json:"id,omitempty" doc:"Of the new session; made by the client."`
	Turn chat.TurnID    `json:"turn" doc:"The turn after which the new session goes on."`
}

func (s *Server) forkSession(ctx context.Context, in *struct {
	ID   chat.SessionID `path:"id"`
	Body forkSessionRequest
}) (*sessionAnswer, error) {
	if in.Body.ID != "" && !chat.ValidID(chat.PrefixSession, string(in.Body.ID)) {
		return nil, badID(chat.PrefixSession)
	}
	session, seq, again, err := s.core().Desk.Fork(ctx, chat.Ref{Session: in.ID, Turn: in.Body.Turn}, in.Body.ID)
	return sendSession(session, seq, again, err)
}

func sendSession(session chat.Session, seq chat.Seq, again bool, err error) (*sessionAnswer, error) {
	if err != nil {
		return nil, err
	}
	status := http.StatusCreated
	if again {
		status = http.StatusOK
	}
	return &sessionAnswer{status, sessionAndSeq{wireSession(session), seq}}, nil
}

type listSessionsInput struct {
	Text     string `query:"q" maxLength:"500" doc:"Words of the title."`
	Project  string `query:"project"`
	Tag      string `query:"tag"`
	Source   string `query:"source" maxLength:"64" doc:"What began it elsewhere (cli, telegram, …); here = this program."`
	Archived bool   `query:"archived"`
	Trashed  bool   `query:"trashed"`
	Limit    int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
	Cursor   string `query:"cursor" doc:"From next of the page before."`
}

type pageAnswer struct{ Body chat.Page }

func (s *Server) listSessions(ctx context.Context, in *listSessionsInput) (*pageAnswer, error) {
	p, err := s.core().Reader.Sessions(ctx, chat.Query{
		Text: in.Text, Project: in.Project, Tag: in.Tag, Source: in.Source, Archived: in.Archived, Trashed: in.Trashed,
		Limit: in.Limit, Cursor: in.Cursor,
	})
	if err != nil {
		return nil, err
	}
	p.Items = list(p.Items)
	for i := range p.Items {
		p.Items[i] = wireSession(p.Items[i])
	}
	return &pageAnswer{p}, nil
}

type snapshotAnswer struct{ Body chat.Snapshot }

func (s *Server) getSession(ctx context.Context, in *struct {
	ID     chat.SessionID `path:"id"`
	Before chat.TurnID    `query:"before" doc:"Only turns before this one."`
	Limit  int            `query:"limit" minimum:"1" maximum:"200" default:"30"`
}) (*snapshotAnswer, error) {
	snap, err := s.core().Reader.Snapshot(ctx, in.ID, in.Before, in.Limit)
	if err != nil {
		return nil, err
	}
	snap = wireSnapshot(snap)
	snap.Draft = s.wireDraft(snap.Draft)
	return &snapshotAnswer{snap}, nil
}

type changeSessionRequest struct {
	Title     *string   `json:"title,omitempty" maxLength:"500"`
	Agent     *string   `json:"agent,omitempty" maxLength:"64"`
	Workspace *string   `json:"workspace,omitempty" maxLength:"4096"`
	Model     *string   `json:"model,omitempty" maxLength:"256"`
	Effort    *string   `json:"effort,omitempty" maxLength:"64"`
	Profile   *string   `json:"profile,omitempty" maxLength:"64" doc:"Only until the first turn."`
	Pinned    *bool     `json:"pinned,omitempty"`
	Archived  *bool     `json:"archived,omitempty"`
	Project   *string   `json:"project,omitempty" maxLength:"64"`
	Tags      *[]string `json:"tags,omitempty" maxItems:"50"`
	ReadSeq   *chat.Seq `json:"read_seq,omitempty" minimum:"0" doc:"Read up to here; never goes back."`
}

func (s *Server) changeSession(ctx context.Context, in *struct {
	ID   chat.SessionID `path:"id"`
	Body changeSessionRequest
}) (*sessionAnswer, error) {
	b := in.Body
	if b == (changeSessionRequest{}) {
		return nil, fault.New(fault.Invalid, fault.CodeInvalid, "The request changes nothing. Name at least one thing to change.")
	}
	if b.Title != nil {
		title := cleanTitle(*b.Title)
		b.Title = &title
	}
	change := chat.SessionChanged{
		Title: b.Title, Agent: b.Agent, Workspace: b.Workspace, Model: b.Model, Effort: b.Effort, Profile: b.Profile,
		Pinned: b.Pinned, Archived: b.Archived, Project: b.Project, Tags: b.Tags, ReadSeq: b.ReadSeq,
	}
	session, seq, err := s.core().Desk.Change(ctx, in.ID, change)
	return sendSession(session, seq, true, err)
}

func (s *Server) deleteSession(ctx context.Context, in *struct {
	ID    chat.SessionID `path:"id"`
	Purge bool           `query:"purge" doc:"Remove it for good instead."`
	Also  string         `query:"also" enum:"agent" doc:"agent: make the agent forget it too, which cannot be undone."`
}) (*seqAnswer, error) {
	if in.Also != "" {
		return sendSeq(s.core().Desk.Delete(ctx, in.ID))
	}
	remove := s.core().Desk.Trash
	if in.Purge {
		remove = s.core().Desk.Purge
	}
	return sendSeq(remove(ctx, in.ID))
}

func (s *Server) restoreSession(ctx context.Context, in *sessionPath) (*seqAnswer, error) {
	return sendSeq(s.core().Desk.Restore(ctx, in.ID))
}

type moveHeadRequest struct {
	Turn *chat.TurnID `json:"turn" doc:"The newest turn to be shown; null shows none."`
}

func (s *Server) moveHead(ctx context.Context, in *struct {
	ID   chat.SessionID `path:"id"`
	Body moveHeadRequest
}) (*seqAnswer, error) {
	return sendSeq(s.core().Desk.MoveHead(ctx, in.ID, in.Body.Turn))
}

func sendSeq(seq chat.Seq, err error) (*seqAnswer, error) {
	if err != nil {
		return nil, err
	}
	return &seqAnswer{seqOnly{seq}}, nil
}

type changeQueueRequest struct {
	Order []chat.TurnID `json:"order,omitempty" maxItems:"1000" doc:"All queued turns in their new order; absent = as it is."`
	Held  *bool         `json:"held,omitempty" doc:"false = go on; absent = as it is."`
}

type queueAnswer struct{ Body queueState }

type queueState struct {
	Order []chat.TurnID `json:"order"`
	Held  bool          `json:"held"`
	Seq   chat.Seq      `json:"seq"`
}

func (s *Server) changeQueue(ctx context.Context, in *struct {
	ID   chat.SessionID `path:"id"`
	Body changeQueueRequest
}) (*queueAnswer, error) {
	order, held, seq, err := s.core().Desk.Order(ctx, in.ID, in.Body.Order, in.Body.Held)
	if err != nil {
		return nil, err
	}
	return &queueAnswer{queueState{list(order), held, seq}}, nil
}

// badID refuses an id that a client made badly.
func badID(prefix string) error {
	return fault.New(fault.Invalid, fault.CodeInvalid, "The id is not well made: it must be "+prefix+" and a ULID. Leave it out or make another.")
}
