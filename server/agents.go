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

func (s *Server) refreshAgents(ctx context.Context, _ *struct{}) (*agentsAnswer, error) {
	if err := s.core().Agents.Refresh(ctx); err != nil {
		return nil, err
	}
	return s.listAgents(ctx, nil)
}

func (s *Server) restartAgents(ctx context.Context, _ *struct{}) (*agentsAnswer, error) {
	if err := s.core().Agents.Restart(ctx); err != nil {
		return nil, err
	}
	return s.listAgents(ctx, nil)
}

type modelsAnswer struct{ Body Models }

func (s *Server) listModels(ctx context.Context, _ *struct{}) (*modelsAnswer, error) {
	m, err := s.core().Agents.Models(ctx)
	if err != nil {
		return nil, err
	}
	m.Items, m.Problems = list(m.Items), list(m.Problems)
	for i := range m.Items {
		m.Items[i].Efforts = list(m.Items[i].Efforts)
	}
	return &modelsAnswer{m}, nil
}

func (s *Server) describeAgents(ctx context.Context) []agent.Info {
	all := list(s.core().Agents.List(ctx))
	for i := range all {
		models := make([]agent.Model, len(all[i].Can.Models)) // a copy: the list may be shared
		copy(models, all[i].Can.Models)
		for j := range models {
			models[j].Efforts = list(models[j].Efforts)
		}
		all[i].Can.Models, all[i].Can.Efforts = models, list(all[i].Can.Efforts)
		all[i].Tried, all[i].Profiles = list(all[i].Tried), list(all[i].Profiles)
	}
	return all
}
