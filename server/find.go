package server

import (
	"context"
	"strings"
	"unicode"

	"hermes-webui/server/chat"
	"hermes-webui/server/find"
)

type hitsAnswer struct{ Body find.Found }

func (s *Server) findInSession(ctx context.Context, in *struct {
	ID    chat.SessionID `path:"id"`
	Words string         `query:"q" required:"true" doc:"1 to 200 characters; upper and lower case are the same."`
	Limit int            `query:"limit" minimum:"1" maximum:"1000" default:"200"`
}) (*hitsAnswer, error) {
	found, err := find.In(ctx, s.core().Reader, in.ID, in.Words, in.Limit)
	if err != nil {
		return nil, err
	}
	return &hitsAnswer{found}, nil
}

// outlineText is how many characters of a prompt an outline has.
const outlineText = 140

type outlineAnswer struct{ Body outline }

type outline struct {
	Items []outlineItem `json:"items" doc:"Oldest first."`
	Seq   chat.Seq      `json:"seq"`
}

type outlineItem struct {
	Turn  chat.TurnID    `json:"turn"`
	Text  string         `json:"text" doc:"The first 140 characters of the prompt on one line, or the names of its files; empty where a turn only goes on."`
	At    chat.Time      `json:"at"`
	State chat.TurnState `json:"state"`
}

func (s *Server) getOutline(ctx context.Context, in *sessionPath) (*outlineAnswer, error) {
	turns, seq, err := s.core().Reader.Path(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	items := make([]outlineItem, len(turns))
	for i, t := range turns {
		items[i] = outlineItem{Turn: t.ID, Text: outlineOf(t.Prompt), At: t.QueuedAt, State: t.State}
	}
	return &outlineAnswer{outline{items, seq}}, nil
}

// outlineOf says in one line what a person asked.
func outlineOf(p chat.Prompt) string {
	if strings.TrimSpace(p.Text) != "" {
		return beginning(p.Text, outlineText)
	}
	names := make([]string, len(p.Attachments))
	for i, a := range p.Attachments {
		names[i] = a.Name
	}
	return beginning(strings.Join(names, ", "), outlineText)
}

// beginning returns the first characters of a text on one line.
func beginning(text string, most int) string {
	var out []rune
	for _, r := range strings.TrimSpace(text) {
		space := unicode.IsSpace(r) || unicode.IsControl(r)
		switch {
		case space && (len(out) == 0 || out[len(out)-1] == ' '):
			continue
		case len(out) == most:
			return strings.TrimRight(string(out), " ") + "…"
		case space:
			r = ' '
		}
		out = append(out, r)
	}
	return string(out)
}
