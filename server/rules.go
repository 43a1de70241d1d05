package server

import (
	"context"

	"hermes-webui/server/chat"
	"hermes-webui/server/rule"
)

type rulesAnswer struct{ Body ruleList }

type ruleList struct {
	Items []shownRule `json:"items"`
}

// shownRule is a rule in its exact words.
type shownRule struct {
	ID        string         `json:"id"`
	Kind      rule.Kind      `json:"kind"`
	Pattern   string         `json:"pattern"`
	Workspace string         `json:"workspace" doc:"Where it holds; empty = everywhere."`
	Session   chat.SessionID `json:"session" doc:"Empty = always."`
	Text      string         `json:"text" doc:"What it allows, for people."`
	CreatedAt chat.Time      `json:"created_at"`
}

func (s *Server) listRules(ctx context.Context, _ *struct{}) (*rulesAnswer, error) {
	all, err := s.core().Rules.List(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]shownRule, 0, len(all))
	for _, r := range all {
		text, err := r.Text()
		if err != nil { // of a newer program: it allows nothing here, and can be removed
			text = "something that this version of the program does not know"
		}
		out = append(out, shownRule{r.ID, r.Kind, r.Pattern, r.Workspace, r.Session, text, r.CreatedAt})
	}
	return &rulesAnswer{ruleList{out}}, nil
}

func (s *Server) deleteRule(ctx context.Context, in *struct {
	ID string `path:"id"`
}) (*struct{}, error) {
	return nil, s.core().Rules.Remove(ctx, in.ID)
}
