package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"slices"

	"hermes-webui/server/chat"
)

//go:embed sql/*.sql
var migrationFiles embed.FS

// migrations returns the text of every migration in order. The n-th brings a
// database to user_version n+1; a released one never changes.
func migrations() ([]string, error) {
	names, err := fs.Glob(migrationFiles, "sql/*.sql")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	texts := make([]string, 0, len(names))
	for _, name := range names {
		text, err := migrationFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		texts = append(texts, string(text))
	}
	return texts, nil
}

// migrate brings the schema forward, each step in its own transaction. When ctx
// ends in the middle, the step is rolled back and the next start repeats it.
func migrate(ctx context.Context, c *sql.Conn, steps []string) error {
	var version int
	if err := c.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version); err != nil {
		return explain("read the version of the schema", err)
	}
	if version > len(steps) {
		return newer(fmt.Sprintf("schema version %d", version))
	}
	for n := version; n < len(steps); n++ {
		if err := migrateStep(ctx, c, steps[n], n+1); err != nil {
			return explain(fmt.Sprintf("migrate the schema to version %d", n+1), err)
		}
	}
	return nil
}

func migrateStep(ctx context.Context, c *sql.Conn, text string, version int) error {
	if _, err := c.ExecContext(ctx, `BEGIN IMMEDIATE`); err != nil {
		return err
	}
	// user_version is part of the file's header and so of the transaction.
	_, err := c.ExecContext(ctx, fmt.Sprintf("%s;\nPRAGMA user_version = %d", text, version))
	if err == nil {
		_, err = c.ExecContext(ctx, `COMMIT`)
	}
	if err != nil {
		_, _ = c.ExecContext(context.WithoutCancel(ctx), `ROLLBACK`) // the first error is the one to tell
	}
	return err
}

// checkKinds refuses a database with events that this program cannot read.
func checkKinds(ctx context.Context, c *sql.Conn) error {
	known := chat.Kinds()
	kinds, err := column[string](ctx, c, `SELECT kind FROM kinds`)
	if err != nil {
		return explain("read the kinds of events", err)
	}
	for _, kind := range kinds {
		if !slices.Contains(known, kind) {
			return newer("event kind " + kind)
		}
	}
	return nil
}
