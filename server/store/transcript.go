package store

import (
	"context"
	"fmt"
	"math"

	"hermes-webui/server/chat"
)

// Snapshot implements chat.Reader.
func (s *Store) Snapshot(ctx context.Context, id chat.SessionID, before chat.TurnID, limit int) (chat.Snapshot, error) {
	var snap chat.Snapshot
	seq, err := s.readAt(ctx, "read a session", func(q db) error {
		var err error
		snap, err = readSnapshot(ctx, q, id, before, limit)
		return err
	})
	snap.Seq = seq
	return snap, err
}

func readSnapshot(ctx context.Context, q db, id chat.SessionID, before chat.TurnID, limit int) (chat.Snapshot, error) {
	snap := chat.Snapshot{Turns: []*chat.Turn{}, Queue: chat.Queue{Turns: []*chat.Turn{}}}
	var err error
	if snap.Session, err = loadSession(ctx, q, id); err != nil {
		return snap, err
	}
	last := snap.Session.Head
	if before != "" {
		if last, err = above(ctx, q, last, before); err != nil {
			return snap, err
		}
	}
	if last != nil {
		if snap.Turns, err = readPath(ctx, q, *last, max(limit, 1)); err != nil {
			return snap, err
		}
	}
	if len(snap.Turns) > 0 && snap.Turns[0].Parent != nil {
		snap.Before = &snap.Turns[0].ID
	}
	queued, err := readTurns(ctx, q,
		`SELECT `+turnColumns+` FROM turns t WHERE session = ? AND place IS NOT NULL ORDER BY place`, id)
	if err != nil {
		return snap, err
	}
	for _, t := range queued {
		snap.Queue.Turns = append(snap.Queue.Turns, &t.Turn)
	}
	snap.Queue.Held = snap.Session.Held
	snap.Asks, err = readAsks(ctx, q, `SELECT `+askColumns+` FROM asks
		WHERE session = ? AND closed_seq IS NULL ORDER BY raised_seq, id`, id)
	if err != nil {
		return snap, err
	}
	snap.Draft, err = loadDraft(ctx, q, id)
	return snap, err
}

// above returns the parent of a turn on the path that ends in head. A turn that
// is not on it is not shown there: noTurn.
func above(ctx context.Context, q db, head *chat.TurnID, id chat.TurnID) (*chat.TurnID, error) {
	var n int
	err := q.QueryRowContext(ctx, `WITH RECURSIVE path (id) AS (
			SELECT ?1
			UNION ALL
			SELECT t.parent FROM path JOIN turns t ON t.id = path.id WHERE t.parent IS NOT NULL)
		SELECT count(*) FROM path WHERE id = ?2`, head, id).Scan(&n)
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, noTurn
	}
	t, err := loadTurn(ctx, q, id)
	return t.Parent, err
}

// History implements chat.Reader.
func (s *Store) History(ctx context.Context, turn chat.TurnID) (turns []*chat.Turn, err error) {
	err = s.read(ctx, "read a history", func(q db) error {
		turns, err = readPath(ctx, q, turn, math.MaxInt32)
		return err
	})
	return turns, err
}

// readPath returns the newest limit turns of the path that ends in last, oldest
// first, with their parts. The path goes on into the sessions that this one was
// forked from, purged ones too.
func readPath(ctx context.Context, q db, last chat.TurnID, limit int) ([]*chat.Turn, error) {
	path, err := readTurns(ctx, q, `WITH RECURSIVE path (id, n) AS (
			SELECT ?1, 1
			UNION ALL
			SELECT t.parent, n + 1 FROM path JOIN turns t ON t.id = path.id WHERE t.parent IS NOT NULL AND n < ?2)
		SELECT `+turnColumns+` FROM path JOIN turns t ON t.id = path.id ORDER BY n DESC`, last, limit)
	if err != nil {
		return nil, err
	}
	if len(path) == 0 {
		return nil, noTurn
	}
	turns := make([]*chat.Turn, 0, len(path))
	for _, t := range path {
		full, err := readParts(ctx, q, t)
		if err != nil {
			return nil, err
		}
		turns = append(turns, full)
	}
	return turns, nil
}

// readParts folds a turn's events onto its row.
func readParts(ctx context.Context, q db, t turnRecord) (*chat.Turn, error) {
	events, err := turnEvents(ctx, q, t)
	if err != nil {
		return nil, err
	}
	full := t.Turn
	for _, e := range events {
		if err := chat.FoldTurn(&full, e); err != nil {
			return nil, damaged(fmt.Errorf("fold turn %s at %d: %w", t.ID, e.Seq, err))
		}
	}
	full.Variants = t.Variants // as they are now, not as they were at its start
	return &full, nil
}
