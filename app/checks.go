package main

import (
	"context"
	"errors"
	"reflect"
	"sync"

	"hermes-webui/server/health"
)

// putChecks adds what of the core can be asked whether it is well. The front
// adds its own.
func (p *process) putChecks() {
	c := p.core
	p.checks.OnRound(p.tellRound())
	vital := []health.Checker{
		health.Store(c.store, c.storeSize),
		health.Writer(c.store.Pulse),
		health.Lanes(func(ctx context.Context) error { return c.desk.Ping(ctx) }),
		health.Log(p.sink.alive),
	}
	p.vital.Put(vital...)
	p.checks.Put(vital...)
	p.checks.Put(
		health.Sessions(c.mirror.Over(c.store), c.store.Count),
		health.Projects(),
		health.StateDB(c.readMemories),
		health.Agents(c.agents),
		health.Descriptors(),
		health.Goroutines(),
		health.Disk(func() (free, total int64, err error) { return health.Space(p.StateDir) }),
	)
}

// storeSize is what the database takes on the disk, in bytes.
func (c *core) storeSize() (int64, error) {
	size, err := c.store.Size()
	return size.Database + size.WAL, err
}

// readMemories reads the databases of the Hermes Agent, and says how many there
// are.
func (c *core) readMemories(ctx context.Context) (int, error) {
	n, errs := 0, []error(nil)
	for _, db := range c.profiles.databases() {
		there, err := db.Check(ctx)
		if there {
			n++
		}
		errs = append(errs, err)
	}
	return n, errors.Join(errs...)
}

// agents says which agents are ready, without looking for any.
func (c *core) agents(ctx context.Context) ([]health.Agent, error) {
	direct, err := c.direct.Describe(ctx)
	if err != nil {
		return nil, err
	}
	found, known := c.scout.peek()
	if !known && !direct.Ready {
		return nil, health.ErrLooking
	}
	return []health.Agent{{Ready: found}, {Ready: direct.Ready}}, nil
}

// healthTopic is the status that says how the parts are: whoever shows them need
// not ask.
const healthTopic = "health"

// told is what a status says of a check: what changes only when something
// happened.
type told struct {
	Status health.State `json:"status"`
	Says   string       `json:"says"`
	Fix    string       `json:"fix,omitempty"`
}

// tellRound returns what passes on the rounds that found something else than the
// one before.
func (p *process) tellRound() func(health.Round) {
	var mu sync.Mutex
	last := map[string]told{}
	return func(r health.Round) {
		now := map[string]told{}
		for name, one := range r.Checks {
			now[name] = told{one.Status, one.Says, one.Fix}
		}
		mu.Lock()
		defer mu.Unlock()
		if reflect.DeepEqual(now, last) {
			return
		}
		p.logRound(r, last)
		last = now
		status := "ok"
		if !r.Checks.Well() {
			status = "degraded"
		}
		p.core.status.Set(healthTopic, "", map[string]any{"status": status, "checks": now})
	}
}

// logRound says which parts are otherwise than before.
func (p *process) logRound(r health.Round, before map[string]told) {
	for name, one := range r.Checks {
		was := before[name].Status
		if was == one.Status || was == "" && (one.Status == health.OK || one.Status == health.Missing) {
			continue
		}
		if one.Status == health.OK || one.Status == health.Missing {
			p.log.Info("well again", "check", name)
		} else {
			p.log.Warn("not well", "check", name, "status", one.Status, "says", one.Says, "err", one.Err)
		}
	}
}

// metrics is what the server cannot see.
func (c *core) metrics() []health.Metric {
	size, err := c.store.Size()
	if err != nil {
		return nil
	}
	return []health.Metric{{
		Name: "hermes_webui_database_bytes", Kind: health.Gauge, Help: "What the database takes on the disk, by file.",
		Samples: []health.Sample{
			{Labels: map[string]string{"file": "main"}, Value: float64(size.Database)},
			{Labels: map[string]string{"file": "wal"}, Value: float64(size.WAL)},
		},
	}}
}
