package hermesdb

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// options of every connection; busy_timeout first, what follows may have to wait.
const options = `_pragma=busy_timeout(5000)&_pragma=cache_size(-2000)&_pragma=temp_store(MEMORY)` +
	`&_query_only=1&_defensive=1&_dqs=0&_error_rc=1`

func openFile(ctx context.Context, path string, info fs.FileInfo) (*file, error) {
	f, err := tryOpen(ctx, path, info, "mode=ro&"+options)
	if err != nil && cannotOpen(err) && nobodyHasIt(path) {
		f, err = tryOpen(ctx, path, info, "mode=ro&immutable=1&"+options)
		if f != nil {
			f.frozen = true
		}
	}
	return f, err
}

func tryOpen(ctx context.Context, path string, info fs.FileInfo, dsn string) (*file, error) {
	pool, err := openPool(path, dsn, 3)
	if err != nil {
		return nil, err
	}
	pool.SetConnMaxIdleTime(idle)
	var schema int64
	err = pool.QueryRowContext(ctx, `PRAGMA schema_version`).Scan(&schema)
	cols := columns{}
	if err == nil {
		cols, err = probe(ctx, pool)
	}
	if err != nil {
		return nil, errors.Join(explain("open the database", err), pool.Close())
	}
	watch, err := openPool(path, dsn, 1)
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return &file{info: info, pool: pool, watch: watch, cols: cols, schema: schema}, nil
}

func openPool(path, dsn string, connections int) (*sql.DB, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, explain("find the database", err)
	}
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // C:/…
	}
	name := url.URL{Scheme: "file", Path: slashed, RawQuery: dsn}
	pool, err := sql.Open("sqlite", name.String())
	if err != nil {
		return nil, explain("open the database", err)
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(1)
	return pool, nil
}

// nobodyHasIt reports whether no program has the database open, or left something
// unfinished: then the file alone holds all, and may be read without the files
// that SQLite cannot make beside it.
func nobodyHasIt(path string) bool {
	for _, beside := range []string{"-wal", "-shm", "-journal"} {
		if _, err := os.Lstat(path + beside); err == nil {
			return false
		}
	}
	return true
}

// columns says which of the columns that are of use there are, by table.
type columns map[string]map[string]bool

var needed = map[string][]string{
	"sessions": {"id", "source", "started_at"},
	"messages": {"id", "session_id", "role", "content", "timestamp"},
}

// knownSchema is the newest schema that was seen; later ones may only have more.
const knownSchema = 22

func probe(ctx context.Context, pool *sql.DB) (columns, error) {
	cols := columns{}
	for table, must := range needed {
		found, err := names(pool.QueryContext(ctx, `SELECT name FROM pragma_table_info(?)`, table))
		if err != nil {
			return nil, err
		}
		cols[table] = map[string]bool{}
		for _, name := range found {
			cols[table][name] = true
		}
		for _, name := range must {
			if !cols[table][name] {
				return nil, strange(version(ctx, pool), table+"."+name)
			}
		}
	}
	return cols, nil
}

// version returns the agent's number of the schema; 0 = it says none.
func version(ctx context.Context, pool *sql.DB) int {
	var v int
	if pool.QueryRowContext(ctx, `SELECT max(version) FROM schema_version`).Scan(&v) != nil {
		return 0
	}
	return v
}

// col is the column of a table, or a value that stands for it where the agent has
// none.
func (c columns) col(table, alias, name, instead string) string {
	if c[table][name] {
		return alias + "." + name
	}
	return instead + " AS " + name
}

// names reads the one column of a query's rows.
func names(rows *sql.Rows, err error) ([]string, error) {
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, rows.Err()
}
