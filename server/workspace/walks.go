package workspace

import (
	"context"
	"os"
	"sync"
	"time"
)

// walks shares what was seen of a workspace with all who ask for it within a few
// seconds. A disk that answers no more keeps one goroutine per workspace and not
// one per request: a walk that hangs stays the walk of its workspace.
type walks struct {
	limits
	mu sync.Mutex
	of map[string]*walk
}

// walk is one look at a workspace.
type walk struct {
	done chan struct{}
	stop context.CancelFunc

	mu      sync.Mutex
	seen    []known // only ever grows
	whole   bool
	err     error
	waiting int // requests
	ended   bool
	stopped bool // before its end: nobody wanted it any more
}

// see returns what is known of a workspace when a walk through it ends, or when
// waiting longer would be felt.
func (w *walks) see(ctx context.Context, path string, open func(string) (*os.Root, error)) (seen []known, whole bool, err error) {
	timer := time.NewTimer(w.answerWithin)
	defer timer.Stop()
	for {
		at := w.join(ctx, path, open)
		if at == nil {
			return nil, false, nil // so many disks hang
		}
		select {
		case <-at.done:
			at.leave(false)
			if at.wasStopped() {
				continue // its last request went away; this one came too late to keep it
			}
		case <-timer.C:
			at.leave(false)
		case <-ctx.Done():
			at.leave(true)
			return nil, false, ctx.Err()
		}
		return at.result()
	}
}

// join returns the walk of a workspace, a new one where there is none; nil where
// there are too many.
func (w *walks) join(ctx context.Context, path string, open func(string) (*os.Root, error)) *walk {
	w.mu.Lock()
	defer w.mu.Unlock()
	if at := w.of[path]; at != nil {
		at.join()
		return at
	}
	if !w.room() {
		return nil
	}
	if w.of == nil {
		w.of = map[string]*walk{}
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx)) // others wait for it too
	at := &walk{done: make(chan struct{}), stop: stop, waiting: 1}
	w.of[path] = at
	go func() {
		defer stop()
		whole, err := w.walk(ctx, func() (*os.Root, error) { return open(path) }, at.add)
		w.end(path, at, whole, err)
	}()
	return at
}

// room makes place for one more by letting go of one that has ended.
func (w *walks) room() bool {
	if len(w.of) < w.limits.walks {
		return true
	}
	for path, at := range w.of {
		select {
		case <-at.done:
			delete(w.of, path)
			return true
		default:
		}
	}
	return false
}

// end keeps what was seen for a while.
func (w *walks) end(path string, at *walk, whole bool, err error) {
	at.mu.Lock()
	at.whole, at.err, at.ended = whole, err, true
	useless := at.stopped || err != nil
	at.mu.Unlock()
	if useless {
		w.forget(path, at)
	} else {
		time.AfterFunc(w.keep, func() { w.forget(path, at) })
	}
	close(at.done)
}

func (w *walks) forget(path string, at *walk) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.of[path] == at {
		delete(w.of, path)
	}
}

func (a *walk) join() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.waiting++
}

// leave stops a walk when the last one who waits for it went away; who has an
// answer will ask again.
func (a *walk) leave(away bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.waiting--
	if away && a.waiting == 0 && !a.ended {
		a.stopped = true
		a.stop()
	}
}

func (a *walk) wasStopped() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.stopped
}

func (a *walk) add(more []known) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.seen = append(a.seen, more...)
}

func (a *walk) result() (seen []known, whole bool, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.seen, a.whole, a.err
}
