package direct

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/fault"
)

// List is what a provider offers now.
type List struct {
	Provider string        `json:"provider"`
	Name     string        `json:"name"`
	Models   []agent.Model `json:"models"`
	Problem  string        `json:"problem"` // why there is no list, for people; "" = there is one
}

const (
	listAge   = 5 * time.Minute  // how long a list is good
	faultAge  = 10 * time.Second // how long a failure is: a local server may just be starting
	listLimit = 15 * time.Second
	maxList   = 8 << 20 // bytes
)

// shelf keeps the lists of models in memory.
type shelf struct {
	client *http.Client
	ctx    context.Context // of the driver: look-ups belong to no request
	told   func()          // after each look-up
	mu     sync.Mutex
	kept   map[string]*look // by where
	wg     sync.WaitGroup
}

// look is one look-up, under way or done.
type look struct {
	done    chan struct{} // closed when the rest is set
	at      time.Time
	list    List
	refusal *refusal
}

func (l *look) over() bool {
	select {
	case <-l.done:
		return true
	default:
		return false
	}
}

func (l *look) fresh(now time.Time) bool {
	if !l.over() {
		return true
	}
	if l.refusal != nil {
		return now.Sub(l.at) < faultAge
	}
	return now.Sub(l.at) < listAge
}

// where tells lists apart.
func where(e Endpoint) string { return e.ID + " " + e.BaseURL }

// forget drops all lists, after a change of keys or addresses.
func (s *shelf) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.kept)
}

// get returns the look-up that counts, and begins one where there is none or
// the last is too old. It never blocks.
func (s *shelf) get(e Endpoint) *look {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.kept[where(e)]
	if l != nil && l.fresh(time.Now()) {
		return l
	}
	next := &look{done: make(chan struct{})}
	s.kept[where(e)] = next
	s.wg.Go(func() { s.fill(next, e) })
	return next
}

// known returns the newest models without waiting, and has them looked up where
// needed.
func (s *shelf) known(e Endpoint) []agent.Model {
	s.mu.Lock()
	old := s.kept[where(e)]
	s.mu.Unlock()
	if l := s.get(e); l.over() {
		return l.list.Models
	}
	if old != nil && old.over() {
		return old.list.Models
	}
	return nil
}

// wait returns the list once it is there.
func (s *shelf) wait(ctx context.Context, e Endpoint) (List, *refusal, error) {
	l := s.get(e)
	select {
	case <-l.done:
		return l.list, l.refusal, nil
	case <-ctx.Done():
		return List{}, nil, context.Cause(ctx)
	}
}

func (s *shelf) fill(l *look, e Endpoint) {
	ctx, w := watched(s.ctx, listLimit)
	defer w.stop()
	l.list = List{Provider: e.ID, Name: e.Name, Models: []agent.Model{}}
	models, r := s.fetch(ctx, e)
	if r != nil {
		l.refusal, l.list.Problem = r, r.text
	} else {
		l.list.Models = models
	}
	l.at = time.Now()
	close(l.done)
	s.told()
}

func (s *shelf) fetch(ctx context.Context, e Endpoint) ([]agent.Model, *refusal) {
	call := "models"
	if e.Kind == Anthropic {
		call += "?limit=1000"
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, e.at(call), nil)
	if err != nil {
		return nil, unreached(ctx, e, err, false, listLimit)
	}
	e.sign(req.Header)
	resp, err := s.client.Do(req)
	if err != nil {
		return nil, unreached(ctx, e, err, false, listLimit)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxList))
	if err != nil {
		return nil, unreached(ctx, e, err, false, listLimit)
	}
	if resp.StatusCode != http.StatusOK {
		return nil, refused(e, troubleOf(resp, raw), resp.Header, time.Now())
	}
	models, err := parseModels(e.ID, raw)
	if err != nil {
		return nil, unreadable(e, err)
	}
	return models, nil
}

type listed struct {
	ID      prose `json:"id"`
	Display prose `json:"display_name"`
	Name    prose `json:"name"`
	Type    prose `json:"type"`
}

// parseModels reads {"data":[…]}, {"models":[…]} or a bare list.
func parseModels(provider string, raw []byte) ([]agent.Model, error) {
	var doc struct {
		Data   []listed `json:"data"`
		Models []listed `json:"models"`
	}
	var bare []listed
	if json.Unmarshal(raw, &bare) != nil {
		if json.Unmarshal(raw, &doc) != nil {
			return nil, errNotJSON
		}
		if bare = doc.Data; bare == nil {
			bare = doc.Models
		}
	}
	out := make([]agent.Model, 0, len(bare))
	for _, m := range bare {
		id := repaired(m.ID.text)
		if id == "" || !talks(id, m.Type.text) {
			continue
		}
		out = append(out, agent.Model{ID: provider + "/" + id, Name: nameOf(m), Provider: provider})
	}
	return out, nil
}

func nameOf(m listed) string {
	for _, p := range []prose{m.Display, m.Name} {
		if p.text != "" {
			return repaired(p.text)
		}
	}
	return m.ID.text
}

// silent are pieces of names of models that do not chat. Lists mix them in and
// mostly do not say so.
var silent = []string{
	"embed", "whisper", "tts", "dall-e", "rerank", "moderation", "transcribe", "realtime", "-audio", "image",
	"babbage", "davinci", "sora",
}

func talks(id, kind string) bool {
	switch kind {
	case "embedding", "embeddings", "image", "audio", "rerank", "moderation", "transcribe", "video":
		return false
	}
	id = strings.ToLower(id)
	for _, s := range silent {
		if strings.Contains(id, s) {
			return false
		}
	}
	return true
}

// chosen is the model of a turn.
type chosen struct {
	endpoint Endpoint
	model    string // as the provider calls it
}

// choose finds where a session's model is. "" is the default of the first
// provider. Errors are a *refusal, or the cause of ctx.
func (d *Driver) choose(ctx context.Context, model string) (chosen, error) {
	all := d.providers.Endpoints()
	if len(all) == 0 {
		return chosen{}, &refusal{code: fault.CodeNoProvider, text: missing}
	}
	if model == "" {
		return d.firstOf(ctx, all[0])
	}
	id, name, ok := strings.Cut(model, "/")
	if !ok {
		return chosen{all[0], model}, nil
	}
	for _, e := range all {
		if e.ID == id {
			return chosen{e, name}, nil
		}
	}
	return chosen{}, &refusal{code: fault.CodeNoModel, text: "The model " + shown(model, "") +
		" belongs to a provider that is not connected. Choose another model, or connect the provider under Settings, Providers."}
}

func (d *Driver) firstOf(ctx context.Context, e Endpoint) (chosen, error) {
	if e.Model != "" {
		return chosen{e, e.Model}, nil
	}
	list, r, err := d.shelf.wait(ctx, e)
	if err != nil {
		return chosen{}, err
	}
	if r != nil {
		return chosen{}, r
	}
	if len(list.Models) == 0 {
		return chosen{}, &refusal{code: fault.CodeNoModel, text: e.title() + " offers no model that can chat. Load one there, or choose a model of another provider."}
	}
	return chosen{e, strings.TrimPrefix(list.Models[0].ID, e.ID+"/")}, nil
}
