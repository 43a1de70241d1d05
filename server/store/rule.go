package store

import (
	"context"
	"database/sql"

	"hermes-webui/server/chat"
	"hermes-webui/server/rule"
)

var _ rule.Store = (*Store)(nil)

// AddRule implements rule.Store.
func (s *Store) AddRule(ctx context.Context, r rule.Rule) error {
	j := &job{session: r.Session, run: func(ctx context.Context, q db) error {
		if r.Session != "" { // a late answer must not leave a rule of a purged session behind
			if _, err := loadSession(ctx, q, r.Session); err != nil {
				return err
			}
		}
		_, err := q.ExecContext(ctx, `INSERT INTO rules (id, session, kind, pattern, workspace, created_at) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (session, kind, pattern, workspace) DO NOTHING`,
			r.ID, string(r.Session), string(r.Kind), r.Pattern, r.Workspace, r.CreatedAt.UnixMilli())
		return err
	}}
	return s.writer.do(ctx, s.writer.jobs, j)
}

// hasRule is asked before each call of a tool that needs permission.
const hasRule = `SELECT EXISTS (SELECT 1 FROM rules WHERE session IN ('', ?) AND kind = ? AND pattern = ? AND workspace = ?)`

// HasRule implements rule.Store.
func (s *Store) HasRule(ctx context.Context, id chat.SessionID, p rule.Permit) (found bool, err error) {
	err = s.read(ctx, "look for a rule", func(q db) error {
		return q.QueryRowContext(ctx, hasRule, string(id), string(p.Kind), p.Pattern, p.Workspace).Scan(&found)
	})
	return found, err
}

// Rules implements rule.Store.
func (s *Store) Rules(ctx context.Context) (all []rule.Rule, err error) {
	err = s.read(ctx, "list the rules", func(q db) error {
		return rows(ctx, q, func(r *sql.Rows) error {
			var one rule.Rule
			var at int64
			err := r.Scan(&one.ID, &one.Session, &one.Kind, &one.Pattern, &one.Workspace, &at)
			one.CreatedAt = chat.Milli(at)
			all = append(all, one)
			return err
		}, `SELECT id, session, kind, pattern, workspace, created_at FROM rules ORDER BY created_at DESC, id DESC`)
	})
	return all, err
}

// RemoveRule implements rule.Store.
func (s *Store) RemoveRule(ctx context.Context, id string) (found bool, err error) {
	j := &job{run: func(ctx context.Context, q db) error {
		done, err := q.ExecContext(ctx, `DELETE FROM rules WHERE id = ?`, id)
		if err != nil {
			return err
		}
		n, err := done.RowsAffected()
		found = n > 0
		return err
	}}
	err = s.writer.do(ctx, s.writer.jobs, j)
	return found && err == nil, err
}
