package main

import (
	"context"
	"log/slog"
	"time"

	"hermes-webui/server/blob"
	"hermes-webui/server/chat"
	"hermes-webui/server/store"
)

const (
	sweepEvery = time.Hour
	// sweepSoon is after a start and after a purge, whose tombstone comes before
	// the removal of the session's events.
	sweepSoon = time.Minute
	// unsentFor is how long an upload waits to be sent or to be in a draft: a
	// page can have it in a chat that does not exist yet. What a purge leaves
	// alone is older as a rule and goes with the next sweep; what was put in
	// within this time goes when it is over.
	unsentFor = 24 * time.Hour
)

// sweeper removes the attachments that no session names any more.
type sweeper struct {
	store *store.Store
	blobs *blob.Dir
	log   *slog.Logger
}

// run sweeps until ctx ends: soon, then at intervals and after each purge.
func (s sweeper) run(ctx context.Context) {
	after := s.store.Newest()
	due := time.Now().Add(sweepSoon)
	for {
		purged, err := s.wait(ctx, &after, due)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			s.log.Error("purges cannot be followed", "err", err)
			after = s.store.Newest()
			due = time.Now().Add(sweepSoon) // no fast circle around what is broken
			s.rest(ctx, due)
		}
		if soon := time.Now().Add(sweepSoon); purged && soon.Before(due) {
			due = soon
		}
		if !time.Now().Before(due) {
			s.sweep(ctx)
			due = time.Now().Add(sweepEvery)
		}
	}
}

// wait returns at due, or before it when there were headlines; purged says that
// a purge was among them.
func (s sweeper) wait(ctx context.Context, after *chat.Seq, due time.Time) (purged bool, err error) {
	ctx, cancel := context.WithDeadline(ctx, due)
	defer cancel()
	if err := s.store.Bell().Wait(ctx, *after, chat.Filter{}); err != nil {
		return false, nil // it ends only with ctx
	}
	const most = 200
	newest := s.store.Newest() // first: what is committed by then is seen below
	events, err := s.store.After(ctx, *after, chat.Filter{}, most)
	if err != nil {
		if ctx.Err() != nil {
			err = nil
		}
		return false, err
	}
	for _, e := range events {
		*after = e.Seq
		if _, ok := e.Body.(chat.SessionPurged); ok {
			purged = true
		}
	}
	if len(events) < most { // the bell also rings for what came in one commit with a headline
		*after = max(*after, newest)
	}
	return purged, nil
}

func (s sweeper) rest(ctx context.Context, until time.Time) {
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

func (s sweeper) sweep(ctx context.Context) {
	n, err := s.blobs.Sweep(ctx, s.store.Attachments, time.Now().Add(-unsentFor))
	if err != nil && ctx.Err() == nil {
		s.log.Error("attachments cannot be swept", "err", err)
	}
	if n > 0 {
		s.log.Info("attachments removed", "count", n)
	}
}
