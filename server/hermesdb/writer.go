package hermesdb

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
)

// LiveWriter says which program that is not ours has a lineage open now, as a
// sentence for people; "" = none that is known. Agents note that only where the
// number of their sessions is limited.
func (d *DB) LiveWriter(ctx context.Context, ids []string, ours func(pid int) bool) (string, error) {
	leases := d.open()
	if len(leases) == 0 {
		return "", nil
	}
	ids, err := d.line(ctx, ids)
	if err != nil {
		return "", err
	}
	for _, l := range leases {
		if slices.Contains(ids, l.Session) && !ours(l.PID) && alive(l.PID) {
			return fmt.Sprintf("This session is open in another Hermes (%s, process %d).", l.Surface, l.PID), nil
		}
	}
	return "", nil
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
