// Package setting keeps what a person set for the whole program: the agent,
// model and effort of new sessions, and what is known better than a provider
// tells about a model.
package setting

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode"

	"hermes-webui/server/fault"
)

// Document is all settings. Zero values are not set.
type Document struct {
	DefaultAgent  string           `json:"default_agent"`  // of new sessions; "" = the first that works
	DefaultModel  string           `json:"default_model"`  // provider/model; "" = the agent's own
	DefaultEffort Effort           `json:"default_effort"` // "" = the model's own
	Models        map[string]Model `json:"models"`         // by provider/model
}

// Model is what a person set for a model. It beats what its provider tells.
type Model struct {
	Window int64  `json:"window,omitempty"` // tokens; 0 = not set
	Images Images `json:"images,omitempty"` // "" = not set
	Price  *Price `json:"price,omitempty"`  // nil = not set
}

// Price is in US dollars per million tokens.
type Price struct {
	Input  float64 `json:"input"`
	Cached float64 `json:"cached"` // of input that came from a cache; 0 = as input
	Output float64 `json:"output"`
}

// Images says whether a model sees pictures. The set is closed.
type Images string

const (
	ImagesNotSet Images = ""
	ImagesYes    Images = "yes"
	ImagesNo     Images = "no"
)

// Effort is a level of reasoning. The set is closed: it holds the levels that
// providers have.
type Effort string

const (
	EffortNotSet  Effort = "" // the model's own
	EffortNone    Effort = "none"
	EffortMinimal Effort = "minimal"
	EffortLow     Effort = "low"
	EffortMedium  Effort = "medium"
	EffortHigh    Effort = "high"
	EffortXHigh   Effort = "xhigh"
	EffortMax     Effort = "max"
)

func (e Effort) known() bool {
	switch e {
	case EffortNotSet, EffortNone, EffortMinimal, EffortLow, EffortMedium, EffortHigh, EffortXHigh, EffortMax:
		return true
	default:
		return false
	}
}

// Change says what is to be other; nil leaves a thing as it is. Models are
// changed one by one: nil removes what was set for a model.
type Change struct {
	DefaultAgent  *string
	DefaultModel  *string
	DefaultEffort *string
	Models        map[string]*Model
}

// Limits.
const (
	maxModelID = 256  // bytes
	maxModels  = 1000 // with settings of their own
	maxWindow  = 1_000_000_000
	maxPrice   = 1_000_000 // dollars per million tokens
)

// Keys in the store.
const (
	keyAgent  = "default_agent"
	keyModel  = "default_model"
	keyEffort = "default_effort"
	keyModels = "models"
)

// Store keeps JSON by key. store.Store does.
type Store interface {
	Settings(ctx context.Context) (map[string]json.RawMessage, error)
	// PutSettings keeps all of them or none.
	PutSettings(ctx context.Context, values map[string]json.RawMessage) error
}

// Book is the settings of this program, safe for concurrent use.
type Book struct {
	store   Store
	agents  func() []string // ids of the agents there are
	changed []func()
	writing sync.Mutex // held by Patch from reading to writing
	mu      sync.Mutex
	now     Document
}

// Open reads the settings. Agents tells which agents there are.
func Open(ctx context.Context, s Store, agents func() []string) (*Book, error) {
	stored, err := s.Settings(ctx)
	if err != nil {
		return nil, err
	}
	d := Document{Models: map[string]Model{}}
	for key, into := range map[string]any{
		keyAgent: &d.DefaultAgent, keyModel: &d.DefaultModel, keyEffort: &d.DefaultEffort, keyModels: &d.Models,
	} {
		if stored[key] == nil {
			continue
		}
		if err := json.Unmarshal(stored[key], into); err != nil {
			return nil, fmt.Errorf("setting: read %s: %w", key, err)
		}
	}
	if d.Models == nil { // null is stored
		d.Models = map[string]Model{}
	}
	return &Book{store: s, agents: agents, now: d}, nil
}

// OnChange calls f after each change, outside of any lock. It is for set-up,
// before the Book is shared.
func (b *Book) OnChange(f func()) { b.changed = append(b.changed, f) }

// Get returns the settings as they are now. The map is the caller's own; what
// the prices point to is not to be changed.
func (b *Book) Get() Document {
	b.mu.Lock()
	defer b.mu.Unlock()
	d := b.now
	d.Models = maps.Clone(d.Models)
	return d
}

// Patch changes what c names, all of it or nothing, and returns the settings as
// they are then.
func (b *Book) Patch(ctx context.Context, c Change) (Document, error) {
	d, err := b.patch(ctx, c)
	if err != nil {
		return Document{}, err
	}
	for _, f := range b.changed {
		f()
	}
	return d, nil
}

func (b *Book) patch(ctx context.Context, c Change) (Document, error) {
	b.writing.Lock()
	defer b.writing.Unlock()
	next, err := b.merged(b.Get(), c)
	if err != nil {
		return Document{}, err
	}
	values, err := encode(next, c)
	if err != nil {
		return Document{}, err
	}
	if err := b.store.PutSettings(ctx, values); err != nil {
		return Document{}, err
	}
	b.mu.Lock()
	b.now = next
	b.mu.Unlock()
	next.Models = maps.Clone(next.Models)
	return next, nil
}

// merged is what is set after a change.
func (b *Book) merged(d Document, c Change) (Document, error) {
	if c.DefaultAgent != nil {
		if a := *c.DefaultAgent; a != "" && !slices.Contains(b.agents(), a) {
			return d, invalid(fmt.Sprintf("There is no agent %q. Choose another one.", a))
		}
		d.DefaultAgent = *c.DefaultAgent
	}
	if c.DefaultModel != nil {
		if m := *c.DefaultModel; m != "" && !wellNamed(m) {
			return d, invalid("The name of a model is provider/model. Choose one from the list.")
		}
		d.DefaultModel = *c.DefaultModel
	}
	if c.DefaultEffort != nil {
		e := Effort(*c.DefaultEffort)
		if !e.known() {
			return d, invalid(fmt.Sprintf("There is no reasoning effort %q. Choose another one.", *c.DefaultEffort))
		}
		d.DefaultEffort = e
	}
	for id, m := range c.Models {
		if m == nil || *m == (Model{}) {
			delete(d.Models, id)
			continue
		}
		if err := checkModel(id, *m); err != nil {
			return d, err
		}
		d.Models[id] = *m
	}
	if len(d.Models) > maxModels {
		return d, invalid("There are settings for too many models. Remove some of them.")
	}
	return d, nil
}

// encode returns the rows that a change touches.
func encode(d Document, c Change) (map[string]json.RawMessage, error) {
	rows := map[string]any{}
	if c.DefaultAgent != nil {
		rows[keyAgent] = d.DefaultAgent
	}
	if c.DefaultModel != nil {
		rows[keyModel] = d.DefaultModel
	}
	if c.DefaultEffort != nil {
		rows[keyEffort] = d.DefaultEffort
	}
	if len(c.Models) > 0 {
		rows[keyModels] = d.Models
	}
	out := make(map[string]json.RawMessage, len(rows))
	for key, value := range rows {
		raw, err := json.Marshal(value)
		if err != nil {
			return nil, fmt.Errorf("setting: encode %s: %w", key, err)
		}
		out[key] = raw
	}
	return out, nil
}

// wellNamed reports whether id looks like provider/model.
func wellNamed(id string) bool {
	provider, model, ok := strings.Cut(id, "/")
	return ok && provider != "" && model != "" && len(id) <= maxModelID && !strings.ContainsFunc(id, unicode.IsControl)
}

func checkModel(id string, m Model) error {
	if !wellNamed(id) {
		return invalid("The name of a model is provider/model. Choose one from the list.")
	}
	if m.Window < 0 || m.Window > maxWindow {
		return invalid("The context window is a number of tokens, such as 128000.")
	}
	switch m.Images {
	case ImagesNotSet, ImagesYes, ImagesNo:
	default:
		return invalid("Whether a model sees pictures is yes, no or not set.")
	}
	if m.Price == nil {
		return nil
	}
	for _, dollars := range []float64{m.Price.Input, m.Price.Cached, m.Price.Output} {
		if !(dollars >= 0 && dollars <= maxPrice) || math.IsInf(dollars, 0) { // NaN fails every comparison
			return invalid("A price is in US dollars per million tokens, zero or more.")
		}
	}
	return nil
}

func invalid(text string) error { return fault.New(fault.Invalid, fault.CodeInvalid, text) }
