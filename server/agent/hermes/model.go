package hermes

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"hermes-webui/server/agent"
)

const modelsKey = "hermes.models"

// shelf holds the models that the agent offers.
type shelf struct {
	mu     sync.Mutex
	loaded bool
	list   []agent.Model
	asked  time.Time
}

// efforts are the levels that the agent knows, the lowest first.
var efforts = []string{"none", "minimal", "low", "medium", "high", "xhigh"}

// models returns the models as they were last seen. No agent is started for it.
func (d *Driver) models(ctx context.Context) []agent.Model {
	d.shelf.mu.Lock()
	defer d.shelf.mu.Unlock()
	if !d.shelf.loaded && d.config.Cache != nil {
		d.shelf.loaded = true
		if b, err := d.config.Cache.Get(ctx, modelsKey); err == nil && b != nil {
			_ = json.Unmarshal(b, &d.shelf.list) // what cannot be read is looked up anew
		}
	}
	return d.shelf.list
}

// modelsEvery is how often the models are looked up while agents are used.
const modelsEvery = 10 * time.Minute

// lookUp asks an agent that runs anyway for its models, in the background.
func (d *Driver) lookUp(l *line) {
	d.shelf.mu.Lock()
	fresh := time.Since(d.shelf.asked) < modelsEvery
	if !fresh {
		d.shelf.asked = time.Now()
	}
	d.shelf.mu.Unlock()
	if fresh {
		return
	}
	d.spawn(func() {
		ctx, cancel := context.WithTimeout(d.ctx, 30*time.Second)
		defer cancel()
		list, err := listModels(ctx, l)
		if err != nil {
			d.slog.Info("the models of Hermes could not be listed", "err", err)
			return
		}
		d.shelf.mu.Lock()
		d.shelf.list, d.shelf.loaded = list, true
		d.shelf.mu.Unlock()
		if b, err := json.Marshal(list); err == nil && d.config.Cache != nil {
			_ = d.config.Cache.Put(ctx, modelsKey, b) // the next start looks them up
		}
		d.config.Changed()
	})
}

func listModels(ctx context.Context, l *line) ([]agent.Model, error) {
	var answer struct {
		Providers []struct {
			Slug   string
			Name   string
			Models []json.RawMessage
		}
	}
	if err := l.client.Call(ctx, "model.options", map[string]any{"session_id": l.id, "explicit_only": true}, &answer); err != nil {
		return nil, err
	}
	list := []agent.Model{}
	for _, p := range answer.Providers {
		for _, raw := range p.Models {
			name := modelName(raw)
			if name == "" {
				continue
			}
			list = append(list, agent.Model{ID: p.Slug + "/" + name, Name: name, Provider: p.Name, Efforts: efforts})
		}
	}
	return list, nil
}

// modelName is a model's name: alone, or in an object.
func modelName(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	for _, member := range []string{"id", "name", "model"} {
		if s := field(raw, member); s != "" {
			return s
		}
	}
	return ""
}
