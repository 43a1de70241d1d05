package direct

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"hermes-webui/server/agent"
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
	nearAge   = 30 * time.Second // of a server on this machine or nearby: models come and go there
	faultAge  = 10 * time.Second // how long a failure is: a local server may just be starting
	listLimit = 15 * time.Second
	maxList   = 8 << 20 // bytes
)

// shelf keeps the lists of models in memory, and on the disk where it is given
// one. An old list is good until its successor is there.
type shelf struct {
	client *http.Client
	ctx    context.Context // of the driver: look-ups belong to no request
	told   func()          // after each look-up
	cache  Cache           // nil = none
	slog   *slog.Logger
	mu     sync.Mutex
	kept   map[string]*look // by where
	cold   bool             // settings have changed: what is on the disk may be of another account
	wg     sync.WaitGroup
}

func newShelf(ctx context.Context, client *http.Client, c Config) *shelf {
	return &shelf{client: client, ctx: ctx, told: c.Changed, cache: c.Cache, slog: c.Slog, kept: map[string]*look{}}
}

// look is one look-up, under way or done.
type look struct {
	before  *List         // the list that it is to replace; nil = there was none
	done    chan struct{} // closed when the rest is set
	at      time.Time
	old     bool // from the disk
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

func (l *look) fresh(now time.Time, age time.Duration) bool {
	switch {
	case !l.over():
		return true
	case l.old:
		return false
	case l.refusal != nil:
		return now.Sub(l.at) < min(age, faultAge)
	default:
		return now.Sub(l.at) < age
	}
}

// last returns the newest list that was had; nil = none.
func (l *look) last() *List {
	if l.over() && l.refusal == nil {
		return &l.list
	}
	return l.before
}

// where tells lists apart.
func where(e Endpoint) string { return e.ID + " " + e.BaseURL }

// forget drops all lists, after a change of keys or addresses.
func (s *shelf) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.kept)
	s.cold = true
}

// get returns the look-up that counts, and begins one where there is none or
// the last is too old. It never waits for a provider.
func (s *shelf) get(e Endpoint) *look {
	if nearby(e.hostname()) {
		return s.newer(e, nearAge)
	}
	return s.newer(e, listAge)
}

// newer is get with an age of one's own.
func (s *shelf) newer(e Endpoint, age time.Duration) *look {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.kept[where(e)]
	if l == nil && !s.cold {
		l = s.recall(e)
	}
	if l != nil && l.fresh(time.Now(), age) {
		return l
	}
	next := &look{done: make(chan struct{})}
	if l != nil {
		next.before = l.last()
	}
	s.kept[where(e)] = next
	s.wg.Go(func() { s.fill(next, e) })
	return next
}

// known returns the newest models without waiting, and has them looked up where
// needed. A server that does not answer offers nothing.
func (s *shelf) known(e Endpoint) []agent.Model {
	l := s.get(e)
	if l.over() {
		return l.list.Models
	}
	if l.before != nil {
		return l.before.Models
	}
	return nil
}

// list returns the newest list; where there is none it waits for one.
func (s *shelf) list(ctx context.Context, e Endpoint) (List, error) {
	l := s.get(e)
	if !l.over() && l.before != nil {
		return *l.before, nil
	}
	if err := l.wait(ctx); err != nil {
		return List{}, err
	}
	return l.list, nil
}

// wait returns once the look-up is over.
func (l *look) wait(ctx context.Context) error {
	select {
	case <-l.done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (s *shelf) fill(l *look, e Endpoint) {
	ctx, w := watched(s.ctx, listLimit)
	defer w.stop()
	l.list = List{Provider: e.ID, Name: e.Name, Models: []agent.Model{}}
	models, r := s.fetch(ctx, e)
	l.at = time.Now()
	if r != nil {
		l.refusal, l.list.Problem = r, r.text
	} else {
		l.list.Models = models
		s.keep(e, l)
	}
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
	list, err := parseModels(e, raw)
	if err != nil {
		return nil, unreadable(e, err)
	}
	return s.tellMore(ctx, e, list), nil
}
