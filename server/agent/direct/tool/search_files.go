package tool

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"hermes-webui/server/ignore"
)

const (
	defaultHits = 100
	maxHits     = 1000
)

// SearchFiles finds lines by a regular expression.
type SearchFiles struct{}

func (SearchFiles) Spec() Spec {
	return Spec{
		Name: "search_files",
		About: "Search the text files of the workspace, line by line, with a regular expression (RE2: no look-around and no " +
			"back-references; (?i) ignores case). The output has path:line: text. .git, what .gitignore names, binary files " +
			"and files over 2 MB are left out. To find files by name use a glob with the pattern \"\" and names_only.",
		Schema: json.RawMessage(`{
  "type": "object",
  "properties": {
    "pattern": {"type": "string", "description": "RE2 expression; \"\" fits each file"},
    "path": {"type": "string", "description": "file or folder to search in; default \".\", the workspace itself"},
    "glob": {"type": "string", "description": "only these files: a name like *.go, or a path like src/**/*.{ts,svelte}"},
    "max": {"type": "integer", "description": "hits at most; default 100, up to 1000"},
    "names_only": {"type": "boolean", "description": "only the names of files with hits"}
  },
  "required": ["pattern"]
}`),
	}
}

func (SearchFiles) Prepare(_ context.Context, at Place, args json.RawMessage) (Call, error) {
	w, err := readWanted(args)
	if err != nil {
		return Call{}, err
	}
	if at.Root == nil {
		return Call{}, ErrNoWorkspace
	}
	return Call{Run: func(ctx context.Context, t Turn) (Result, error) { return searchFiles(ctx, t, at, w) }}, nil
}

// wanted is what a search looks for.
type wanted struct {
	pattern   *regexp.Regexp
	path      string
	glob      *regexp.Regexp // nil: all files
	byName    bool           // the glob is about the last name alone
	max       int
	namesOnly bool
}

func readWanted(args json.RawMessage) (w wanted, err error) {
	a, err := readArguments(args)
	if err != nil {
		return w, err
	}
	pattern, err := a.need("pattern", "query", "regex")
	if err != nil {
		return w, err
	}
	if w.pattern, err = regexp.Compile(pattern); err != nil {
		return w, fmt.Errorf(`"pattern" is no RE2 expression (%s); signs like ( [ { . * + ? need a backslash to be found as they are`, reason(err))
	}
	if w.path, _, err = a.text("path", "dir", "directory"); err != nil {
		return w, err
	}
	if w.path == "" {
		w.path = "."
	}
	if err := w.readGlob(a); err != nil {
		return w, err
	}
	if w.max, err = a.whole(defaultHits, "max", "limit", "max_results"); err != nil {
		return w, err
	}
	w.max = max(1, min(w.max, maxHits))
	w.namesOnly, err = a.flag("names_only")
	return w, err
}

func (w *wanted) readGlob(a arguments) error {
	pattern, _, err := a.text("glob", "include")
	if err != nil || pattern == "" {
		return err
	}
	pattern = strings.TrimPrefix(pattern, "./")
	w.byName = !strings.Contains(pattern, "/")
	w.glob, err = ignore.Glob(pattern, true)
	return err
}

// reason is what the reader of expressions has to say, without its preface.
func reason(err error) string { return strings.TrimPrefix(err.Error(), "error parsing regexp: ") }

// fits reports whether a file is to be looked into; below is its path from where
// the search began, path that from the workspace.
func (w wanted) fits(path, below string) bool {
	switch {
	case w.glob == nil:
		return true
	case w.byName:
		return w.glob.MatchString(path[strings.LastIndexByte(path, '/')+1:])
	default:
		return w.glob.MatchString(path) || w.glob.MatchString(below)
	}
}

func searchFiles(ctx context.Context, t Turn, at Place, w wanted) (Result, error) {
	spot, err := locate(at, w.path)
	if err != nil {
		return Result{}, err
	}
	s := newSearch(ctx, w)
	if err := s.from(at.Root, spot); err != nil && !errors.Is(err, errEnough) {
		return Result{}, told(err, w.path)
	}
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	if _, err := t.Write([]byte(s.text.String())); err != nil {
		return Result{}, err
	}
	return Facts{Kind: "hits", Count: &s.hits, Files: &s.files, Note: s.note()}.Result(), nil
}
