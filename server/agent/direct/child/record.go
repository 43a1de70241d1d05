package child

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// record says that a command runs, for the next start of ours: should this
// process end before the command does, Sweep ends it then.
type record struct {
	Mark  string `json:"mark"`
	PID   int    `json:"pid"`   // 0 = not started yet
	Start string `json:"start"` // when, in the system's own words, see startOf
	file  string // "" = not kept
}

const suffix = ".json"

var markForm = regexp.MustCompile(`^[A-Z0-9]{20,64}$`)

// newRecord is written before the command starts: there is no moment in which a
// child runs that nobody would find.
func newRecord(dir string) (*record, error) {
	r := &record{Mark: rand.Text()}
	if dir == "" {
		return r, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("child: make the folder for records: %w", err)
	}
	r.file = filepath.Join(dir, r.Mark+suffix)
	if err := r.write(); err != nil {
		return nil, fmt.Errorf("child: record a command: %w", err)
	}
	return r, nil
}

// started adds the process. Where that fails the marker must do.
func (r *record) started(pid int) {
	r.PID, r.Start = pid, startOf(pid)
	if r.file != "" {
		_ = r.write()
	}
}

// write replaces the record as a whole: Sweep never finds half of one.
func (r *record) write() error {
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	half := strings.TrimSuffix(r.file, suffix) + ".new"
	if err := os.WriteFile(half, b, 0o600); err != nil {
		return err
	}
	return os.Rename(half, r.file)
}

func (r *record) remove() {
	if r.file != "" {
		_ = os.Remove(r.file) // Sweep removes what is left
	}
}

// Sweep ends what commands left behind when this program ended suddenly, and
// removes their records. Call it at the start, when no other process of ours can
// be using dir. It returns how many processes it ended. A number that belongs to
// another process by now is left alone.
func Sweep(dir string) (int, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("child: look for leftovers: %w", err)
	}
	ended := 0
	var failed error
	for _, e := range entries {
		file := filepath.Join(dir, e.Name())
		switch filepath.Ext(e.Name()) {
		case suffix:
			if r, ok := readRecord(file); ok {
				ended += r.kill()
			}
		case ".new":
		default:
			continue // not ours
		}
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			failed = fmt.Errorf("child: remove a record: %w", err)
		}
	}
	return ended, failed
}

func readRecord(file string) (record, bool) {
	b, err := os.ReadFile(file)
	if err != nil {
		return record{}, false
	}
	var r record
	if json.Unmarshal(b, &r) != nil || !markForm.MatchString(r.Mark) || r.PID < 0 || r.PID == 1 {
		return record{}, false
	}
	return r, true
}
