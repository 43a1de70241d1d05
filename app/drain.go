package main

import (
	"context"
	"fmt"
	"time"
)

// defaultDrain is how long turns that run may go on after the first signal.
const defaultDrain = 10 * time.Second

// drain gives the turns that run a bounded time to end by themselves. Nobody
// can send or answer any more: the front is closed. What still runs then is
// interrupted, and the next start says so.
func (p *process) drain(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, p.Drain)
	defer cancel()
	began := time.Now()
	p.tell(p.notify.Status("Stopping: turns that run may end"))
	left := p.core.desk.Drain(ctx, p.core.store.Bell())
	switch {
	case left > 0:
		p.log.Warn("turns are interrupted: they did not end in time", "turns", left, "waited", time.Since(began).Round(time.Millisecond))
	case time.Since(began) > time.Second:
		p.log.Info("the turns that ran have ended", "waited", time.Since(began).Round(time.Millisecond))
	}
}

func drainOf(value, from string) (time.Duration, error) {
	if value == "" {
		return defaultDrain, nil
	}
	d, err := time.ParseDuration(value)
	if err != nil || d < 0 || d > time.Hour {
		return 0, fmt.Errorf("%s=%s is no time; give one as 10s or 2m, at most 1h, 0s for none", from, value)
	}
	return d, nil
}
