package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// maxCached is how many values are kept; the oldest go first.
const maxCached = 200

// Cache keeps what was looked up elsewhere and can be again: JSON by key.
type Cache struct{ s *Store }

// Cache is the store's.
func (s *Store) Cache() Cache { return Cache{s} }

// Get returns nil where nothing is kept.
func (c Cache) Get(ctx context.Context, key string) (value []byte, err error) {
	err = c.s.read(ctx, "read what was looked up", func(q db) error {
		err := q.QueryRowContext(ctx, `SELECT value FROM cache WHERE key = ?`, key).Scan(&value)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return value, err
}

// Put keeps a value in place of the one before.
func (c Cache) Put(ctx context.Context, key string, value []byte) error {
	at := time.Now().UnixMilli()
	return c.s.writer.do(ctx, c.s.writer.jobs, &job{run: func(ctx context.Context, q db) error {
		_, err := q.ExecContext(ctx, `INSERT INTO cache (key, value, at) VALUES (?, ?, ?)
			ON CONFLICT (key) DO UPDATE SET value = excluded.value, at = excluded.at`, key, string(value), at)
		if err != nil {
			return err
		}
		_, err = q.ExecContext(ctx, `DELETE FROM cache WHERE key IN
			(SELECT key FROM cache ORDER BY at DESC, key DESC LIMIT -1 OFFSET ?)`, maxCached)
		return err
	}})
}
