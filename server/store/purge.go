package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"hermes-webui/server/chat"
)

// purgeEvery is how often the trash is looked through.
const purgeEvery = time.Hour

// Purge removes a session for good: it commits the tombstone and then removes
// the session's events, turns, asks and draft in slices that let appends pass.
// It returns when all is gone. Again: the seq of the tombstone.
//
// What a fork still shows of the session stays, with its events, but no list or
// id leads to it any more; it goes when the last such fork is purged.
func (s *Store) Purge(ctx context.Context, id chat.SessionID) (chat.Seq, error) {
	return s.purgeIf(ctx, id, nil)
}

func (s *Store) purgeIf(ctx context.Context, id chat.SessionID, guard chat.Guard) (chat.Seq, error) {
	seq, err := s.tombstone(ctx, id, guard)
	if err != nil {
		return 0, err
	}
	return seq, s.purgeRest(ctx, id)
}

func (s *Store) tombstone(ctx context.Context, id chat.SessionID, guard chat.Guard) (chat.Seq, error) {
	var seq chat.Seq
	err := s.read(ctx, "look for a tombstone", func(q db) error {
		return q.QueryRowContext(ctx, `SELECT coalesce(max(seq), 0) FROM purged WHERE session = ?`, id).Scan(&seq)
	})
	if err != nil || seq > 0 {
		return seq, err
	}
	return s.Append(ctx, id, "", guard, chat.SessionPurged{})
}

// errWanted says that a session is not in the trash any more.
var errWanted = errors.New("store: the session was restored")

// stillTrashed keeps a session that a person restored while others were purged.
func stillTrashed(id chat.SessionID, before time.Time) chat.Guard {
	return func(v chat.View) error {
		row, err := v.Session(id)
		if err == nil && (row.TrashedAt == nil || !row.TrashedAt.Before(before)) {
			return errWanted
		}
		return err
	}
}

// purging removes what is left of purged sessions (also of those whose removal
// a crash cut short) and purges what was long enough in the trash.
func (s *Store) purging(ctx context.Context) {
	// The timer has no channel of its own: Go's crashes now and then where a select
	// waits for it beside others in a bubble of testing/synctest.
	due := make(chan struct{}, 1)
	timer := time.AfterFunc(0, func() {
		select {
		case due <- struct{}{}:
		default: // it is known
		}
	})
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.gone:
		case <-due:
		}
		if err := s.purgeDue(ctx); err != nil && ctx.Err() == nil {
			s.opts.Slog.Error("purging failed", "error", err)
		}
		timer.Reset(purgeEvery)
	}
}

func (s *Store) purgeDue(ctx context.Context) error {
	before := time.Now().Add(-s.opts.TrashFor)
	var old, open []chat.SessionID
	err := s.read(ctx, "look through the trash", func(q db) error {
		var err error
		old, err = column[chat.SessionID](ctx, q, `SELECT id FROM sessions WHERE trashed_at < ?`, before.UnixMilli())
		if err != nil {
			return err
		}
		open, err = column[chat.SessionID](ctx, q, `SELECT session FROM purged WHERE done = 0`)
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range old {
		if _, err := s.purgeIf(ctx, id, stillTrashed(id, before)); err != nil && !errors.Is(err, errWanted) {
			return err
		}
	}
	for _, id := range open {
		if err := s.purgeRest(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// purgeRest removes what no fork shows of a purged session, and of the purged
// sessions that this one was the last to show.
func (s *Store) purgeRest(ctx context.Context, id chat.SessionID) error {
	sources, err := s.purgedSources(ctx, id)
	if err != nil {
		return err
	}
	if err := s.purgeTurns(ctx, id); err != nil {
		return err
	}
	for _, source := range sources {
		if err := s.purgeTurns(ctx, source); err != nil {
			return err
		}
	}
	return s.slice(ctx, tailChange{}, func(ctx context.Context, q db) error {
		_, err := q.ExecContext(ctx, `UPDATE purged SET done = 1 WHERE session = ?`, id)
		return err
	})
}

// purgedSources returns the purged sessions, other than id, that still have
// turns. There are few: only those with forks.
func (s *Store) purgedSources(ctx context.Context, id chat.SessionID) (ids []chat.SessionID, err error) {
	err = s.read(ctx, "look for what forks kept", func(q db) error {
		ids, err = column[chat.SessionID](ctx, q, `SELECT session FROM purged p WHERE session <> ?
			AND EXISTS (SELECT 1 FROM turns INDEXED BY turns_session WHERE turns.session = p.session)`, id)
		return err
	})
	return ids, err
}

// purgeTurns removes the events of a purged session and then its turns: as long
// as events are left, their turns tell which of them stay.
func (s *Store) purgeTurns(ctx context.Context, id chat.SessionID) error {
	for last := chat.Seq(0); ; {
		next, err := s.purgeSlice(ctx, id, last)
		if err != nil {
			return err
		}
		if next == last {
			break
		}
		last = next
	}
	for {
		more := false
		err := s.slice(ctx, tailChange{}, func(ctx context.Context, q db) error {
			kept, err := keptTurns(ctx, q, id)
			if err != nil {
				return err
			}
			more, err = removeTurns(ctx, q, id, kept)
			return err
		})
		if err != nil || !more {
			return err
		}
	}
}

// purgeSlice removes what is to go of the next rows past last, and returns the
// seq it came to; last when there was nothing more.
func (s *Store) purgeSlice(ctx context.Context, id chat.SessionID, last chat.Seq) (chat.Seq, error) {
	change := tailChange{purged: id}
	to := last
	j := &job{change: &change}
	j.run = func(ctx context.Context, q db) error {
		kept, err := keptTurns(ctx, q, id)
		if err != nil {
			return err
		}
		change.kept = kept
		found, err := eventsOf(ctx, q, id, last)
		if err != nil {
			return err
		}
		for _, e := range found {
			to = e.seq
			if e.kind == chat.KindOf(chat.SessionPurged{}) || e.turn != "" && kept[e.turn] {
				continue
			}
			if _, err := q.ExecContext(ctx, `DELETE FROM events WHERE seq = ?`, int64(e.seq)); err != nil {
				return err
			}
		}
		return nil
	}
	err := s.writer.do(ctx, s.writer.slices, j)
	return to, err
}

type eventHead struct {
	seq  chat.Seq
	turn chat.TurnID
	kind string
}

func eventsOf(ctx context.Context, q db, id chat.SessionID, after chat.Seq) ([]eventHead, error) {
	var found []eventHead
	err := rows(ctx, q, func(r *sql.Rows) error {
		var e eventHead
		err := r.Scan(&e.seq, &e.turn, &e.kind)
		found = append(found, e)
		return err
	}, `SELECT seq, turn, kind FROM events INDEXED BY events_session WHERE session = ? AND seq > ? ORDER BY seq LIMIT ?`,
		id, int64(after), sliceRows)
	return found, err
}

// keptTurns returns the turns of a purged session that forks still show: the
// ancestors of where each fork began, through forks of forks.
func keptTurns(ctx context.Context, q db, id chat.SessionID) (map[chat.TurnID]bool, error) {
	ids, err := column[chat.TurnID](ctx, q, `WITH RECURSIVE shown (id) AS (
			SELECT fork_turn FROM sessions WHERE fork_turn IS NOT NULL
			UNION
			SELECT t.parent FROM shown JOIN turns t ON t.id = shown.id WHERE t.parent IS NOT NULL)
		SELECT t.id FROM shown JOIN turns t ON t.id = shown.id WHERE t.session = ?`, id)
	if err != nil {
		return nil, err
	}
	kept := make(map[chat.TurnID]bool, len(ids))
	for _, turn := range ids {
		kept[turn] = true
	}
	return kept, nil
}

// removeTurns removes at most a slice of rows and reports whether more are left.
func removeTurns(ctx context.Context, q db, id chat.SessionID, kept map[chat.TurnID]bool) (bool, error) {
	ids, err := column[chat.TurnID](ctx, q, `SELECT id FROM turns INDEXED BY turns_session WHERE session = ?`, id)
	if err != nil {
		return false, err
	}
	n := 0
	for _, turn := range ids {
		if kept[turn] {
			continue
		}
		if n == sliceRows {
			return true, nil
		}
		if _, err := q.ExecContext(ctx, `DELETE FROM turns WHERE id = ?`, turn); err != nil {
			return false, err
		}
		n++
	}
	return false, nil
}
