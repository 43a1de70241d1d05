package hermesdb

import (
	"context"
	"database/sql"
)

// Check reads one row, to see whether that works. there = there is a database.
func (d *DB) Check(ctx context.Context) (there bool, err error) {
	return d.read(ctx, "look at the database", func(tx *sql.Tx, _ *file) error {
		_, err := names(tx.QueryContext(ctx, `SELECT id FROM sessions LIMIT 1`))
		return err
	})
}
