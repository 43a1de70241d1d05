// Package secret keeps secrets.json, the one file in the state directory that
// holds keys. It knows nothing of what stands in it: each member of the file
// belongs to whoever asks for it by name, and members that nobody asks for are
// kept as they are.
package secret

import (
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"sync"

	"hermes-webui/server/fault"
)

// FileName is the file in the state directory.
const FileName = "secrets.json"

// File is secrets.json. It is safe for concurrent use. Nobody else may write
// the file while it is in use: one process holds a state directory.
type File struct {
	dir     string
	problem error // why the file cannot be used; it is then never written
	mu      sync.Mutex
	members map[string]json.RawMessage // replaced as a whole, never changed
}

// Open reads the file, which need not exist yet. A damaged file does not keep
// the program from starting: Problem and Put say what is wrong, Get knows
// nothing, and the file is not touched.
func Open(dir string) (*File, error) {
	members, err := read(dir)
	if err == nil {
		return &File{dir: dir, members: members}, nil
	}
	if fault.CodeOf(err) != fault.CodeStoreDamaged && fault.CodeOf(err) != fault.CodeStoreNewer {
		return nil, err
	}
	return &File{dir: dir, problem: err}, nil
}

// Peek reads the file and changes nothing, neither what it holds nor who may read
// it. It is for a look at a state directory that another process may hold: Put
// of the result is not to be called.
func Peek(dir string) (*File, error) {
	b, err := os.ReadFile(filepath.Join(dir, FileName))
	if errors.Is(err, fs.ErrNotExist) {
		return &File{dir: dir}, nil
	}
	if err != nil {
		return nil, err
	}
	members, err := parse(b)
	return &File{dir: dir, members: members, problem: err}, nil
}

// Problem says why the file cannot be used; nil when it can.
func (f *File) Problem() error { return f.problem }

// Get returns a member of the file as it stands there; nil where there is none.
// The caller must not change it.
func (f *File) Get(member string) json.RawMessage {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.members[member]
}

// Put writes a member, and the file first: after an error nothing has changed,
// neither on the disk nor here. Errors are *fault.Error and hold no secret.
func (f *File) Put(member string, v any) error {
	if f.problem != nil {
		return f.problem
	}
	value, err := encode(v)
	if err != nil {
		return notWritten(err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	next := maps.Clone(f.members)
	if next == nil {
		next = map[string]json.RawMessage{}
	}
	next[member] = value
	if err := write(f.dir, next); err != nil {
		return err
	}
	f.members = next
	return nil
}
