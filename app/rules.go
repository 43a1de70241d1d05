package main

import (
	"context"
	"fmt"

	"hermes-webui/server/agent/direct"
	"hermes-webui/server/agent/direct/tool"
	"hermes-webui/server/chat"
	"hermes-webui/server/rule"
)

// rules hands the stored rules to the direct agent.
type rules struct{ book *rule.Book }

var _ direct.Rules = rules{}

func (r rules) Allowed(ctx context.Context, s chat.SessionID, permits []tool.Permit) (bool, error) {
	all := make([]rule.Permit, 0, len(permits))
	for _, p := range permits {
		converted, err := permitOf(p)
		if err != nil {
			return false, err
		}
		all = append(all, converted)
	}
	return r.book.Allowed(ctx, s, all)
}

func (r rules) Allow(ctx context.Context, s chat.SessionID, p tool.Permit) error {
	converted, err := permitOf(p)
	if err != nil {
		return err
	}
	return r.book.Allow(ctx, s, converted)
}

// Words are the same for a session and for always: the choice says for how long.
func (r rules) Words(_ chat.SessionID, p tool.Permit) string {
	converted, err := permitOf(p)
	if err != nil || converted.Check() != nil {
		return "" // cannot be stored
	}
	text, err := converted.Text()
	if err != nil {
		return ""
	}
	return text
}

func permitOf(p tool.Permit) (rule.Permit, error) {
	out := rule.Permit{Pattern: p.Pattern, Workspace: p.Workspace}
	switch p.Kind {
	case tool.Command:
		out.Kind = rule.Command
	case tool.Write:
		out.Kind = rule.Write
	case tool.Host:
		out.Kind = rule.Host
	case tool.MCP:
		out.Kind = rule.MCP
	default:
		return out, fmt.Errorf("app: unknown kind of permit %q", p.Kind)
	}
	return out, nil
}
