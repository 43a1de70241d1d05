package store

import (
	"context"
	"database/sql"
	"encoding/json"

	"hermes-webui/server/setting"
)

var _ setting.Store = (*Store)(nil)

// Settings implements setting.Store.
func (s *Store) Settings(ctx context.Context) (map[string]json.RawMessage, error) {
	all := map[string]json.RawMessage{}
	err := s.read(ctx, "read the settings", func(q db) error {
		return rows(ctx, q, func(r *sql.Rows) error {
			var key string
			var value []byte
			err := r.Scan(&key, &value)
			all[key] = value
			return err
		}, `SELECT key, value FROM settings`)
	})
	return all, err
}

// PutSettings implements setting.Store: all of them or none.
func (s *Store) PutSettings(ctx context.Context, values map[string]json.RawMessage) error {
	return s.writer.do(ctx, s.writer.jobs, &job{run: func(ctx context.Context, q db) error {
		for key, value := range values {
			_, err := q.ExecContext(ctx, `INSERT INTO settings (key, value) VALUES (?, ?)
				ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, string(value))
			if err != nil {
				return err
			}
		}
		return nil
	}})
}
