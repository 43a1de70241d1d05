package store

import (
	"context"
	"database/sql"
	"errors"

	"hermes-webui/server/chat"
)

var errNotForeign = errors.New("store: only what was not shown yet can be taken back")

// importRows is how many rows one slice of an import writes: those of turns and
// their events cost more than others.
const importRows = 80

// Import commits turns that were done elsewhere in slices that let appends pass.
// Nothing shows them before chat.SessionCaughtUp does.
func (s *Store) Import(ctx context.Context, id chat.SessionID, turns []chat.Settled) error {
	for len(turns) > 0 {
		n, size := 0, 0
		var events []chat.Event
		for n < len(turns) && (n == 0 || size+len(turns[n].Rows) <= importRows) {
			t := turns[n]
			events = append(events, chat.Event{Session: id, Turn: t.Turn.ID, Body: chat.TurnImported(t)})
			size += len(t.Rows) + 4 // the event, its turn and what finds them
			n++
		}
		j := &job{session: id, events: events}
		if err := s.writer.do(ctx, s.writer.slices, j); err != nil {
			return err
		}
		turns = turns[n:]
	}
	return nil
}

// Unimport takes back what an import that came to no end has left in a session
// that is foreign still.
func (s *Store) Unimport(ctx context.Context, id chat.SessionID) error {
	for {
		change := tailChange{removed: map[chat.Seq]bool{}}
		more := false
		err := s.slice(ctx, change, func(ctx context.Context, q db) error {
			row, err := loadSession(ctx, q, id)
			if err != nil {
				return err
			}
			if row.Foreign == chat.Ours {
				return errNotForeign
			}
			more, err = unimport(ctx, q, id, change.removed)
			return err
		})
		if err != nil || !more {
			return err
		}
	}
}

func unimport(ctx context.Context, q db, id chat.SessionID, removed map[chat.Seq]bool) (bool, error) {
	type place struct {
		turn chat.TurnID
		seq  chat.Seq
	}
	var left []place
	err := rows(ctx, q, func(r *sql.Rows) error {
		var p place
		err := r.Scan(&p.turn, &p.seq)
		left = append(left, p)
		return err
	}, `SELECT id, started_seq FROM turns INDEXED BY turns_session WHERE session = ? AND started_seq IS NOT NULL LIMIT 40`, id)
	if err != nil {
		return false, err
	}
	for _, p := range left {
		for query, args := range map[string][]any{
			`DELETE FROM events WHERE seq = ?`:                    {int64(p.seq)},
			`DELETE FROM turns WHERE id = ?`:                      {p.turn},
			`DELETE FROM messages WHERE session = ? AND turn = ?`: {id, p.turn},
		} {
			if _, err := q.ExecContext(ctx, query, args...); err != nil {
				return false, err
			}
		}
		removed[p.seq] = true
	}
	return len(left) > 0, nil
}

// Messages returns where an agent keeps the messages of a session's turns, in
// the order of its rows.
func (s *Store) Messages(ctx context.Context, id chat.SessionID) ([]chat.KeptRow, error) {
	var all []chat.KeptRow
	err := s.read(ctx, "read where messages are kept", func(q db) error {
		return rows(ctx, q, func(r *sql.Rows) error {
			var m chat.KeptRow
			err := r.Scan(&m.ID, &m.Turn, &m.Role, &m.Digest, &m.Copy)
			all = append(all, m)
			return err
		}, `SELECT id, turn, role, digest, copy FROM messages WHERE session = ? ORDER BY id`, id)
	})
	return all, err
}

func (p *projection) imported(e chat.Event, b chat.TurnImported) error {
	var taken int
	if err := p.q.QueryRowContext(p.ctx, `SELECT count(*) FROM turns WHERE id = ?`, e.Turn).Scan(&taken); err != nil {
		return err
	}
	if taken > 0 {
		return errTurnTaken
	}
	t := turnRecord{TurnRow: chat.TurnRow{Turn: *chat.Imported(e, b), Seq: e.Seq}, started: e.Seq, ended: e.Seq}
	if err := saveTurn(p.ctx, p.q, t); err != nil {
		return err
	}
	if _, err := p.q.ExecContext(p.ctx, `UPDATE turns SET folded = 1 WHERE id = ?`, e.Turn); err != nil {
		return err
	}
	return p.keep(e, b.Rows)
}

func (p *projection) keep(e chat.Event, rows []chat.Row) error {
	for _, r := range rows {
		if _, err := p.q.ExecContext(p.ctx, `INSERT INTO messages (session, id, turn, role, digest, copy)
			VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (session, id) DO NOTHING`,
			e.Session, r.ID, e.Turn, r.Role, r.Digest, r.Copy); err != nil {
			return err
		}
	}
	return nil
}
