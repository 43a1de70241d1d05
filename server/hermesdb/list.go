package hermesdb

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// closeLook is how long a change may stay unseen that leaves no trace where List
	// looks first, e.g. that an old session was put into the archive.
	closeLook = time.Minute
	// hot is how many of the sessions that were active last are read anew after
	// every change.
	hot = 24
)

// list is what was read of the sessions.
type list struct {
	mu       sync.Mutex
	sessions map[string]*session // nil = not read yet
	shown    []Lineage
	row, msg int64 // the newest rows of sessions and messages

	fresh freshness
}

// freshness says how old the list is. It has a lock of its own: Wait asks while
// List reads.
type freshness struct {
	mu    sync.Mutex
	known bool
	stamp stamp
	since time.Time // of the first change that was not looked at closely; zero = none
}

func (f *freshness) note(s stamp, now time.Time, whole bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.known, f.stamp = true, s
	if whole {
		f.since = time.Time{}
	} else if f.since.IsZero() {
		f.since = now
	}
}

// stale reports whether the list may be another one now, and whether it is time
// to look closely.
func (f *freshness) stale(s stamp, now time.Time) (stale, closely bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	closely = !f.known || f.stamp.file != s.file || !f.since.IsZero() && now.Sub(f.since) >= closeLook
	return closely || f.stamp != s, closely
}

// List returns all sessions of the agent that a sidebar shows, those of the
// archive too, the last active first. It is cheap when nothing has changed, and
// nearly as cheap when few things did: only what was touched is read anew. A
// change that leaves no trace there shows after a minute.
func (d *DB) List(ctx context.Context) ([]Lineage, error) {
	all, err := d.shown(ctx)
	return slices.Clone(all), err
}

// shown is List without a copy: it is not to be changed.
func (d *DB) shown(ctx context.Context) ([]Lineage, error) {
	l := &d.list
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	s, err := d.stamp(ctx)
	if err != nil {
		return nil, err
	}
	stale, whole := l.fresh.stale(s, now)
	if l.sessions != nil && !stale {
		return l.shown, nil
	}
	whole = whole || l.sessions == nil
	there, err := d.read(ctx, "list the sessions", func(tx *sql.Tx, f *file) error {
		if whole {
			return l.readAll(ctx, tx, f.cols)
		}
		return l.readTouched(ctx, tx, f.cols)
	})
	if err != nil {
		l.sessions = nil
		return nil, err
	}
	if !there {
		l.sessions, l.row, l.msg = map[string]*session{}, 0, 0
	}
	l.shown = lineages(l.sessions)
	l.fresh.note(s, now, whole)
	return l.shown, nil
}

func (l *list) readAll(ctx context.Context, tx *sql.Tx, c columns) error {
	found, err := readSessions(ctx, tx, c, "")
	if err != nil {
		return err
	}
	l.sessions, l.row = make(map[string]*session, len(found)), 0
	l.put(found)
	return l.readNewest(ctx, tx)
}

func (l *list) put(found []*session) {
	for _, s := range found {
		l.sessions[s.id] = s
		l.row = max(l.row, s.row)
	}
}

func (l *list) readNewest(ctx context.Context, tx *sql.Tx) error {
	var newest sql.NullInt64
	err := tx.QueryRowContext(ctx, `SELECT max(id) FROM messages`).Scan(&newest)
	l.msg = newest.Int64
	return err
}

// readTouched reads the sessions that are new, those with new messages, those
// that were active last and the parents of all these, and forgets those that are
// gone.
func (l *list) readTouched(ctx context.Context, tx *sql.Tx, c columns) error {
	touched := map[string]bool{}
	for _, q := range []struct {
		query string
		after int64
	}{
		{`SELECT id FROM sessions WHERE rowid >= ?`, l.row},
		{`SELECT DISTINCT session_id FROM messages WHERE id > ?`, l.msg},
	} {
		ids, err := names(tx.QueryContext(ctx, q.query, q.after))
		if err != nil {
			return err
		}
		for _, id := range ids {
			touched[id] = true
		}
	}
	for _, s := range l.shown[:min(hot, len(l.shown))] {
		touched[s.Tip] = true
	}
	for i := 0; i < 2; i++ { // a compression changes the parent, too
		if err := l.readIDs(ctx, tx, c, touched); err != nil {
			return err
		}
		parents := map[string]bool{}
		for id := range touched {
			if s := l.sessions[id]; s != nil && s.parent != "" && !touched[s.parent] {
				parents[s.parent] = true
			}
		}
		touched = parents
	}
	if err := l.forget(ctx, tx, c); err != nil {
		return err
	}
	return l.readNewest(ctx, tx)
}

func (l *list) readIDs(ctx context.Context, tx *sql.Tx, c columns, ids map[string]bool) error {
	all := make([]any, 0, len(ids))
	for id := range ids {
		all = append(all, id)
	}
	for part := range slices.Chunk(all, 200) {
		found, err := readSessions(ctx, tx, c, `WHERE s.id IN (`+marksFor(len(part))+`)`, part...)
		if err != nil {
			return err
		}
		l.put(found)
	}
	return nil
}

// forget drops the sessions that are gone, and reads what else is there where the
// numbers do not fit.
func (l *list) forget(ctx context.Context, tx *sql.Tx, c columns) error {
	var n int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM sessions`).Scan(&n); err != nil || n == len(l.sessions) {
		return err
	}
	ids, err := names(tx.QueryContext(ctx, `SELECT id FROM sessions`))
	if err != nil {
		return err
	}
	there, unknown := make(map[string]bool, len(ids)), map[string]bool{}
	for _, id := range ids {
		there[id] = true
		if l.sessions[id] == nil {
			unknown[id] = true
		}
	}
	l.row = 0
	for id, s := range l.sessions {
		if !there[id] {
			delete(l.sessions, id)
			continue
		}
		l.row = max(l.row, s.row)
	}
	return l.readIDs(ctx, tx, c, unknown)
}

func marksFor(n int) string { return strings.TrimSuffix(strings.Repeat("?,", n), ",") }

// line returns the ids of the lineage that has one of ids, oldest first. Of a
// session that is in none (that of a subagent) it is the session alone.
func (d *DB) line(ctx context.Context, ids []string) ([]string, error) {
	all, err := d.shown(ctx)
	if err != nil {
		return nil, err
	}
	for _, id := range slices.Backward(ids) {
		i := slices.IndexFunc(all, func(l Lineage) bool { return slices.Contains(l.IDs, id) })
		if i >= 0 {
			return all[i].IDs, nil
		}
	}
	return ids[max(0, len(ids)-1):], nil
}
