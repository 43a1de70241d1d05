package hermesdb

import (
	"context"
	"os"
	"time"
)

// look is how often Wait looks while somebody follows, seldom how often else.
const look, seldom = time.Second, 10 * time.Second

// Follow says whether somebody sees what Wait tells of; at first that is so. Where
// nobody does, the computer is left in peace most of the time.
func (d *DB) Follow(yes bool) {
	d.alone.Store(!yes)
	select {
	case d.poke <- struct{}{}:
	default: // it is awake
	}
}

func (d *DB) pace() time.Duration {
	if d.alone.Load() {
		return seldom
	}
	return look
}

// stamp is what can be told apart of a database without reading it.
type stamp struct {
	file    *file
	db, wal piece
	version int64 // as the watching connection counts the commits of others
}

type piece struct {
	at   int64
	size int64
}

// stamp says how the database is now.
func (d *DB) stamp(ctx context.Context) (stamp, error) {
	f, err := d.current(ctx)
	if err != nil || f == nil {
		return stamp{}, err
	}
	s := stamp{file: f, db: pieceOf(d.path), wal: pieceOf(d.path + "-wal")}
	var schema int64
	err = f.watch.QueryRowContext(ctx, `PRAGMA data_version`).Scan(&s.version)
	if err == nil {
		err = f.watch.QueryRowContext(ctx, `PRAGMA schema_version`).Scan(&schema)
	}
	if err == nil && schema != f.schema {
		if err := d.renew(f); err != nil {
			return stamp{}, explain("open the database anew", err)
		}
		return d.stamp(ctx)
	}
	return s, explain("look whether the database changed", err)
}

// pieceOf is what the file system says of a file. An empty one is like none.
func pieceOf(path string) piece {
	info, err := os.Stat(path)
	if err != nil || info.Size() == 0 {
		return piece{}
	}
	return piece{at: info.ModTime().UnixNano(), size: info.Size()}
}

// Wait returns when the database may have changed since the newest List began, or
// when List has to look closer at what changed before. It looks once a second while
// somebody follows. An error is that of ctx only: a database that cannot be read may get better, and
// List says what is wrong with it.
func (d *DB) Wait(ctx context.Context) error {
	next := time.NewTimer(time.Hour)
	defer next.Stop()
	for broken := false; ; {
		s, err := d.stamp(ctx)
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err != nil:
			broken = true
		case broken:
			return nil
		default:
			if stale, _ := d.list.fresh.stale(s, time.Now()); stale {
				return nil
			}
		}
		next.Reset(d.pace())
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-next.C:
		case <-d.poke:
		}
	}
}

// still is how long nobody writes before a database is taken for settled, and
// restless after how long it is taken for that all the same.
const still, restless = time.Second, 15 * time.Second

// Settle returns when nobody has written for a moment. An error is that of ctx.
func (d *DB) Settle(ctx context.Context) error {
	late := time.Now().Add(restless)
	before, _ := d.stamp(ctx) // what cannot be read does not change
	for time.Now().Before(late) {
		t := time.NewTimer(still)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return context.Cause(ctx)
		}
		now, _ := d.stamp(ctx)
		if now == before {
			break
		}
		before = now
	}
	return nil
}
