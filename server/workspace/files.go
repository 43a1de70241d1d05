package workspace

import (
	"cmp"
	"context"
	"errors"
	"os"
	"slices"
	"strings"

	"hermes-webui/server/fault"
)

// File is a file or a folder of a workspace.
type File struct {
	Path string `json:"path" doc:"Relative to the workspace, with /."`
	Dir  bool   `json:"dir"`
}

// Found is what a workspace has for a query, the best first.
type Found struct {
	Items     []File `json:"items"`
	More      bool   `json:"more" doc:"There are more that fit, or not everything was looked at."`
	Workspace string `json:"workspace" doc:"Empty = the session has none."`
}

// Files returns at most limit files and folders of a workspace whose path fits a
// query: those whose name begins with it, then those whose name holds it, then
// those whose path does, then those that have its letters in order. Without a
// query it is what was changed last. Not in it are links that lead out, .git,
// node_modules, what .gitignore names, and names that a prompt cannot hold. It
// answers soon, of a large workspace or a slow disk with what is known until then.
func (p *Place) Files(ctx context.Context, path, query string, limit int) (Found, error) {
	found := Found{Items: []File{}, Workspace: path}
	if path == "" {
		return found, nil
	}
	files, whole, err := p.walks.see(ctx, path, p.openToList)
	if err != nil {
		return Found{}, err
	}
	found.Items, found.More = best(files, query, limit)
	found.More = found.More || !whole
	return found, nil
}

// openToList opens a workspace for a person, who is told why it cannot be.
func (p *Place) openToList(path string) (*os.Root, error) {
	root, err := p.Open(path)
	switch {
	case err == nil || fault.KindOf(err) != fault.Internal:
		return root, err
	case errors.Is(err, os.ErrNotExist):
		return nil, notThere(path)
	}
	if problem := unlistable(path); problem != "" {
		return nil, refuse(problem)
	}
	return nil, err
}

// known is what a walk keeps of a file.
type known struct {
	File
	lower   string // the path
	changed int64
}

// fit says how well a file fits; a smaller rank is better.
type fit struct {
	rank int
	of   *known
}

// best keeps no more than limit while it looks through all of them.
func best(all []known, query string, limit int) (items []File, more bool) {
	query = strings.TrimPrefix(strings.ToLower(strings.TrimSpace(query)), "./")
	rank, order := rankOf, closest
	if query == "" {
		rank, order = rankOfAny, newest
	}
	top := make([]fit, 0, limit+1)
	for i := range all {
		f := fit{rank(&all[i], query), &all[i]}
		if f.rank == noFit {
			continue
		}
		if len(top) == limit {
			more = true
			if order(top[limit-1], f) <= 0 {
				continue
			}
			top = top[:limit-1]
		}
		at, _ := slices.BinarySearchFunc(top, f, order)
		top = slices.Insert(top, at, f)
	}
	items = make([]File, 0, len(top))
	for _, f := range top {
		items = append(items, f.of.File)
	}
	return items, more
}

const noFit = -1

// rankOfAny puts files before folders: a folder changes with what is in it.
func rankOfAny(f *known, _ string) int {
	if f.Dir {
		return 1
	}
	return 0
}

// rankOf looks at the name alone where the query names no folder.
func rankOf(f *known, query string) int {
	name := f.lower
	if !strings.Contains(query, "/") {
		name = name[strings.LastIndexByte(name, '/')+1:]
	}
	switch {
	case strings.HasPrefix(name, query):
		return 0
	case strings.Contains(name, query):
		return 1
	case strings.Contains(f.lower, query):
		return 2
	case inOrder(f.lower, query):
		return 3
	default:
		return noFit
	}
}

func inOrder(text, letters string) bool {
	for _, r := range letters {
		at := strings.IndexRune(text, r)
		if at < 0 {
			return false
		}
		text = text[at+1:] // behind its first byte: the others of a letter begin none
	}
	return true
}

// closest orders what fits equally well: near the top of the workspace first,
// then the shorter path.
func closest(a, b fit) int {
	return cmp.Or(
		cmp.Compare(a.rank, b.rank),
		cmp.Compare(strings.Count(a.of.Path, "/"), strings.Count(b.of.Path, "/")),
		cmp.Compare(len(a.of.Path), len(b.of.Path)),
		strings.Compare(a.of.Path, b.of.Path),
	)
}

func newest(a, b fit) int {
	return cmp.Or(
		cmp.Compare(a.rank, b.rank),
		cmp.Compare(b.of.changed, a.of.changed),
		strings.Compare(a.of.Path, b.of.Path),
	)
}
