package server

import (
	"context"

	"hermes-webui/server/mcpserver"
)

type mcpServersAnswer struct{ Body mcpServerList }

type mcpServerList struct {
	Items []mcpserver.Server `json:"items"`
}

func (s *Server) listMCPServers(context.Context, *struct{}) (*mcpServersAnswer, error) {
	return &mcpServersAnswer{mcpServerList{list(s.core().MCPServers.List())}}, nil
}

// mcpServerPath names an MCP server in the path.
type mcpServerPath struct {
	Name string `path:"name" maxLength:"64"`
}

type putMCPServerRequest struct {
	Command []string           `json:"command,omitempty" maxItems:"200" doc:"Program and arguments; [] where it has an address."`
	Env     map[string]*string `json:"env,omitempty" doc:"All variables; null keeps the stored value. Never sent back."`
	URL     *string            `json:"url,omitempty" maxLength:"2048" doc:"Empty where it has a command."`
	Headers map[string]*string `json:"headers,omitempty" doc:"All headers; null keeps the stored value. Never sent back."`
	Enabled *bool              `json:"enabled,omitempty"`
}

type mcpServerAnswer struct{ Body mcpserver.Server }

func (s *Server) putMCPServer(_ context.Context, in *struct {
	Name string `path:"name" maxLength:"64"`
	Body putMCPServerRequest
}) (*mcpServerAnswer, error) {
	b := in.Body
	return sendMCPServer(s.core().MCPServers.Put(in.Name, mcpserver.Change{
		Command: b.Command, Env: b.Env, URL: b.URL, Headers: b.Headers, Enabled: b.Enabled,
	}))
}

func (s *Server) deleteMCPServer(_ context.Context, in *mcpServerPath) (*struct{}, error) {
	return nil, s.core().MCPServers.Delete(in.Name)
}

func (s *Server) checkMCPServer(ctx context.Context, in *mcpServerPath) (*mcpServerAnswer, error) {
	return sendMCPServer(s.core().MCPServers.Check(ctx, in.Name))
}

func sendMCPServer(m mcpserver.Server, err error) (*mcpServerAnswer, error) {
	if err != nil {
		return nil, err
	}
	return &mcpServerAnswer{m}, nil
}
