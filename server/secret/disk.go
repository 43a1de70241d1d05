package secret

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"hermes-webui/server/fault"
)

const (
	versionMember = "version"
	fileVersion   = 1
)

// read returns nothing where there is no file. What it cannot read is a
// fault.Error that says so.
func read(dir string) (map[string]json.RawMessage, error) {
	path := filepath.Join(dir, FileName)
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, damaged(err, "The file secrets.json in the state directory cannot be read. Make it readable for this user, then restart.")
	}
	// The file may come from a careless copy; nobody else has to read it.
	if err := os.Chmod(path, 0o600); err != nil && runtime.GOOS != "windows" {
		return nil, damaged(err, "The file secrets.json in the state directory belongs to another user. Give it to this user, then restart.")
	}
	return parse(b)
}

func parse(b []byte) (map[string]json.RawMessage, error) {
	var members map[string]json.RawMessage
	var version int
	// Causes are dropped: a JSON error can quote the text around it.
	if json.Unmarshal(b, &members) != nil || members == nil || json.Unmarshal(members[versionMember], &version) != nil || version < 1 {
		return nil, damagedFile()
	}
	if version > fileVersion {
		return nil, fault.New(fault.Unavailable, fault.CodeStoreNewer,
			"The file secrets.json was written by a newer version of this program. It is left as it is; use that version to change what it keeps.")
	}
	return members, nil
}

// damagedFile is the error of a file that makes no sense.
func damagedFile() error {
	return damaged(nil, "The file secrets.json in the state directory is damaged and is left as it is. "+
		"Repair it or move it away, then restart and enter the keys again.")
}

func damaged(err error, text string) error {
	return fault.Wrap(err, fault.Unavailable, fault.CodeStoreDamaged, text)
}

// write replaces the file in one step: after a crash there is the old one or the
// new one, whole.
func write(dir string, members map[string]json.RawMessage) error {
	members[versionMember] = json.RawMessage("1")
	b, err := encode(members)
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

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(v)
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
		"The change could not be saved: the state directory cannot be written. Nothing was changed.")
}
