package store

import (
	"context"
	"database/sql"
	"math"

	"hermes-webui/server/chat"
)

const eventColumns = `seq, at, session, turn, kind, body`

// scanEvent reads eventColumns and makes the wire form.
func scanEvent(r *sql.Rows) (chat.Event, error) {
	var (
		e    chat.Event
		at   int64
		kind string
		body []byte
	)
	if err := r.Scan(&e.Seq, &at, &e.Session, &e.Turn, &kind, &body); err != nil {
		return e, err
	}
	var err error
	if e.Body, err = decodeBody(kind, body); err != nil {
		return e, err
	}
	e.At = chat.Milli(at)
	return chat.WithBody(e, body), nil
}

// readEvents runs a query for eventColumns.
func readEvents(ctx context.Context, q db, query string, args ...any) ([]chat.Event, error) {
	var all []chat.Event
	err := rows(ctx, q, func(r *sql.Rows) error {
		e, err := scanEvent(r)
		all = append(all, e)
		return err
	}, query, args...)
	return all, err
}

// turnEvents returns what happened in a started turn, oldest first. The range
// keeps it from reading the session's other turns: one turn of a session is
// live at a time.
func turnEvents(ctx context.Context, q db, t turnRecord) ([]chat.Event, error) {
	if t.started == 0 {
		return nil, nil
	}
	last := t.ended
	if last == 0 {
		last = math.MaxInt64
	}
	return readEvents(ctx, q, `SELECT `+eventColumns+` FROM events INDEXED BY events_session
		WHERE session = ? AND seq BETWEEN ? AND ? AND turn = ? ORDER BY seq`, t.Session, t.started, last, t.ID)
}
