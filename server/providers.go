package server

import (
	"context"

	"hermes-webui/server/provider"
)

type providersAnswer struct{ Body providerList }

type providerList struct {
	Items []provider.Provider `json:"items"`
}

func (s *Server) listProviders(context.Context, *struct{}) (*providersAnswer, error) {
	return &providersAnswer{providerList{list(s.core().Providers.List())}}, nil
}

type foundAnswer struct{ Body foundList }

type foundList struct {
	Items []FoundServer `json:"items"`
}

func (s *Server) findProviders(ctx context.Context, _ *struct{}) (*foundAnswer, error) {
	found, err := s.core().Finder.Found(ctx)
	if err != nil {
		return nil, err
	}
	return &foundAnswer{foundList{list(found)}}, nil
}

type putProviderRequest struct {
	Name    *string        `json:"name,omitempty" maxLength:"256" doc:"Only of those that a person added."`
	Kind    *provider.Kind `json:"kind,omitempty" doc:"Only of those that a person added."`
	BaseURL *string        `json:"base_url,omitempty" maxLength:"2048" doc:"\"\" = the provider's own."`
	Key     *string        `json:"key,omitempty" maxLength:"8192" doc:"Stored here and never sent back; \"\" = none."`
}

type providerAnswer struct{ Body provider.Provider }

func (s *Server) putProvider(_ context.Context, in *struct {
	ID   string `path:"id"`
	Body putProviderRequest
}) (*providerAnswer, error) {
	p, err := s.core().Providers.Put(in.ID, provider.Change{
		Name: in.Body.Name, Kind: in.Body.Kind, BaseURL: in.Body.BaseURL, Key: in.Body.Key,
	})
	if err != nil {
		return nil, err
	}
	return &providerAnswer{p}, nil
}

func (s *Server) deleteProvider(_ context.Context, in *struct {
	ID string `path:"id"`
}) (*struct{}, error) {
	return nil, s.core().Providers.Delete(in.ID)
}
