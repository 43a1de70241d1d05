package store

import (
	"log/slog"

	"modernc.org/sqlite"
)

// KeepFileLocks makes SQLite's locks on the database survive that anything in
// this process opens and closes the same file, a backup say. POSIX drops them
// then. It is process-wide and must come before the first database is opened.
func KeepFileLocks(log *slog.Logger) {
	if _, err := sqlite.OFDLocking(true); err != nil {
		log.Warn("locks of the database end when its file is read by this process", "err", err)
	}
}
