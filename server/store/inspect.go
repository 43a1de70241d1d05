package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Inspection is what Inspect found.
type Inspection struct {
	Schema int   // 0 = there is no database yet
	Events int64 // in the log
}

// Inspect reads the database of a state directory that another process may own,
// and changes nothing. deep also checks the whole file, which takes as long as
// it is large. Errors are those of Open: fault.Error with a code and what to do.
func Inspect(ctx context.Context, dir string, deep bool) (Inspection, error) {
	path := filepath.Join(dir, "webui.db")
	if info, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return Inspection{}, nil
	} else if err != nil {
		return Inspection{}, explain("look for the database", err)
	}
	options := "mode=ro&" + readerDSN
	if _, err := os.Stat(path + "-wal"); errors.Is(err, fs.ErrNotExist) {
		options = "immutable=1&" + options // nobody has it open; a lock would leave files beside it
	}
	pool, err := openPool(path, options, 1)
	if err != nil {
		return Inspection{}, err
	}
	defer func() { _ = pool.Close() }()
	return inspect(ctx, pool, deep)
}

func inspect(ctx context.Context, q db, deep bool) (Inspection, error) {
	var found Inspection
	if err := q.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&found.Schema); err != nil {
		return found, explain("read the database", err)
	}
	steps, err := migrations()
	if err != nil {
		return found, err
	}
	if found.Schema > len(steps) {
		return found, newer(fmt.Sprintf("schema version %d", found.Schema))
	}
	if found.Schema == 0 {
		return found, nil
	}
	if err := q.QueryRowContext(ctx, `SELECT coalesce(max(seq), 0) FROM events`).Scan(&found.Events); err != nil {
		return found, explain("read the database", err)
	}
	if !deep {
		return found, nil
	}
	return found, check(ctx, q, `PRAGMA quick_check`)
}
