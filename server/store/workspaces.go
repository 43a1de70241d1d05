package store

import "context"

// recentWorkspaces reads the index only, whatever the sessions hold.
const recentWorkspaces = `SELECT workspace FROM sessions INDEXED BY sessions_workspace
	WHERE trashed_at IS NULL GROUP BY workspace ORDER BY max(updated_at) DESC, workspace LIMIT ?`

// Workspaces returns the folders that sessions have worked in, the one used
// last first, at most limit. Sessions in the trash do not count.
func (s *Store) Workspaces(ctx context.Context, limit int) (paths []string, err error) {
	err = s.read(ctx, "list the workspaces", func(q db) error {
		all, err := column[string](ctx, q, recentWorkspaces, limit+1) // one of them may be ""
		for _, p := range all {
			if p != "" && len(paths) < limit {
				paths = append(paths, p)
			}
		}
		return err
	})
	return paths, err
}
