package store

import (
	"context"
	"database/sql"
	"fmt"
	"math"

	"hermes-webui/server/chat"
)

// walkSlice is how many turns one read transaction of a walk covers: while it
// is open the WAL cannot be emptied.
const walkSlice = 32

// Path implements chat.Reader.
func (s *Store) Path(ctx context.Context, id chat.SessionID) (turns []*chat.Turn, seq chat.Seq, err error) {
	turns = []*chat.Turn{}
	seq, err = s.readAt(ctx, "read the turns of a session", func(q db) error {
		row, err := loadSession(ctx, q, id)
		if err != nil || row.Head == nil {
			return err
		}
		path, err := scanPath(ctx, q, *row.Head, math.MaxInt32)
		for i := len(path) - 1; i >= 0; i-- {
			turns = append(turns, &path[i].Turn)
		}
		return err
	})
	return turns, seq, err
}

// Walk implements chat.Reader. What the path is stays the same from slice to
// slice: the parent of a turn never changes once it has started.
func (s *Store) Walk(ctx context.Context, id chat.SessionID, f func(*chat.Turn) bool) (chat.Seq, error) {
	var at *chat.TurnID
	seq, err := s.readAt(ctx, "read a session", func(q db) error {
		row, err := loadSession(ctx, q, id)
		at = row.Head
		return err
	})
	for err == nil && at != nil {
		err = s.read(ctx, "read the turns of a session", func(q db) error {
			if _, err := loadSession(ctx, q, id); err != nil {
				return err // purged meanwhile
			}
			at, err = walkFrom(ctx, q, *at, f)
			return err
		})
	}
	return seq, err
}

// walkFrom gives a slice of turns to f and returns where the next one begins;
// nil at the end.
func walkFrom(ctx context.Context, q db, from chat.TurnID, f func(*chat.Turn) bool) (*chat.TurnID, error) {
	path, err := scanPath(ctx, q, from, walkSlice)
	if err != nil {
		return nil, err
	}
	if len(path) == 0 {
		return nil, noTurn
	}
	for _, t := range path {
		full, err := readTexts(ctx, q, t)
		if err != nil {
			return nil, err
		}
		if !f(full) {
			return nil, nil
		}
	}
	return path[len(path)-1].Parent, nil
}

// scanPath returns at most limit rows of the path that ends in last, newest
// first.
func scanPath(ctx context.Context, q db, last chat.TurnID, limit int) ([]turnRecord, error) {
	var path []turnRecord
	err := rows(ctx, q, func(r *sql.Rows) error {
		t, err := scanTurn(r.Scan)
		t.Variants = []chat.TurnID{}
		path = append(path, t)
		return err
	}, `WITH RECURSIVE path (id, n) AS (
			SELECT ?1, 1
			UNION ALL
			SELECT t.parent, n + 1 FROM path JOIN turns t ON t.id = path.id WHERE t.parent IS NOT NULL AND n < ?2)
		SELECT `+turnColumns+` FROM path JOIN turns t ON t.id = path.id ORDER BY n`, last, limit)
	return path, err
}

// textKinds are the events that make the texts of parts.
const textKinds = `'part_opened', 'text_appended', 'tool_updated', 'subagent_updated', 'plan_updated', 'steered', 'turn_imported'`

// readTexts folds those of a turn's events onto its row that hold texts.
func readTexts(ctx context.Context, q db, t turnRecord) (*chat.Turn, error) {
	full := t.Turn
	if t.started == 0 {
		return &full, nil
	}
	last := t.ended
	if last == 0 {
		last = math.MaxInt64
	}
	err := rows(ctx, q, func(r *sql.Rows) error {
		e := chat.Event{Session: t.Session, Turn: t.ID}
		var kind string
		var body sql.RawBytes
		if err := r.Scan(&e.Seq, &kind, &body); err != nil {
			return err
		}
		var err error
		if e.Body, err = decodeBody(kind, body); err != nil {
			return err
		}
		if err := chat.FoldTurn(&full, e); err != nil {
			return damaged(fmt.Errorf("fold turn %s at %d: %w", t.ID, e.Seq, err))
		}
		return nil
	}, `SELECT seq, kind, body FROM events INDEXED BY events_session
		WHERE session = ? AND seq BETWEEN ? AND ? AND turn = ? AND kind IN (`+textKinds+`) ORDER BY seq`,
		t.Session, t.started, last, t.ID)
	return &full, err
}
