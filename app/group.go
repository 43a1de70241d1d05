package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// stage is something that is started and stopped with the program. Either
// function may be nil.
type stage struct {
	name  string
	start func(context.Context) error // ends early when its context does
	stop  func(context.Context) error // keeps to the deadline of its context
	grace time.Duration               // how long stop may take; 0 = a second
}

// stages start in order and stop in the reverse order.
type stages []stage

// run starts all, calls work, and stops what was started, whatever happened.
// When stop has ended, an early end is no error. When now ends, stopping is cut
// short: everything in the log is committed, nothing is lost by that.
func (all stages) run(stop, now context.Context, log *slog.Logger, work func(context.Context) error) error {
	err := all.up(stop, now, log, work)
	if _, said := errors.AsType[*exitError](err); !said && stop.Err() != nil {
		if err != nil && !errors.Is(err, context.Canceled) {
			log.Warn("stopped on the way", "err", err)
		}
		return nil
	}
	return err
}

// up starts the first stage, then the others, and stops it after them.
func (all stages) up(stop, now context.Context, log *slog.Logger, work func(context.Context) error) error {
	if err := stop.Err(); err != nil {
		return err
	}
	if len(all) == 0 {
		return work(stop)
	}
	s := all[0]
	if s.start != nil {
		if err := s.start(stop); err != nil {
			return err
		}
	}
	err := all[1:].up(stop, now, log, work)
	return errors.Join(err, s.down(now, log))
}

// down stops a stage, and goes on without it when it does not keep its time.
func (s stage) down(now context.Context, log *slog.Logger) error {
	if s.stop == nil {
		return nil
	}
	grace := s.grace
	if grace == 0 {
		grace = time.Second
	}
	ctx, cancel := context.WithTimeout(now, grace)
	defer cancel()
	stopped := make(chan error, 1)
	go func() { stopped <- s.stop(ctx) }()
	late := time.NewTimer(grace + time.Second)
	defer late.Stop()
	select {
	case err := <-stopped:
		if err != nil && ctx.Err() == nil {
			return fmt.Errorf("stop %s: %w", s.name, err)
		}
		return nil
	case <-now.Done():
	case <-late.C:
	}
	log.Warn("not stopped in time", "stage", s.name)
	return nil
}
