package hermesdb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"hermes-webui/server/fault"
)

// explain gives an error its fault, and says what was being done.
func explain(doing string, err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	err = fmt.Errorf("%s: %w", doing, err)
	if errors.Is(err, fs.ErrPermission) {
		return unreadable(err)
	}
	switch code(err) {
	case 0:
		return err
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return fault.Wrap(err, fault.Unavailable, fault.CodeStoreDamaged,
			"The database of Hermes Agent (state.db) is damaged. Nothing was changed. Start `hermes`: it repairs what can be repaired. Else put back a backup of the file.")
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL:
		return fault.Wrap(err, fault.Unavailable, fault.CodeInternal,
			"Another program holds the database of Hermes Agent (state.db). Try again in a moment.")
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return unreadable(err)
	case sqlite3.SQLITE_INTERRUPT:
		return fmt.Errorf("%w: %w", context.Canceled, err)
	default:
		return fault.Wrap(err, fault.Unavailable, fault.CodeInternal,
			"The database of Hermes Agent (state.db) could not be read. Nothing was changed. Try again; the log says more.")
	}
}

// code is the primary code of an error of SQLite, 0 of others.
func code(err error) int {
	lite, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return 0
	}
	return lite.Code() & 0xff
}

// cannotOpen reports whether SQLite could not make the files that it needs beside
// the database.
func cannotOpen(err error) bool {
	return code(err) == sqlite3.SQLITE_CANTOPEN || code(err) == sqlite3.SQLITE_READONLY
}

func unreadable(err error) error {
	return fault.Wrap(err, fault.Unavailable, fault.CodeInternal,
		"The database of Hermes Agent (state.db) cannot be read. Check the rights of the file and of its folder.")
}

// strange is a database without something that is needed.
func strange(version int, lacks string) error {
	err := fmt.Errorf("schema %d has no %s", version, lacks)
	if version > knownSchema {
		return fault.Wrap(err, fault.Unavailable, fault.CodeStoreNewer,
			"A newer Hermes Agent keeps its sessions in a way that this program does not know. Update Hermes Web UI; nothing was changed.")
	}
	return fault.Wrap(err, fault.Unavailable, fault.CodeStoreNewer,
		"The database of Hermes Agent (state.db) is of an older release, or of another program. Start `hermes` once: it brings the file up to date.")
}
