// Package setting keeps what a person set for the whole program: with what new
// sessions begin, how turns work, and what is known better than a provider tells
// about a model.
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
	DefaultAgent     string `json:"default_agent"`     // of new sessions; "" = the first that works
	DefaultModel     string `json:"default_model"`     // provider/model; "" = the agent's own
	DefaultEffort    Effort `json:"default_effort"`    // "" = the model's own
	DefaultWorkspace string `json:"default_workspace"` // of new sessions; "" = the program's own

	PlainTitles    bool `json:"plain_titles"`    // a title is the beginning of the prompt, no model is asked for one
	AskAfter       int  `json:"ask_after"`       // questions to the model after which a turn asks whether to go on
	ShortenAt      int  `json:"shorten_at"`      // percent of a window from which on what is old is summarised
	CommandSeconds int  `json:"command_seconds"` // that a command may take if the model says nothing
	TurnsOutlive   bool `json:"turns_outlive"`   // turns of agents that can go on when this program ends

	Models map[string]Model `json:"models"` // by provider/model
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

	DefaultWorkspace *string

	PlainTitles    *bool
	AskAfter       *int // 0: not set any more, as below
	ShortenAt      *int
	CommandSeconds *int
	TurnsOutlive   *bool

	Models map[string]*Model
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

	keyWorkspace      = "default_workspace"
	keyPlainTitles    = "plain_titles"
	keyAskAfter       = "ask_after"
	keyShortenAt      = "shorten_at"
	keyCommandSeconds = "command_seconds"
	keyTurnsOutlive   = "turns_outlive"
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
	agents  func() []string                             // ids of the agents there are
	folder  func(path string) (clean string, err error) // says whether a folder can be a workspace
	changed []func()
	writing sync.Mutex // held by Patch from reading to writing
	mu      sync.Mutex
	now     Document
}

// Open reads the settings. Agents tells which agents there are, folder cleans
// the path of a workspace and says why a folder cannot be one.
func Open(ctx context.Context, s Store, agents func() []string, folder func(string) (string, error)) (*Book, error) {
	stored, err := s.Settings(ctx)
	if err != nil {
		return nil, err
	}
	d := Document{Models: map[string]Model{}}
	for key, into := range map[string]any{
		keyAgent: &d.DefaultAgent, keyModel: &d.DefaultModel, keyEffort: &d.DefaultEffort, keyModels: &d.Models,
		keyWorkspace: &d.DefaultWorkspace, keyPlainTitles: &d.PlainTitles,
		keyAskAfter: &d.AskAfter, keyShortenAt: &d.ShortenAt, keyCommandSeconds: &d.CommandSeconds, keyTurnsOutlive: &d.TurnsOutlive,
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
	return &Book{store: s, agents: agents, folder: folder, now: d}, nil
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
	if err := b.workspace(&d, c); err != nil {
		return d, err
	}
	if err := working(&d, c); err != nil {
		return d, err
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

// workspace changes the folder of new sessions.
func (b *Book) workspace(d *Document, c Change) error {
	if c.DefaultWorkspace == nil {
		return nil
	}
	d.DefaultWorkspace = ""
	if path := strings.TrimSpace(*c.DefaultWorkspace); path != "" {
		clean, err := b.folder(path)
		if err != nil {
			return err
		}
		d.DefaultWorkspace = clean
	}
	return nil
}

// working changes how turns work.
func working(d *Document, c Change) error {
	if c.PlainTitles != nil {
		d.PlainTitles = *c.PlainTitles
	}
	if c.TurnsOutlive != nil {
		d.TurnsOutlive = *c.TurnsOutlive
	}
	for _, n := range []struct {
		to          *int
		from        *int
		least, most int
		text        string
	}{
		{&d.AskAfter, c.AskAfter, 5, 1000, "A turn asks after 5 to 1000 questions to the model. Give a number between them."},
		{&d.ShortenAt, c.ShortenAt, 30, 95, "A conversation is shortened at 30 to 95 percent of the window. Give a number between them."},
		{&d.CommandSeconds, c.CommandSeconds, 5, 3600, "A command may take 5 to 3600 seconds. Give a number between them."},
	} {
		if n.from == nil {
			continue
		}
		if *n.from != 0 && (*n.from < n.least || *n.from > n.most) {
			return invalid(n.text)
		}
		*n.to = *n.from
	}
	return nil
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
	if c.DefaultWorkspace != nil {
		rows[keyWorkspace] = d.DefaultWorkspace
	}
	if c.PlainTitles != nil {
		rows[keyPlainTitles] = d.PlainTitles
	}
	if c.AskAfter != nil {
		rows[keyAskAfter] = d.AskAfter
	}
	if c.ShortenAt != nil {
		rows[keyShortenAt] = d.ShortenAt
	}
	if c.CommandSeconds != nil {
		rows[keyCommandSeconds] = d.CommandSeconds
	}
	if c.TurnsOutlive != nil {
		rows[keyTurnsOutlive] = d.TurnsOutlive
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
