package server

import (
	"context"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

var errNoCommands = fault.New(fault.Conflict, fault.CodeCannot, "The agent of this session has no commands of its own.")

// commander returns the session and its agent's commands.
func (s *Server) commander(ctx context.Context, id chat.SessionID) (chat.Session, agent.Commander, error) {
	session, _, err := s.core().Reader.Session(ctx, id)
	if err != nil {
		return session, nil, err
	}
	driver, _ := s.core().Agents.Driver(session.Agent)
	commander, ok := driver.(agent.Commander)
	if !ok {
		return session, nil, errNoCommands
	}
	return session, commander, nil
}

type commandsAnswer struct{ Body commandList }

type commandList struct {
	Items []agent.Command `json:"items" doc:"By category."`
}

func (s *Server) listCommands(ctx context.Context, in *sessionPath) (*commandsAnswer, error) {
	session, commander, err := s.commander(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	all, err := commander.Commands(ctx, session)
	if err != nil {
		return nil, err
	}
	items := make([]agent.Command, len(all)) // a copy: the list may be shared
	for i, c := range all {
		c.Words = list(c.Words)
		items[i] = c
	}
	return &commandsAnswer{commandList{items}}, nil
}

type completionsAnswer struct{ Body completionList }

type completionList struct {
	Items []agent.Completion `json:"items"`
}

func (s *Server) completeCommand(ctx context.Context, in *struct {
	ID   chat.SessionID `path:"id"`
	Text string         `query:"text" required:"true" maxLength:"2000" doc:"What is typed up to the cursor, with the slash."`
}) (*completionsAnswer, error) {
	session, commander, err := s.commander(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	all, err := commander.Complete(ctx, session, in.Text)
	if err != nil {
		return nil, err
	}
	return &completionsAnswer{completionList{list(all)}}, nil
}

type outcomeAnswer struct{ Body agent.Outcome }

func (s *Server) runCommand(ctx context.Context, in *struct {
	ID   chat.SessionID `path:"id"`
	Body struct {
		Text string `json:"text" minLength:"2" maxLength:"20000" doc:"A slash, the name, and the rest."`
	}
}) (*outcomeAnswer, error) {
	session, commander, err := s.commander(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out, err := commander.Command(ctx, session, in.Body.Text)
	if err != nil {
		return nil, err
	}
	return &outcomeAnswer{out}, nil
}
