package workspace

import (
	"context"
	"io/fs"
	"os"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"hermes-webui/server/ignore"
)

// namesAtOnce is how many names of a folder are read between two looks at the
// clock.
const namesAtOnce = 256

// walker goes through a workspace, folder by folder from the top, so that what is
// near the top is known first. It follows no link.
type walker struct {
	root  *os.Root
	found func([]known)
	left  int // how many more names may be looked at
	todo  []level
}

// level is a folder that is still to be looked into.
type level struct {
	path  string // "" = the workspace
	rules ignore.Rules
}

// all reports whether it saw everything: a folder that cannot be read has nothing
// to see.
func (w *walker) all(ctx context.Context) bool {
	w.todo = []level{{}}
	for len(w.todo) > 0 {
		at := w.todo[0]
		w.todo = w.todo[1:]
		if !w.folder(ctx, at) {
			return false
		}
	}
	return true
}

// folder reports whether the walk may go on.
func (w *walker) folder(ctx context.Context, at level) bool {
	// With "/." behind it a folder is opened or nothing at all: a FIFO that takes
	// its place would block for ever.
	dir, err := w.root.OpenRoot("./" + at.path + "/.")
	if err != nil {
		return ctx.Err() == nil
	}
	defer dir.Close()
	f, err := dir.Open(".")
	if err != nil {
		return ctx.Err() == nil
	}
	defer f.Close()
	at.rules = at.rules.With(dir, at.path)
	for {
		// Names only: what else a folder says of its entries may be found out by
		// path, which is not what a Root guards.
		names, err := f.Readdirnames(min(namesAtOnce, w.left+1))
		if len(names) > w.left || ctx.Err() != nil {
			return false
		}
		w.left -= len(names)
		w.found(w.look(dir, at, names))
		if err != nil { // also io.EOF
			return true
		}
	}
}

// look returns what of the names can be named in a prompt, and puts folders on
// the list.
func (w *walker) look(dir *os.Root, at level, names []string) []known {
	all := make([]known, 0, len(names))
	for _, name := range names {
		if !sayable(name) || name == ".git" || name == "node_modules" {
			continue
		}
		info, err := dir.Lstat(name)
		if err != nil {
			continue // gone meanwhile
		}
		linked := info.Mode()&fs.ModeSymlink != 0
		if linked {
			if info, err = dir.Stat(name); err != nil {
				continue // it leads out, or nowhere
			}
		}
		path := name
		if at.path != "" {
			path = at.path + "/" + name
		}
		if !info.IsDir() && !info.Mode().IsRegular() || at.rules.Skip(path, info.IsDir() && !linked) {
			continue
		}
		all = append(all, known{File{path, info.IsDir()}, strings.ToLower(path), info.ModTime().UnixNano()})
		if info.IsDir() && !linked {
			w.todo = append(w.todo, level{path, at.rules})
		}
	}
	return all
}

// sayable reports whether a name can stand in a line of text and be read as it
// is.
func sayable(name string) bool {
	odd := func(r rune) bool {
		return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r)
	}
	return utf8.ValidString(name) && !strings.ContainsFunc(name, odd)
}

// walk looks at the whole of a workspace, until its time is up.
func (l limits) walk(ctx context.Context, open func() (*os.Root, error), found func([]known)) (whole bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, l.walkWithin)
	defer cancel()
	root, err := open()
	if err != nil {
		return false, err
	}
	defer root.Close()
	w := walker{root: root, found: found, left: l.names}
	return w.all(ctx), nil
}

// limits are of walks.
type limits struct {
	names        int           // that one looks at
	walkWithin   time.Duration // it looks no longer
	answerWithin time.Duration // nobody waits longer
	keep         time.Duration // what it saw, for the next letter that is typed
	walks        int           // that are kept or under way, of all workspaces
}

var usual = limits{
	names: 50_000, walkWithin: 3 * time.Second, answerWithin: 300 * time.Millisecond, keep: 3 * time.Second, walks: 8,
}
