package server

import (
	"bytes"
	"context"
	"encoding/json"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"hermes-webui/server/setting"
)

type settingsAnswer struct{ Body setting.Document }

func (s *Server) getSettings(context.Context, *struct{}) (*settingsAnswer, error) {
	return &settingsAnswer{wireSettings(s.core().Settings.Get())}, nil
}

type changeSettingsRequest struct {
	DefaultAgent     *string                 `json:"default_agent,omitempty" maxLength:"64" doc:"Empty = the first that works."`
	DefaultModel     *string                 `json:"default_model,omitempty" maxLength:"256" doc:"provider/model; empty = the agent's own."`
	DefaultEffort    *string                 `json:"default_effort,omitempty" maxLength:"64" doc:"Empty = the model's own."`
	DefaultWorkspace *string                 `json:"default_workspace,omitempty" maxLength:"4096" doc:"Empty = the program's own."`
	PlainTitles      *bool                   `json:"plain_titles,omitempty" doc:"A title is the beginning of the prompt; no model is asked for one."`
	AskAfter         *int                    `json:"ask_after,omitempty" doc:"Questions to the model after which a turn asks whether to go on, 5 to 1000; 0 = 50."`
	ShortenAt        *int                    `json:"shorten_at,omitempty" doc:"Percent of a window from which on what is old is summarised, 30 to 95; 0 = when it is full."`
	CommandSeconds   *int                    `json:"command_seconds,omitempty" doc:"Seconds that a command may take if the model says nothing, 5 to 3600; 0 = 120."`
	TurnsOutlive     *bool                   `json:"turns_outlive,omitempty" doc:"Turns of agents that can (can.reattach) go on when the program ends; the next start takes them up. It counts from the next start of the agent on."`
	Models           map[string]modelSetting `json:"models,omitempty" doc:"By provider/model; only those that change. null removes one."`
}

// modelSetting is what is set for a model, or null.
type modelSetting struct{ is *setting.Model }

func (m *modelSetting) UnmarshalJSON(b []byte) error {
	if bytes.Equal(bytes.TrimSpace(b), []byte("null")) {
		m.is = nil
		return nil
	}
	return json.Unmarshal(b, &m.is)
}

// Schema describes it as what it looks like.
func (modelSetting) Schema(r huma.Registry) *huma.Schema {
	s := huma.SchemaFromType(r, reflect.TypeFor[setting.Model]())
	s.Nullable = true
	allowUnknown(s)
	return s
}

func (s *Server) changeSettings(ctx context.Context, in *struct{ Body changeSettingsRequest }) (*settingsAnswer, error) {
	b := in.Body
	c := setting.Change{
		DefaultAgent: b.DefaultAgent, DefaultModel: b.DefaultModel, DefaultEffort: b.DefaultEffort,
		DefaultWorkspace: b.DefaultWorkspace, PlainTitles: b.PlainTitles,
		AskAfter: b.AskAfter, ShortenAt: b.ShortenAt, CommandSeconds: b.CommandSeconds, TurnsOutlive: b.TurnsOutlive,
		Models: make(map[string]*setting.Model, len(b.Models)),
	}
	for id, m := range b.Models {
		c.Models[id] = m.is
	}
	d, err := s.core().Settings.Patch(ctx, c)
	if err != nil {
		return nil, err
	}
	return &settingsAnswer{wireSettings(d)}, nil
}

func wireSettings(d setting.Document) setting.Document {
	if d.Models == nil {
		d.Models = map[string]setting.Model{}
	}
	return d
}
