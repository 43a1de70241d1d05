package tool

import (
	"context"
	"errors"
	"fmt"
)

// rewriting is a file that is about to get another content.
type rewriting struct {
	at   Place
	spot spot
	was  content
	text string
}

// call returns the use of a tool that writes.
func (w rewriting) call() Call {
	path := w.spot.path()
	if w.was.there && !w.was.huge && w.was.text == w.text {
		return Call{Run: func(_ context.Context, t Turn) (Result, error) {
			_, err := fmt.Fprintf(t, "%s has exactly this content already; nothing was written.\n", path)
			return w.facts(change{}).Result(), err
		}}
	}
	c := changeOf(path, w.was, w.text)
	return Call{
		Needs: w.permission(c),
		Alone: true,
		Run: func(ctx context.Context, t Turn) (Result, error) {
			if err := ctx.Err(); err != nil {
				return Result{}, err
			}
			if err := put(w.at.Root, w.spot, w.was, w.text); err != nil {
				return Result{}, notWritten(err, path)
			}
			_, err := fmt.Fprintf(t, "%s %s (%d lines added, %d removed).\n", w.done(), path, c.added, c.removed)
			return w.facts(c).Result(), err
		},
	}
}

func (w rewriting) permission(c change) *Permission {
	verb := "Create"
	if w.was.there {
		verb = "Change"
	}
	p := &Permission{
		Title:  fmt.Sprintf("%s %s?", verb, w.spot.path()),
		Diff:   c.diff,
		Danger: danger(w.at, w.spot),
	}
	if p.Danger != "" {
		p.Level = 2
	}
	if p.Danger == "" && w.at.Workspace != "" { // a permit without a workspace would hold everywhere
		p.Permits = []Permit{{Kind: Write, Workspace: w.at.Workspace}}
	}
	return p
}

func (w rewriting) facts(c change) Facts {
	return Facts{Kind: "diff", Path: w.spot.path(), Diff: c.diff, Added: &c.added, Removed: &c.removed, Created: !w.was.there}
}

func (w rewriting) done() string {
	if w.was.there {
		return "Changed"
	}
	return "Created"
}

// notWritten says why a file could not be written.
func notWritten(err error, path string) error {
	if errors.Is(err, errChanged) {
		return fmt.Errorf("%s %w", path, err)
	}
	return told(err, path)
}

// writable finds the file that a call wants to write, and what it holds.
func writable(at Place, path string) (spot, content, error) {
	s, err := locate(at, path)
	if err != nil {
		return spot{}, content{}, err
	}
	if s.info != nil && s.info.IsDir() {
		return spot{}, content{}, told(errFolder, path)
	}
	was, err := contentOf(at.Root, s)
	if err != nil {
		return spot{}, content{}, told(err, path)
	}
	if was.readOnly() {
		return spot{}, content{}, fmt.Errorf("%s is write-protected; ask the user before anything is done about it", path)
	}
	return s, was, nil
}
