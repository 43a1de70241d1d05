package store

import (
	"context"
	"database/sql"
	"math"
	"slices"
	"strings"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// maxFilter is how many sessions one reader may follow: SQLite joins at most
// 500 selects.
const maxFilter = 400

// After implements chat.Log: from memory, or from disk for older cursors. It
// never returns an event past what Newest says.
func (s *Store) After(ctx context.Context, after chat.Seq, f chat.Filter, limit int) ([]chat.Event, error) {
	if limit <= 0 {
		return nil, nil
	}
	if len(f.Sessions) > maxFilter {
		return nil, fault.New(fault.Invalid, fault.CodeInvalid, "Too many sessions are open at once. Close some of them.")
	}
	if events, ok := s.tail.after(after, f, limit); ok {
		return events, nil
	}
	query, args := afterQuery(after, s.tail.newest(), f, limit)
	var events []chat.Event
	err := s.read(ctx, "read the log", func(q db) error {
		var err error
		events, err = readEvents(ctx, q, query, args...)
		return err
	})
	return events, err
}

// afterQuery merges the headline index with one range of the session index per
// session: the texts of other sessions are not touched.
func afterQuery(after, last chat.Seq, f chat.Filter, limit int) (string, []any) {
	var sb strings.Builder
	sb.WriteString(`SELECT ` + eventColumns + ` FROM events INDEXED BY events_headline
		WHERE headline = 1 AND seq > ? AND seq <= ?`)
	args := []any{int64(after), int64(last)}
	for i, id := range f.Sessions {
		if slices.Contains(f.Sessions[:i], id) {
			continue
		}
		sb.WriteString(` UNION ALL SELECT ` + eventColumns + ` FROM events INDEXED BY events_session
			WHERE session = ? AND seq > ? AND seq <= ? AND headline = 0`)
		args = append(args, string(id), int64(after), int64(last))
	}
	sb.WriteString(` ORDER BY seq LIMIT ?`)
	return sb.String(), append(args, limit)
}

// loadTail reads the newest events at start.
func loadTail(ctx context.Context, c *sql.Conn, t *tail, last chat.Seq) error {
	var events []chat.Event
	bytes, floor := 0, chat.Seq(0)
	r, err := c.QueryContext(ctx, `SELECT `+eventColumns+` FROM events WHERE seq < ? ORDER BY seq DESC LIMIT ?`,
		int64(math.MaxInt64), tailEvents+1)
	if err != nil {
		return explain("read the end of the log", err)
	}
	defer r.Close()
	for r.Next() {
		e, err := scanEvent(r)
		if err != nil {
			return explain("read the end of the log", err)
		}
		bytes += eventSize(&e)
		if len(events) == tailEvents || bytes > tailBytes/2 {
			floor = e.Seq
			break
		}
		events = append(events, e)
	}
	if err := r.Err(); err != nil {
		return explain("read the end of the log", err)
	}
	slices.Reverse(events)
	t.reset(events, floor, last)
	return nil
}
