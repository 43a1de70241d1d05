package store

import (
	"context"
	"database/sql"
	"slices"

	"hermes-webui/server/chat"
)

// read runs f in one read transaction: everything in it is of one moment.
func (s *Store) read(ctx context.Context, doing string, f func(db) error) error {
	tx, err := s.readers.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return s.readFailed(ctx, doing, err)
	}
	defer func() { _ = tx.Rollback() }() // nothing to keep
	pause("read")
	if err := f(tx); err != nil {
		return s.readFailed(ctx, doing, err)
	}
	return nil
}

func (s *Store) readFailed(ctx context.Context, doing string, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	select {
	case <-s.writer.stop: // the connections are being closed
		return errStopping
	default:
		return explain(doing, err)
	}
}

// readAt is read for answers that say which seq they cover.
func (s *Store) readAt(ctx context.Context, doing string, f func(db) error) (chat.Seq, error) {
	var seq chat.Seq
	err := s.read(ctx, doing, func(q db) error {
		if err := q.QueryRowContext(ctx, `SELECT coalesce(max(seq), 0) FROM events`).Scan(&seq); err != nil {
			return err
		}
		return f(q)
	})
	if err == nil && seq > s.tail.newest() {
		s.waitForTail()
	}
	return max(seq, s.base), err
}

// waitForTail returns when what is committed is also in the tail. Who read in
// between goes on from a seq that Newest must know by then: else its cursor
// would look as if it were past the end of the log.
func (s *Store) waitForTail() chat.Seq {
	s.publishing.Lock()
	defer s.publishing.Unlock()
	return s.tail.newest()
}

// Session implements chat.Reader.
func (s *Store) Session(ctx context.Context, id chat.SessionID) (row chat.Session, seq chat.Seq, err error) {
	seq, err = s.readAt(ctx, "read a session", func(q db) error {
		row, err = loadSession(ctx, q, id)
		return err
	})
	return row, seq, err
}

// Turn implements chat.Reader.
func (s *Store) Turn(ctx context.Context, id chat.TurnID) (row chat.TurnRow, err error) {
	err = s.read(ctx, "read a turn", func(q db) error {
		row, err = loadPublicTurn(ctx, q, id)
		return err
	})
	return row, err
}

// Shown implements chat.Reader.
func (s *Store) Shown(ctx context.Context, id chat.TurnID) (row chat.TurnRow, err error) {
	err = s.read(ctx, "read a turn", func(q db) error {
		t, err := loadTurn(ctx, q, id)
		row = t.TurnRow
		return err
	})
	return row, err
}

// Ask implements chat.Reader.
func (s *Store) Ask(ctx context.Context, id chat.AskID) (row chat.AskRow, err error) {
	err = s.read(ctx, "read an ask", func(q db) error {
		row, err = loadAsk(ctx, q, id)
		return err
	})
	return row, err
}

// Asks implements chat.Reader: all open ones, oldest first.
func (s *Store) Asks(ctx context.Context) (asks []chat.Ask, seq chat.Seq, err error) {
	seq, err = s.readAt(ctx, "read the open asks", func(q db) error {
		asks, err = readAsks(ctx, q, `SELECT `+askColumns+` FROM asks WHERE closed_seq IS NULL ORDER BY raised_seq, id`)
		return err
	})
	return asks, seq, err
}

// Queue implements chat.Reader.
func (s *Store) Queue(ctx context.Context, id chat.SessionID) (ids []chat.TurnID, err error) {
	err = s.read(ctx, "read a queue", func(q db) error {
		ids, err = queue(ctx, q, id)
		return err
	})
	return ids, err
}

// Started implements chat.Reader.
func (s *Store) Started(ctx context.Context, id chat.SessionID, parent *chat.TurnID) (ids []chat.TurnID, err error) {
	err = s.read(ctx, "read variants", func(q db) error {
		ids, err = started(ctx, q, id, parent)
		return err
	})
	return ids, err
}

// Live implements chat.Reader.
func (s *Store) Live(ctx context.Context) ([]chat.TurnRow, error) {
	live := []chat.TurnRow{}
	err := s.read(ctx, "read the live turns", func(q db) error {
		turns, err := readTurns(ctx, q, `SELECT `+turnColumns+` FROM turns t JOIN sessions s ON s.id = t.session
			WHERE t.state IN ('running', 'waiting') ORDER BY t.seq`)
		for _, t := range turns {
			live = append(live, t.TurnRow)
		}
		return err
	})
	return live, err
}

// Epochs implements chat.Reader.
func (s *Store) Epochs(ctx context.Context) (chat.LogInfo, error) {
	info := chat.LogInfo{Epochs: []chat.Epoch{}}
	err := s.read(ctx, "read the epochs", func(q db) error {
		if err := q.QueryRowContext(ctx, `SELECT value FROM meta WHERE key = 'log'`).Scan(&info.Log); err != nil {
			return err
		}
		return rows(ctx, q, func(r *sql.Rows) error {
			var e chat.Epoch
			err := r.Scan(&e.ID, &e.FirstSeq)
			info.Epochs = append(info.Epochs, e)
			return err
		}, `SELECT id, first_seq FROM epochs ORDER BY n DESC LIMIT 50`)
	})
	slices.Reverse(info.Epochs)
	return info, err
}
