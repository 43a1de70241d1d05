package workspace

import (
	"context"
	"path/filepath"
	"slices"
	"sync"
)

// maxRecent is how many workspaces are offered.
const maxRecent = 20

// Recent remembers where sessions worked; store.Store does.
type Recent interface {
	// Workspaces returns at most limit paths, the one used last first.
	Workspaces(ctx context.Context, limit int) ([]string, error)
}

// Known is a workspace that was used before, or the default.
type Known struct {
	Path  string `json:"path"`
	Name  string `json:"name"`
	There bool   `json:"there"` // it can still be used
}

// Recent returns the workspaces of sessions, the one used last first; the
// default is among them.
func (p *Place) Recent(ctx context.Context) ([]Known, error) {
	var paths []string
	if p.c.Recent != nil {
		var err error
		if paths, err = p.c.Recent.Workspaces(ctx, maxRecent); err != nil {
			return nil, err
		}
	}
	if d := p.Default(); d != "" && !slices.Contains(paths, d) {
		paths = append(paths, d)
	}
	all := make([]Known, len(paths))
	var asked sync.WaitGroup // all at once: one disk that is silent delays the others only once
	for i, path := range paths {
		asked.Go(func() {
			_, err := p.Check(path)
			all[i] = Known{Path: path, Name: filepath.Base(path), There: err == nil}
		})
	}
	asked.Wait()
	return all, nil
}
