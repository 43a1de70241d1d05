package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

var (
	errStopping = fault.New(fault.Unavailable, fault.CodeStopping, "The server is stopping. Try again in a moment.")

	noSession = fault.New(fault.NotFound, fault.CodeNoSession, "There is no such session.")
	noTurn    = fault.New(fault.NotFound, fault.CodeNoTurn, "There is no such turn.")
	noAsk     = fault.New(fault.NotFound, fault.CodeNoAsk, "There is no such question.")
	purged    = fault.New(fault.Gone, fault.CodePurged, "This session was removed for good.")
)

// explain gives an error of SQLite its fault, and says what was being done.
// Faults and the ends of contexts stay what they are.
func explain(doing string, err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	err = fmt.Errorf("%s: %w", doing, err)
	if unknown, ok := errors.AsType[chat.ErrUnknownKind](err); ok {
		return newer(unknown.Kind)
	}
	lite, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return err
	}
	switch lite.Code() & 0xff { // the primary code is in the low byte
	case sqlite3.SQLITE_FULL:
		return fault.Wrap(err, fault.Unavailable, fault.CodeDiskFull,
			"The disk is full, nothing was saved. Free some space and try again.")
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return damaged(err)
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return fault.Wrap(err, fault.Unavailable, fault.CodeUnwritable,
			"The database could not be read or written, nothing was saved. Check the disk and the rights of the state directory.")
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PROTOCOL:
		return fault.Wrap(err, fault.Unavailable, fault.CodeInternal,
			"The database is busy or memory is short, nothing was saved. Try again in a moment.")
	case sqlite3.SQLITE_INTERRUPT:
		return fmt.Errorf("%w: %w", context.Canceled, err)
	default:
		return err
	}
}

func damaged(err error) error {
	return fault.Wrap(err, fault.Internal, fault.CodeStoreDamaged,
		"The database webui.db is damaged. Nothing was deleted. Stop the server, copy the state directory, "+
			"then put back a backup or repair the copy with `sqlite3 webui.db .recover`.")
}

// decodeBody reads a body that this store once wrote. One that cannot be read is
// of a newer program where its kind is a word, and damaged where it is not.
func decodeBody(kind string, body []byte) (chat.Body, error) {
	b, err := chat.DecodeBody(kind, body)
	if err == nil {
		return b, nil
	}
	if _, ok := errors.AsType[chat.ErrUnknownKind](err); ok && isWord(kind) {
		return nil, err
	}
	return nil, damaged(err)
}

func isWord(kind string) bool {
	return kind != "" && len(kind) < 64 && strings.Trim(kind, "abcdefghijklmnopqrstuvwxyz_") == ""
}

func newer(what string) error {
	return fault.Wrap(fmt.Errorf("store: unknown %s", what), fault.Unavailable, fault.CodeStoreNewer,
		"A newer version of Hermes Web UI wrote this database. Start that version or a newer one; nothing was changed.")
}
