package health

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// freshFor is how long an answer counts as new: whoever asks in a hurry gets
// the same one again.
const freshFor = time.Second

// Round is one look at every part.
type Round struct {
	At     time.Time // of its end
	Checks Results
}

// Checks is the set of checks. A round asks all of them at once, each for
// itself and bounded in time; one that hangs holds up neither the others nor
// the round. The zero value is empty and ready.
type Checks struct {
	mu    sync.Mutex
	done  func(Round)
	all   []*probe
	last  Round
	going chan struct{} // closed at the end of the round that goes on; nil = none
}

// Put adds checks. One of the same name takes the place of the earlier one.
func (c *Checks) Put(checkers ...Checker) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, one := range checkers {
		p := &probe{Checker: one}
		if i := slices.IndexFunc(c.all, func(o *probe) bool { return o.Name == one.Name }); i >= 0 {
			c.all[i] = p
		} else {
			c.all = append(c.all, p)
		}
	}
}

// OnRound has f called after each round, by one goroutine at a time. f must not
// call Run, and returns soon.
func (c *Checks) OnRound(f func(Round)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done = f
}

// Last returns the last round, which never took place if At is zero. It never
// waits.
func (c *Checks) Last() Round {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.last
}

// Run asks every part, unless somebody did so within the last second: then it
// returns that round. Those who ask while a round goes on share it. The round
// takes no longer than the slowest check may; the error is only ever that of
// the context, which ends the waiting and not the round.
func (c *Checks) Run(ctx context.Context) (Round, error) {
	c.mu.Lock()
	if !c.last.At.IsZero() && time.Since(c.last.At) < freshFor {
		defer c.mu.Unlock()
		return c.last, nil
	}
	if c.going == nil {
		c.going = make(chan struct{})
		go c.round(slices.Clone(c.all), c.going)
	}
	going := c.going
	c.mu.Unlock()
	select {
	case <-going:
		return c.Last(), nil
	case <-ctx.Done():
		return Round{}, fmt.Errorf("health: wait for the checks: %w", context.Cause(ctx))
	}
}

func (c *Checks) round(all []*probe, done chan<- struct{}) {
	results := make([]Result, len(all))
	var wg sync.WaitGroup
	for i, p := range all {
		wg.Go(func() { results[i] = p.look() })
	}
	wg.Wait()
	r := Round{At: time.Now(), Checks: Results{}}
	for i, p := range all {
		r.Checks[p.Name] = results[i]
	}
	c.mu.Lock()
	tell := c.done
	c.mu.Unlock()
	if tell != nil {
		tell(r)
	}
	c.mu.Lock()
	c.last, c.going = r, nil
	c.mu.Unlock()
	close(done)
}

// probe is a checker and the question that it has not answered yet.
type probe struct {
	Checker
	mu   sync.Mutex
	open *question
}

type question struct {
	done   chan struct{}
	result Result // after done
}

// look asks and waits as long as the checker may take. A part that still owes
// an earlier answer is not asked again: whatever it hangs on would only get
// more to hang.
func (p *probe) look() Result {
	begin := time.Now()
	enough := time.NewTimer(p.limit())
	defer enough.Stop()
	q, own := p.ask()
	for {
		select {
		case <-q.done:
			if own {
				q.result.Millis = millis(time.Since(begin))
				return q.result
			}
			q, own = p.ask() // the late answer tells of then, not of now
		case <-enough.C:
			r := p.hangs()
			r.Millis = millis(time.Since(begin))
			return r
		}
	}
}

// ask returns the question that is open, or a new one that is the caller's own.
func (p *probe) ask() (q *question, own bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.open != nil {
		return p.open, false
	}
	q = &question{done: make(chan struct{})}
	p.open = q
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), p.limit())
		defer cancel()
		q.result = p.Checker.ask(ctx)
		p.mu.Lock()
		p.open = nil
		p.mu.Unlock()
		close(q.done)
	}()
	return q, true
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
