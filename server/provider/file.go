package provider

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"

	"hermes-webui/server/fault"
)

// FileName is the file in the state directory.
const FileName = "secrets.json"

const fileVersion = 1

// file is secrets.json in memory. Members that this program does not know are
// kept as they are.
type file struct {
	rest      map[string]json.RawMessage
	providers map[string]stored
}

// stored is a provider's entry on disk, the only place where a key is written.
type stored struct {
	BaseURL string `json:"base_url,omitempty"`
	Key     string `json:"key,omitempty"`
}

func (f file) get(id string) setting {
	s := f.providers[id]
	return setting{s.BaseURL, NewKey(s.Key)}
}

// with returns a copy of f with another entry; an empty one is removed.
func (f file) with(id string, s setting) file {
	next := file{f.rest, maps.Clone(f.providers)}
	if next.providers == nil {
		next.providers = map[string]stored{}
	}
	if s.empty() {
		delete(next.providers, id)
		return next
	}
	next.providers[id] = stored{s.baseURL, s.key.Reveal()}
	return next
}

// readFile returns an empty file where there is none. What it cannot read is a
// fault.Error that says so.
func readFile(dir string) (file, error) {
	path := filepath.Join(dir, FileName)
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return file{}, nil
	}
	if err != nil {
		return file{}, damaged(err, "The file secrets.json in the state directory cannot be read. Make it readable for this user, then restart.")
	}
	// The file may come from a careless copy; nobody else has to read it.
	if err := os.Chmod(path, 0o600); err != nil && runtime.GOOS != "windows" {
		return file{}, damaged(err, "The file secrets.json in the state directory belongs to another user. Give it to this user, then restart.")
	}
	return parseFile(b)
}

func parseFile(b []byte) (file, error) {
	var f file
	var version int
	// Causes are dropped: a JSON error can quote the text around it.
	if json.Unmarshal(b, &f.rest) != nil || f.rest == nil || json.Unmarshal(f.rest["version"], &version) != nil || version < 1 {
		return file{}, damagedFile()
	}
	if version > fileVersion {
		return file{}, fault.New(fault.Unavailable, fault.CodeStoreNewer,
			"The file secrets.json was written by a newer version of this program. It is left as it is; use that version to change providers.")
	}
	if p, ok := f.rest["providers"]; ok && json.Unmarshal(p, &f.providers) != nil {
		return file{}, damagedFile()
	}
	return f, nil
}

func damagedFile() error {
	return damaged(nil, "The file secrets.json in the state directory is damaged and is left as it is. "+
		"Repair it or move it away, then restart and enter the keys again.")
}

func damaged(err error, text string) error {
	return fault.Wrap(err, fault.Unavailable, fault.CodeStoreDamaged, text)
}

// writeFile replaces the file in one step: after a crash there is the old one or
// the new one, whole.
func writeFile(dir string, f file) error {
	b, err := f.encode()
	if err != nil {
		return notWritten(err)
	}
	// CreateTemp makes the file 0600 from its first moment.
	t, err := os.CreateTemp(dir, ".secrets-*.tmp")
	if err != nil {
		return notWritten(err)
	}
	if err := fill(t, b); err != nil {
		_ = os.Remove(t.Name())
		return notWritten(err)
	}
	if err := os.Rename(t.Name(), filepath.Join(dir, FileName)); err != nil {
		_ = os.Remove(t.Name())
		return notWritten(err)
	}
	// The new file is in force. If this fails, a power cut could at worst bring
	// the old one back.
	_ = syncDir(dir)
	return nil
}

func (f file) encode() ([]byte, error) {
	doc := map[string]any{}
	for k, v := range f.rest {
		doc[k] = v
	}
	doc["version"], doc["providers"] = fileVersion, f.providers
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(doc)
	return b.Bytes(), err
}

// fill writes b, makes sure that it is on the disk, and closes t.
func fill(t *os.File, b []byte) error {
	_, err := t.Write(b)
	return errors.Join(err, t.Sync(), t.Close())
}

// syncDir makes a rename survive a power cut. Windows cannot and need not do
// that with a directory.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func notWritten(err error) error {
	return fault.Wrap(err, fault.Internal, fault.CodeInternal,
		"The provider could not be saved: the state directory cannot be written. Nothing was changed.")
}
