package server

import (
	"context"

	"hermes-webui/server/agent"
)

type agentsAnswer struct{ Body agentList }

type agentList struct {
	Items   []agent.Info `json:"items"`
	Default string       `json:"default" doc:"Of new sessions: the first that works."`
}

func (s *Server) listAgents(ctx context.Context, _ *struct{}) (*agentsAnswer, error) {
	return &agentsAnswer{agentList{s.describeAgents(ctx), s.core().Agents.Default()}}, nil
}

type modelsAnswer struct{ Body modelList }

type modelList struct {
	Items []agentModel `json:"items"`
}

// agentModel is a model and the agent that offers it.
type agentModel struct {
	Agent    string `json:"agent"`
	ID       string `json:"id" doc:"provider/model"`
	Name     string `json:"name"`
	Provider string `json:"provider"`
}

func (s *Server) listModels(ctx context.Context, _ *struct{}) (*modelsAnswer, error) {
	out := []agentModel{}
	for _, a := range s.describeAgents(ctx) {
		for _, m := range a.Can.Models {
			out = append(out, agentModel{a.ID, m.ID, m.Name, m.Provider})
		}
	}
	return &modelsAnswer{modelList{out}}, nil
}

func (s *Server) describeAgents(ctx context.Context) []agent.Info {
	all := list(s.core().Agents.List(ctx))
	for i := range all {
		all[i].Can.Models = list(all[i].Can.Models)
	}
	return all
}
