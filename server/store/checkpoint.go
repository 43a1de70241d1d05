package store

import (
	"context"
	"time"
)

const (
	checkpointEvery = 500 * time.Millisecond
	idleAfter       = 5 * time.Second // of no commit; then the WAL is emptied
	walHigh         = 16 << 20        // bytes; a WAL past it is emptied although there is no pause
)

// checkpoints moves the WAL into the file, so that the writer never has to. A
// program that nobody talks to sleeps: it waits for a commit, not for a tick.
func (s *Store) checkpoints(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.written:
			s.checkpointUntilIdle(ctx)
		}
	}
}

// checkpointUntilIdle returns when the WAL is empty and stayed so.
func (s *Store) checkpointUntilIdle(ctx context.Context) {
	tick := time.NewTicker(checkpointEvery)
	defer tick.Stop()
	last, news := time.Now(), true
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		select {
		case <-s.written:
			last, news = time.Now(), true
		default:
		}
		switch {
		case news:
			s.checkpointBusy(ctx)
			news = false
		case time.Since(last) >= idleAfter:
			if s.checkpoint(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`) {
				return
			}
		}
	}
}

// checkpointBusy moves what there is and waits for nobody. Only when a writer
// without pauses has made the WAL large is it emptied, which the writer has to
// wait for: by then little is left to move.
func (s *Store) checkpointBusy(ctx context.Context) {
	s.checkpoint(ctx, `PRAGMA wal_checkpoint(PASSIVE)`)
	if size, err := s.Size(); err == nil && size.WAL > walHigh {
		s.checkpoint(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`)
	}
}

// checkpoint reports whether everything was moved.
func (s *Store) checkpoint(ctx context.Context, mode string) bool {
	var busy, frames, moved int
	err := s.checkDB.QueryRowContext(ctx, mode).Scan(&busy, &frames, &moved)
	if err != nil && ctx.Err() == nil {
		s.opts.Slog.Warn("checkpoint failed", "error", explain("checkpoint", err))
	}
	return err == nil && busy == 0 && frames == moved
}
