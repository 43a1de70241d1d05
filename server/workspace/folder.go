package workspace

import (
	"cmp"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hermes-webui/server/fault"
)

// maxFolders is how many folders one list has.
const maxFolders = 1000

// Folder is a folder as a person looks into it to choose one.
type Folder struct {
	Path    string  `json:"path"`
	Name    string  `json:"name"`
	Parent  *string `json:"parent"`  // null at a root
	Items   []Entry `json:"items"`   // the folders in it, by name, without hidden ones
	More    bool    `json:"more"`    // there are more than are listed
	Usable  bool    `json:"usable"`  // it can be a workspace
	Problem string  `json:"problem"` // why it cannot be one or not be listed, for people; "" = nothing
}

// Entry is a folder in a list.
type Entry struct {
	Name string `json:"name"`
	Path string `json:"path"`
}

// Look lists a folder; "" is the home folder, or the root where it is not known.
// One that is not there is fault.NotFound; one that may not be listed comes with
// its problem.
func (p *Place) Look(path string) (Folder, error) {
	if path == "" {
		path = p.start()
	}
	clean, err := p.Clean(path)
	if err != nil {
		return Folder{}, err
	}
	return soon(p, func() (Folder, error) { return p.look(clean) }, nil)
}

func (p *Place) look(clean string) (Folder, error) {
	info, err := os.Stat(clean)
	if errors.Is(err, os.ErrNotExist) {
		return Folder{}, notThere(clean)
	}
	if err == nil && !info.IsDir() {
		return Folder{}, refuse(clean + " is no folder. Choose a folder.")
	}
	f := Folder{Path: clean, Name: filepath.Base(clean), Parent: parent(clean), Problem: p.problem(clean)}
	f.Usable = f.Problem == ""
	f.Items, f.More = folders(clean)
	return f, nil
}

func (p *Place) start() string {
	if p.c.Home != "" {
		return p.c.Home
	}
	return filepath.VolumeName(p.c.StateDir) + string(filepath.Separator)
}

func parent(path string) *string {
	up := filepath.Dir(path)
	if up == path {
		return nil
	}
	return &up
}

// folders lists as much as can be read, in slices: a folder may be huge.
func folders(path string) (items []Entry, more bool) {
	items = []Entry{}
	d, err := os.Open(path)
	if err != nil {
		return items, false // the problem says it
	}
	defer d.Close()
	for {
		entries, err := d.ReadDir(256)
		for _, e := range entries {
			if hidden(e.Name()) || !isFolder(path, e) {
				continue
			}
			items = append(items, Entry{e.Name(), filepath.Join(path, e.Name())})
		}
		if err != nil { // also io.EOF; half a list is better than none
			more = !errors.Is(err, io.EOF)
			break
		}
	}
	slices.SortFunc(items, func(a, b Entry) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(a.Name, b.Name))
	})
	if len(items) > maxFolders {
		return items[:maxFolders], true
	}
	return items, more
}

func hidden(name string) bool { return strings.HasPrefix(name, ".") }

// isFolder follows links.
func isFolder(dir string, e os.DirEntry) bool {
	if e.Type()&os.ModeSymlink == 0 {
		return e.IsDir()
	}
	info, err := os.Stat(filepath.Join(dir, e.Name()))
	return err == nil && info.IsDir()
}

// Make makes one folder in a folder that is there, and lists it. One that is
// there already is fault.Conflict.
func (p *Place) Make(path string) (Folder, error) {
	clean, err := p.Clean(path)
	if err != nil {
		return Folder{}, err
	}
	return soon(p, func() (Folder, error) { return p.make(clean) }, nil)
}

func (p *Place) make(clean string) (Folder, error) {
	if state := Resolve(p.c.StateDir); state != "" && within(Resolve(clean), state) && !within(Resolve(clean), filepath.Join(state, inState)) {
		return Folder{}, refuse("This folder belongs to the state of this program. Make yours elsewhere.")
	}
	switch err := os.Mkdir(clean, 0o755); {
	case errors.Is(err, os.ErrExist):
		return Folder{}, fault.New(fault.Conflict, fault.CodeFolderExists, "There is already something called "+filepath.Base(clean)+" here. Choose another name.")
	case errors.Is(err, os.ErrNotExist):
		return Folder{}, notThere(filepath.Dir(clean))
	case errors.Is(err, os.ErrPermission):
		return Folder{}, fault.Wrap(err, fault.Denied, fault.CodeInvalid, "The folder cannot be made here: this user is not allowed to. Choose another place.")
	case err != nil:
		return Folder{}, fault.Wrap(err, fault.Invalid, fault.CodeInvalid, "The folder cannot be made under this name. Choose another one.")
	}
	return p.look(clean)
}
