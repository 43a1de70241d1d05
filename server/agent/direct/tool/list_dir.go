package tool

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
)

const (
	maxListed    = 500
	maxListBytes = 30 << 10
	maxDepth     = 5
)

// ListDir shows what is in a folder.
type ListDir struct{}

func (ListDir) Spec() Spec {
	return Spec{
		Name: "list_dir",
		About: "List a folder of the workspace: folders first (with / at the end), files with their size, links with their " +
			"target. With depth the folders below are shown too, indented; .git and node_modules are not opened. " +
			"To find a file by name or content use search_files.",
		Schema: json.RawMessage(`{
  "type": "object",
  "properties": {
    "path": {"type": "string", "description": "relative to the workspace; default \".\", the workspace itself"},
    "depth": {"type": "integer", "description": "how many levels, 1 to 5; default 1"}
  }
}`),
	}
}

func (ListDir) Prepare(_ context.Context, at Place, args json.RawMessage) (Call, error) {
	a, err := readArguments(args)
	if err != nil {
		return Call{}, err
	}
	path, ok, err := a.text("path", "dir", "directory", "folder")
	if err != nil {
		return Call{}, err
	}
	if !ok || path == "" {
		path = "."
	}
	depth, err := a.whole(1, "depth")
	if err != nil {
		return Call{}, err
	}
	if at.Root == nil {
		return Call{}, ErrNoWorkspace
	}
	return Call{Run: func(ctx context.Context, t Turn) (Result, error) {
		return listDir(ctx, t, at, path, max(1, min(depth, maxDepth)))
	}}, nil
}

func listDir(ctx context.Context, t Turn, at Place, path string, depth int) (Result, error) {
	s, err := locate(at, path)
	if err != nil {
		return Result{}, err
	}
	dir, err := descend(at.Root, s.names)
	if err != nil {
		return Result{}, told(err, path)
	}
	defer dir.Close()
	l := listing{ctx: ctx}
	if err := l.add(dir, depth, ""); err != nil {
		return Result{}, told(err, path)
	}
	if _, err := t.Write([]byte(l.text.String())); err != nil {
		return Result{}, err
	}
	return Facts{Kind: "entries", Path: s.path(), Count: &l.count, Note: l.note()}.Result(), nil
}

// listing is what was found so far.
type listing struct {
	ctx    context.Context
	text   strings.Builder
	count  int
	cut    bool // there is more
	closed int  // folders that could not be opened
}

// add lists a folder and, as deep as is wanted, those below it.
func (l *listing) add(dir *os.Root, depth int, indent string) error {
	entries, more, err := entriesOf(dir)
	if err != nil {
		return err
	}
	l.cut = l.cut || more
	for _, e := range entries {
		if err := l.ctx.Err(); err != nil {
			return err
		}
		line := indent + e.line(dir) + "\n"
		if l.count == maxListed || l.text.Len()+len(line) > maxListBytes {
			l.cut = true
			return nil
		}
		l.count++
		l.text.WriteString(line)
		if depth < 2 || !e.info.IsDir() || e.name == ".git" || e.name == "node_modules" {
			continue
		}
		if err := l.open(dir, e.name, depth-1, indent+"  "); err != nil {
			return err
		}
	}
	return nil
}

// open lists a folder below; one that cannot be opened is no reason to give up.
func (l *listing) open(dir *os.Root, name string, depth int, indent string) error {
	sub, err := enter(dir, name)
	if err != nil {
		l.closed++
		return nil
	}
	defer sub.Close()
	err = l.add(sub, depth, indent)
	if err == nil || errors.Is(err, l.ctx.Err()) {
		return err
	}
	l.closed++
	return nil
}

func (l *listing) note() string {
	var said []string
	if l.count == 0 {
		said = append(said, "The folder is empty.")
	}
	if l.cut {
		said = append(said, fmt.Sprintf("Only the first %d entries are shown; list a folder below, or use search_files.", l.count))
	}
	if l.closed > 0 {
		said = append(said, fmt.Sprintf("%d folders could not be opened.", l.closed))
	}
	return strings.Join(said, " ")
}
