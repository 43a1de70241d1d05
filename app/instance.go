package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// instance owns a state directory for as long as the process lives. The
// operating system lets go of the lock when the process dies, however it dies.
type instance struct {
	lock *flock.Flock
	info string
	me   holder
}

// holder says who owns a state directory, for the words to whoever comes
// second. It is a hint: only the lock decides.
type holder struct {
	PID     int       `json:"pid"`
	Address string    `json:"address"` // http://host:port
	Since   time.Time `json:"since"`
	Version string    `json:"version"`
	Control string    `json:"control,omitempty"` // path of its control socket
	// What started it and how sure that is, as app/supervise has it.
	Supervisor string `json:"supervisor,omitempty"`
	Certainty  string `json:"certainty,omitempty"`
	Mode       mode   `json:"mode,omitempty"` // "" = of an older version, which is headless
	Bus        string `json:"bus,omitempty"`  // address of the session bus of its tray
}

// errHeld says that another process owns the state directory.
var errHeld = errors.New("the state folder is in use")

// claim takes the state directory. The lock file is never removed: a second
// process could otherwise lock a file that is no longer there.
func claim(dir string, me holder) (*instance, error) {
	i := instanceOf(dir)
	got, err := i.take()
	if err != nil {
		return nil, fmt.Errorf("cannot lock the state folder %s: %w", dir, err)
	}
	if !got {
		return nil, exitWith(exitHeld, "%w: %s", errHeld, heldBy(dir))
	}
	if err := i.write(me); err != nil {
		return nil, errors.Join(err, i.release())
	}
	return i, nil
}

func instanceOf(dir string) *instance {
	return &instance{lock: flock.New(filepath.Join(dir, "run", "lock"), flock.SetPermissions(0o600)), info: infoPath(dir)}
}

// glance is how long claim tries: held has the lock for a moment too.
const glance = 200 * time.Millisecond

// take locks, and reports false when another process keeps the lock.
func (i *instance) take() (bool, error) {
	for end := time.Now().Add(glance); ; time.Sleep(5 * time.Millisecond) {
		got, err := i.lock.TryLock()
		if got || err != nil || time.Now().After(end) {
			return got, err
		}
	}
}

// held reports whether another process owns the directory now.
func held(dir string) bool {
	l := flock.New(filepath.Join(dir, "run", "lock"), flock.SetPermissions(0o600))
	got, err := l.TryLock()
	if err == nil && got {
		_ = l.Unlock() // it was free; closing cannot take it from anybody
	}
	return err == nil && !got
}

func (i *instance) write(me holder) error {
	b, err := json.Marshal(me)
	if err != nil {
		return err
	}
	tmp := i.info + ".new"
	if err := os.WriteFile(tmp, b, 0o600); err != nil {
		return fmt.Errorf("cannot write to the state folder: %w", err)
	}
	i.me = me
	return os.Rename(tmp, i.info)
}

// release gives the directory back. The hint goes first, so that it never
// names a process that is gone while another holds the lock.
func (i *instance) release() error {
	return errors.Join(ignoreMissing(os.Remove(i.info)), i.lock.Unlock())
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

func infoPath(dir string) string { return filepath.Join(dir, "run", "instance.json") }

// readHolder returns what the owner of dir wrote about itself.
func readHolder(dir string) (holder, error) {
	var h holder
	b, err := os.ReadFile(infoPath(dir))
	if err != nil {
		return h, err
	}
	return h, json.Unmarshal(b, &h)
}

// heldBy is the sentence about the owner of dir. One that has just taken the
// lock writes who it is a moment later.
func heldBy(dir string) string {
	h, err := readHolder(dir)
	for end := time.Now().Add(time.Second); err != nil && time.Now().Before(end); h, err = readHolder(dir) {
		time.Sleep(20 * time.Millisecond)
	}
	if err != nil {
		return fmt.Sprintf("another Hermes Web UI owns %s. Stop it first, "+
			"or start this one with another --state-dir", dir)
	}
	return fmt.Sprintf("process %d owns %s since %s and answers at %s. Stop it first, "+
		"or start this one with another --state-dir", h.PID, dir, h.Since.Local().Format(time.DateTime), h.Address)
}
