package store

import (
	"context"
	"database/sql"
	"errors"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// Foreign returns the sessions of a profile whose transcript an agent keeps.
func (s *Store) Foreign(ctx context.Context, profile string) ([]chat.Session, error) {
	var all []chat.Session
	err := s.read(ctx, "read the sessions from elsewhere", func(q db) error {
		found, err := readSessions(ctx, q, `elsewhere <> ''`)
		for _, row := range found {
			if row.Profile == profile {
				all = append(all, row)
			}
		}
		return err
	})
	return all, err
}

// StoredBy returns which session has each id of an agent in a profile, also
// sessions that were purged.
func (s *Store) StoredBy(ctx context.Context, profile string) (map[string]chat.SessionID, error) {
	by := map[string]chat.SessionID{}
	err := s.read(ctx, "read where sessions are stored", func(q db) error {
		return rows(ctx, q, func(r *sql.Rows) error {
			var id string
			var session chat.SessionID
			err := r.Scan(&id, &session)
			by[id] = session
			return err
		}, `SELECT id, session FROM stored WHERE profile = ?`, profile)
	})
	return by, err
}

// mirrorRows is how many rows of sessions one slice writes: each is read before.
const mirrorRows = 80

// Mirror writes rows of sessions as their agent has them, in slices; of those
// that have something of ours only what the agent says changes. Sessions that
// are ours, or were purged, stay as they are. It returns which were written.
func (s *Store) Mirror(ctx context.Context, put []chat.Session) ([]chat.SessionID, error) {
	var written []chat.SessionID
	for len(put) > 0 {
		n := min(mirrorRows, len(put))
		var done []chat.SessionID
		err := s.slice(ctx, tailChange{}, func(ctx context.Context, q db) error {
			done = nil
			for _, row := range put[:n] {
				ok, err := mirrorOne(ctx, q, row, s.Newest())
				if err != nil {
					return err
				}
				if ok {
					done = append(done, row.ID)
				}
			}
			return nil
		})
		if err != nil {
			return written, err
		}
		written, put = append(written, done...), put[n:]
	}
	return written, nil
}

// mirrorOne writes one row. What came after the row was made may be unread.
func mirrorOne(ctx context.Context, q db, row chat.Session, newest chat.Seq) (bool, error) {
	row.Foreign = chat.Mirrored
	is, err := loadSession(ctx, q, row.ID)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return true, saveSession(ctx, q, row)
	case fault.CodeOf(err) == fault.CodePurged || err == nil && is.Foreign == chat.Ours:
		return false, nil
	case err != nil:
		return false, err
	}
	if row.UpdatedAt.After(is.UpdatedAt.Time) {
		row.EndedSeq = max(newest, is.ReadSeq+1)
	} else {
		row.EndedSeq = is.EndedSeq
	}
	row.ReadSeq = is.ReadSeq
	if is.Foreign == chat.Mirrored {
		return true, saveSession(ctx, q, row)
	}
	is.UpdatedAt, is.EndedSeq, is.Stored = row.UpdatedAt, row.EndedSeq, row.Stored
	if is.TitleBy != chat.TitlePerson {
		is.Title, is.TitleBy = row.Title, row.TitleBy
	}
	return true, saveSession(ctx, q, is)
}

// Unmirror removes the rows of sessions that their agent has no more. One that
// has something of ours stays.
func (s *Store) Unmirror(ctx context.Context, ids []chat.SessionID) error {
	for len(ids) > 0 {
		n := min(sliceRows, len(ids))
		err := s.slice(ctx, tailChange{}, func(ctx context.Context, q db) error {
			for _, id := range ids[:n] {
				if err := unmirror(ctx, q, id); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		ids = ids[n:]
	}
	return nil
}

func unmirror(ctx context.Context, q db, id chat.SessionID) error {
	_, err := q.ExecContext(ctx, `DELETE FROM sessions WHERE id = ? AND elsewhere = ?`, id, string(chat.Mirrored))
	return err
}

// found takes the place of a mirrored row.
func (p *projection) found(e chat.Event) error {
	is, err := loadSession(p.ctx, p.q, e.Session)
	switch {
	case fault.KindOf(err) == fault.NotFound:
	case err != nil:
		return err
	case is.Foreign != chat.Mirrored:
		return fault.New(fault.Conflict, fault.CodeIDReused, "There is already a session with this id.")
	}
	p.s = &chat.Session{}
	chat.FoldSession(p.s, e)
	p.s.EndedSeq = is.EndedSeq // only ever mirrored
	for _, id := range p.s.Stored {
		if err := p.stored(e.Session, id); err != nil {
			return err
		}
	}
	return nil
}

var errMirrored = errors.New("store: nothing of this session is in the log")
