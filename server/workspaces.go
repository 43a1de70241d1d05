package server

import (
	"context"

	"hermes-webui/server/chat"
	"hermes-webui/server/workspace"
)

type workspacesAnswer struct{ Body workspaceList }

type workspaceList struct {
	Default string            `json:"default" doc:"Of new sessions; empty = there is none."`
	Items   []workspace.Known `json:"items" doc:"The one used last first."`
}

func (s *Server) listWorkspaces(ctx context.Context, _ *struct{}) (*workspacesAnswer, error) {
	w := s.core().Workspaces
	items, err := w.Recent(ctx)
	if err != nil {
		return nil, err
	}
	return &workspacesAnswer{workspaceList{w.Default(), list(items)}}, nil
}

type folderAnswer struct{ Body workspace.Folder }

func (s *Server) lookIntoFolder(_ context.Context, in *struct {
	Path string `query:"path" maxLength:"4096" doc:"Absolute; empty = the home folder."`
}) (*folderAnswer, error) {
	return sendFolder(s.core().Workspaces.Look(in.Path))
}

type makeFolderRequest struct {
	Path string `json:"path" minLength:"1" maxLength:"4096" doc:"Absolute; the folder above it is there."`
}

func (s *Server) makeFolder(_ context.Context, in *struct{ Body makeFolderRequest }) (*folderAnswer, error) {
	return sendFolder(s.core().Workspaces.Make(in.Body.Path))
}

func sendFolder(f workspace.Folder, err error) (*folderAnswer, error) {
	if err != nil {
		return nil, err
	}
	f.Items = list(f.Items)
	return &folderAnswer{f}, nil
}

type filesAnswer struct{ Body workspace.Found }

func (s *Server) findFiles(ctx context.Context, in *struct {
	Session chat.SessionID `query:"session" required:"true"`
	Query   string         `query:"q" maxLength:"256" doc:"Part of a path, or its letters in order; empty = what was changed last."`
	Limit   int            `query:"limit" minimum:"1" maximum:"200" default:"30"`
}) (*filesAnswer, error) {
	session, _, err := s.core().Reader.Session(ctx, in.Session)
	if err != nil {
		return nil, err
	}
	found, err := s.core().Workspaces.Files(ctx, session.Workspace, in.Query, in.Limit)
	if err != nil {
		return nil, err
	}
	found.Items = list(found.Items)
	return &filesAnswer{found}, nil
}
