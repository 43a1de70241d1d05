package store

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"hermes-webui/server/chat"
)

// Pragmas of the connections; busy_timeout first, the others may have to wait.
// secure_delete is ON and not FAST: FAST leaves the text of whole freed pages
// in the file, and what a person purged has to be gone.
const (
	writerDSN = `_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_pragma=foreign_keys(1)` +
		`&_pragma=wal_autocheckpoint(0)&_pragma=cache_size(-8000)&_pragma=temp_store(MEMORY)&_pragma=secure_delete(1)` +
		`&_defensive=1&_dqs=0&_error_rc=1`
	readerDSN = `_pragma=busy_timeout(5000)&_pragma=cache_size(-2000)&_pragma=temp_store(MEMORY)` +
		`&_query_only=1&_defensive=1&_dqs=0&_error_rc=1`
	// A checkpoint that meets a reader gives up at once: the writer would wait
	// with it, and there is another one soon.
	checkpointDSN = `_pragma=busy_timeout(10)&_pragma=synchronous(NORMAL)&_pragma=wal_autocheckpoint(0)` +
		`&_pragma=cache_size(-500)&_defensive=1&_dqs=0&_error_rc=1`
)

func openPool(path, options string, connections int) (*sql.DB, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("path of the database: %w", err)
	}
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // C:/…
	}
	dsn := url.URL{Scheme: "file", Path: slashed, RawQuery: options}
	pool, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return nil, explain("open the database", err)
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	return pool, nil
}

// wasClosed reports whether the last program that had the file open closed it.
// A new file counts as closed.
func wasClosed(ctx context.Context, c *sql.Conn) (bool, error) {
	var version int
	if err := c.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version); err != nil {
		return false, explain("open the database", err)
	}
	if version == 0 {
		return true, nil
	}
	var n int
	err := c.QueryRowContext(ctx, `SELECT count(*) FROM meta WHERE key = 'clean' AND value = '1'`).Scan(&n)
	return n == 1, explain("read how the database was left", err)
}

func markClosed(ctx context.Context, c *sql.Conn) error {
	_, err := c.ExecContext(ctx, `UPDATE meta SET value = '1' WHERE key = 'clean'`)
	return explain("close the database", err)
}

// check runs one of SQLite's checks; each row but "ok" is something wrong.
func check(ctx context.Context, q db, pragma string) error {
	found, err := column[string](ctx, q, pragma)
	if err != nil {
		return explain("check the database", err)
	}
	if len(found) != 1 || found[0] != "ok" {
		return damaged(fmt.Errorf("check the database: %s", strings.Join(found[:min(len(found), 3)], "; ")))
	}
	return nil
}

// beginEpoch notes this start, and that the file is in use.
func beginEpoch(ctx context.Context, c *sql.Conn, last chat.Seq) (chat.Epoch, error) {
	e := chat.Epoch{ID: chat.NewID("epo_"), FirstSeq: last + 1}
	tx, err := c.BeginTx(ctx, nil)
	if err != nil {
		return e, explain("begin an epoch", err)
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	for _, step := range []struct {
		query string
		args  []any
	}{
		{`INSERT INTO meta (key, value) VALUES ('log', ?) ON CONFLICT DO NOTHING`, []any{chat.NewID("log_")}},
		{`INSERT INTO meta (key, value) VALUES ('clean', '0') ON CONFLICT (key) DO UPDATE SET value = '0'`, nil},
		{`INSERT INTO epochs (id, first_seq, at) VALUES (?, ?, ?)`, []any{e.ID, int64(e.FirstSeq), chat.Now().UnixMilli()}},
	} {
		if _, err := tx.ExecContext(ctx, step.query, step.args...); err != nil {
			return e, explain("begin an epoch", err)
		}
	}
	return e, explain("begin an epoch", tx.Commit())
}
