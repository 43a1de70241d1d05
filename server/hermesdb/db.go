// Package hermesdb reads the database of the Hermes Agent (state.db in the home
// of a profile): the list of its sessions, and what was said in them as turns.
//
// It only ever reads. Several programs write the file at any time, so every read
// is short, nothing stays locked, and what was read may be old a moment later.
// Never open state.db by other means in this process: closing another handle of
// it would drop SQLite's locks.
package hermesdb

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// idle is how long an unused connection stays open.
const idle = 30 * time.Second

// DB is one state.db. Its methods may be called by many goroutines at once. The
// file need not exist: until it does, there are no sessions.
type DB struct {
	path, profile string

	opening sync.Mutex
	file    *file // nil = not open

	list list

	alone atomic.Bool   // see Follow
	poke  chan struct{} // lets Wait look at once
}

// file is the database as it was opened. An agent may put another file in its
// place.
type file struct {
	info  fs.FileInfo
	pool  *sql.DB // for reads
	watch *sql.DB // one connection, which notices the commits of others
	cols  columns
	keys  keyCache

	schema int64 // as SQLite counts its changes: cols are of this one
	frozen bool  // opened as one that nobody has: what others write from then on is not seen
}

// Open returns the database at path. profile is its name here; ids of turns and
// parts are made with it. The file is opened by the first read.
func Open(path, profile string) *DB {
	return &DB{path: path, profile: profile, poke: make(chan struct{}, 1)}
}

// Close lets go of the file.
func (d *DB) Close() error {
	d.opening.Lock()
	defer d.opening.Unlock()
	return d.drop()
}

func (d *DB) drop() error {
	f := d.file
	d.file = nil
	if f == nil {
		return nil
	}
	return errors.Join(f.pool.Close(), f.watch.Close())
}

// current returns the file that is there now, opened; nil = there is none.
func (d *DB) current(ctx context.Context) (*file, error) {
	d.opening.Lock()
	defer d.opening.Unlock()
	info, err := os.Stat(d.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, d.drop()
	case err != nil:
		return nil, explain("look for the database", err)
	case info.Size() == 0: // an agent is about to make it
		return nil, nil
	case d.file != nil && os.SameFile(d.file.info, info) && (!d.file.frozen || nobodyHasIt(d.path)):
		return d.file, nil
	}
	if err := d.drop(); err != nil {
		return nil, explain("close the database that was there before", err)
	}
	f, err := openFile(ctx, d.path, info)
	if err != nil {
		return nil, err
	}
	d.file = f
	return f, nil
}

// renew has the file opened anew, unless it was already: an agent made tables in
// it, or columns.
func (d *DB) renew(f *file) error {
	d.opening.Lock()
	defer d.opening.Unlock()
	if d.file != f {
		return nil
	}
	return d.drop()
}

// read calls do in a read transaction, within which the database stays the same.
// false = there is no database.
func (d *DB) read(ctx context.Context, doing string, do func(*sql.Tx, *file) error) (bool, error) {
	f, err := d.current(ctx)
	if err != nil || f == nil {
		return false, err
	}
	tx, err := f.pool.BeginTx(ctx, nil)
	if err != nil {
		return false, explain(doing, err)
	}
	defer func() { _ = tx.Rollback() }()
	if err := do(tx, f); err != nil {
		return false, explain(doing, err)
	}
	return true, nil
}
