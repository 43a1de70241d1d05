package direct

import (
	"context"
	"slices"
	"strings"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/fault"
)

// chosen is the model of a turn.
type chosen struct {
	endpoint Endpoint
	model    string // as the provider calls it
	// about is what is known of the model, the person's own settings before
	// everything else; it always has its ID, Name and Provider.
	about agent.Model
}

const (
	// justNow is how old a list may be that says that a model is not there.
	justNow = 2 * time.Second
	// windowLimit is how long a turn waits to learn a window: a server that loads
	// models on demand tells it only then.
	windowLimit = 2 * time.Second
)

// choose finds where a session's model is. "" is the person's default, else that
// of the first provider. A model that its provider does not offer is refused,
// unless the provider does not say what it offers. Errors are a *refusal, or the
// cause of ctx.
func (d *Driver) choose(ctx context.Context, model string) (chosen, error) {
	all := d.providers.Endpoints()
	if len(all) == 0 {
		return chosen{}, &refusal{code: fault.CodeNoProvider, text: missing}
	}
	if model == "" && d.config.Default != nil {
		model = d.config.Default()
	}
	if model == "" {
		return d.firstOf(ctx, all[0])
	}
	id, name, ok := strings.Cut(model, "/")
	if !ok {
		return d.offered(ctx, all[0], model)
	}
	for _, e := range all {
		if e.ID == id {
			return d.offered(ctx, e, name)
		}
	}
	return chosen{}, &refusal{code: fault.CodeNoModel, text: "The model " + shown(model, "") +
		" belongs to a provider that is not connected. Choose another model, or connect the provider under Settings, Models and providers."}
}

func (d *Driver) firstOf(ctx context.Context, e Endpoint) (chosen, error) {
	if e.Model != "" {
		return d.offered(ctx, e, e.Model)
	}
	l := d.shelf.get(e)
	if l.over() || l.before == nil || len(l.before.Models) == 0 {
		if err := l.wait(ctx); err != nil {
			return chosen{}, err
		}
		if l.refusal != nil {
			return chosen{}, l.refusal
		}
	}
	if models := l.last().Models; len(models) > 0 {
		return d.offered(ctx, e, strings.TrimPrefix(models[0].ID, e.ID+"/"))
	}
	return chosen{}, &refusal{code: fault.CodeNoModel, text: e.title() + " offers no model that can chat. Load one there, or choose a model of another provider."}
}

// offered is a model of a provider. The one that was set up together with the
// provider is asked for whatever the list says.
func (d *Driver) offered(ctx context.Context, e Endpoint, model string) (chosen, error) {
	l := d.shelf.get(e)
	if m, ok := l.has(e, model); ok && (m.Window > 0 || !nearby(e.hostname())) {
		return d.chosenAs(e, model, m), nil
	}
	if model == e.Model && !nearby(e.hostname()) {
		return d.chosenAs(e, model, agent.Model{}), nil
	}
	_, listed := l.has(e, model)
	if listed || model == e.Model {
		return d.withWindow(ctx, e, model)
	}
	l = d.shelf.newer(e, justNow)
	if err := l.wait(ctx); err != nil {
		return chosen{}, err
	}
	m, ok := l.has(e, model)
	if !ok && l.refusal == nil {
		return chosen{}, &refusal{code: fault.CodeNoModel, text: e.title() + " does not offer the model " + shown(model, e.Key()) +
			". Choose another model, or see to it that the provider has this one."}
	}
	return d.chosenAs(e, model, m), nil
}

// withWindow waits a little for what a server nearby says now.
func (d *Driver) withWindow(ctx context.Context, e Endpoint, model string) (chosen, error) {
	brief, cancel := context.WithTimeout(ctx, windowLimit)
	defer cancel()
	l := d.shelf.newer(e, justNow)
	if err := l.wait(brief); err != nil && ctx.Err() != nil {
		return chosen{}, context.Cause(ctx)
	}
	m, _ := l.has(e, model)
	return d.chosenAs(e, model, m), nil
}

// has looks for a model in the newest list that was had.
func (l *look) has(e Endpoint, model string) (agent.Model, bool) {
	list := l.last()
	if list == nil {
		return agent.Model{}, false
	}
	i := slices.IndexFunc(list.Models, func(m agent.Model) bool { return m.ID == e.ID+"/"+model })
	if i < 0 {
		return agent.Model{}, false
	}
	return list.Models[i], true
}

// chosenAs joins what is known; m may be of no model.
func (d *Driver) chosenAs(e Endpoint, model string, m agent.Model) chosen {
	if m.ID == "" {
		m = e.judged(agent.Model{ID: e.ID + "/" + model, Name: model, Provider: e.ID})
	}
	return chosen{e, model, d.asSet(m)}
}

// asSet puts what a person set for a model over what is known of it.
func (d *Driver) asSet(m agent.Model) agent.Model {
	if d.config.Models == nil {
		return m
	}
	s := d.config.Models(m.ID)
	if s.Window > 0 {
		m.Window = s.Window
	}
	if s.Images != agent.SightUnknown {
		m.Images = s.Images
	}
	if s.Price != nil {
		price := *s.Price
		m.Price = &price
	}
	return m
}

// allAsSet is asSet for a list, which is not changed.
func (d *Driver) allAsSet(list []agent.Model) []agent.Model {
	out := make([]agent.Model, 0, len(list))
	for _, m := range list {
		out = append(out, d.asSet(m))
	}
	return out
}
