package hermesdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"time"
)

// recent is how long after its last message a session is taken for one that
// somebody is at.
const recent = 30 * time.Second

// Ours says what of what happens to a session is this program's doing.
type Ours struct {
	Process func(pid int) bool // nil = no process is ours
	Row     int64              // messages up to this row are known here
}

// LiveWriter says who else is at a lineage now, as a sentence for people; "" =
// nobody that is known. An agent says which sessions it has open only where their
// number is limited; else the newest message tells, for half a minute.
func (d *DB) LiveWriter(ctx context.Context, ids []string, ours Ours) (string, error) {
	ids, err := d.line(ctx, ids)
	if err != nil || len(ids) == 0 {
		return "", err
	}
	for _, e := range d.open() {
		if slices.Contains(ids, e.Session) && (ours.Process == nil || !ours.Process(e.PID)) && alive(e.PID) {
			return fmt.Sprintf("This session is open in another Hermes (%s, process %d).", e.Surface, e.PID), nil
		}
	}
	newest, row, err := d.newest(ctx, ids)
	if err != nil || row <= ours.Row {
		return "", err
	}
	if ago := time.Since(newest); ago < recent {
		return fmt.Sprintf("Another program wrote to this session %d seconds ago.", max(0, int(ago.Seconds()))), nil
	}
	return "", nil
}

// newest returns the time and the row of a lineage's last message.
func (d *DB) newest(ctx context.Context, ids []string) (time.Time, int64, error) {
	var when sql.NullFloat64
	var row sql.NullInt64
	_, err := d.read(ctx, "look for the newest message", func(tx *sql.Tx, _ columns) error {
		for _, id := range ids {
			var w sql.NullFloat64
			var r sql.NullInt64
			if err := tx.QueryRowContext(ctx, `SELECT max(timestamp), max(id) FROM messages WHERE session_id = ?`, id).Scan(&w, &r); err != nil {
				return err
			}
			if r.Int64 > row.Int64 {
				when, row = w, r
			}
		}
		return nil
	})
	return at(when.Float64), row.Int64, err
}

type lease struct {
	Session string `json:"session_id"`
	Surface string `json:"surface"`
	PID     int    `json:"pid"`
}

// open reads which sessions the agents of this home say they have open
// (hermes_cli/active_sessions.py). What cannot be read says nothing.
func (d *DB) open() []lease {
	raw, err := os.ReadFile(filepath.Join(filepath.Dir(d.path), "runtime", "active_sessions.json"))
	if err != nil {
		return nil
	}
	var list struct{ Entries []lease }
	if json.Unmarshal(raw, &list) == nil {
		return list.Entries
	}
	var bare []lease
	_ = json.Unmarshal(raw, &bare)
	return bare
}

// alive reports whether a process of this machine has this id.
func alive(pid int) bool {
	if pid <= 0 {
		return false
	}
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	defer func() { _ = p.Release() }()
	if runtime.GOOS == "windows" { // there, to find it is enough
		return true
	}
	err = p.Signal(syscall.Signal(0))
	return err == nil || err == syscall.EPERM
}
