package store

import (
	"slices"
	"sync"

	"hermes-webui/server/chat"
)

// What the tail keeps: all of the newest tailEvents while they stay under
// tailBytes. It is let grow to twice that number before it is cut, so that a
// cut costs little per event.
const (
	tailEvents = 4096
	tailBytes  = 8 << 20
)

// tail holds the newest events, encoded. Its lists only grow at the end or are
// replaced as a whole: a reader may go on with a list after it let the lock go.
type tail struct {
	mu     sync.RWMutex
	last   chat.Seq // newest committed seq
	floor  chat.Seq // every event past it is here
	all    []*chat.Event
	bytes  int
	heads  []*chat.Event                    // headlines
	detail map[chat.SessionID][]*chat.Event // all but headlines
}

// tailChange is what a rewrite of the log does to events.
type tailChange struct {
	replaced map[chat.Seq]chat.Event
	removed  map[chat.Seq]bool
	// purged: all of a session's events but those of kept turns and the
	// tombstone, see purge.go.
	purged chat.SessionID
	kept   map[chat.TurnID]bool
}

func (c tailChange) empty() bool {
	return len(c.replaced) == 0 && len(c.removed) == 0 && c.purged == ""
}

func (c tailChange) drops(e *chat.Event) bool {
	if c.removed[e.Seq] {
		return true
	}
	if c.purged == "" || e.Session != c.purged || c.kept[e.Turn] {
		return false
	}
	_, tombstone := e.Body.(chat.SessionPurged)
	return !tombstone
}

func (t *tail) newest() chat.Seq {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.last
}

// reset fills the tail with the newest events of a log that ends at last. More
// may be on disk before the first of them.
func (t *tail) reset(events []chat.Event, floor, last chat.Seq) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.floor, t.last = floor, last
	t.index(nil)
	for i := range events {
		t.add(&events[i])
	}
}

func (t *tail) extend(events []chat.Event) {
	if len(events) == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range events {
		t.add(&events[i])
		t.last = events[i].Seq
	}
	if len(t.all) > 2*tailEvents || t.bytes > tailBytes {
		t.cut()
	}
}

// rewrite runs commit and then changes the tail, with no reader in between.
func (t *tail) rewrite(c tailChange, commit func() error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := commit(); err != nil {
		return err
	}
	keep := make([]*chat.Event, 0, len(t.all))
	for _, e := range t.all {
		if c.drops(e) {
			continue
		}
		if n, ok := c.replaced[e.Seq]; ok {
			e = &n
		}
		keep = append(keep, e)
	}
	t.index(keep)
	return nil
}

// cut drops the oldest events, down to what is kept in any case or to three
// quarters of the bytes.
func (t *tail) cut() {
	n, bytes := len(t.all), 0
	for n > 0 && len(t.all)-n < tailEvents {
		size := eventSize(t.all[n-1])
		if bytes+size > tailBytes/4*3 {
			break
		}
		bytes += size
		n--
	}
	if n > 0 {
		t.floor = t.all[n-1].Seq
	}
	t.index(slices.Clone(t.all[n:])) // a clone lets go of the old ones
}

func (t *tail) index(events []*chat.Event) {
	t.all, t.heads, t.bytes = nil, nil, 0
	t.detail = map[chat.SessionID][]*chat.Event{}
	for _, e := range events {
		t.add(e)
	}
}

func (t *tail) add(e *chat.Event) {
	t.all = append(t.all, e)
	t.bytes += eventSize(e)
	if chat.Headline(e.Body) {
		t.heads = append(t.heads, e)
		return
	}
	t.detail[e.Session] = append(t.detail[e.Session], e)
}

// eventSize is about what an event costs: its wire form and its body.
func eventSize(e *chat.Event) int { return 2*len(e.Wire()) + 160 }

// after returns the events past after; false when older ones are asked for.
// Its cost is that of what it delivers.
func (t *tail) after(after chat.Seq, f chat.Filter, limit int) ([]chat.Event, bool) {
	t.mu.RLock()
	if after < t.floor {
		t.mu.RUnlock()
		return nil, false
	}
	lists := make([][]*chat.Event, 0, len(f.Sessions)+1)
	lists = add(lists, t.heads, after)
	for i, s := range f.Sessions {
		if !slices.Contains(f.Sessions[:i], s) {
			lists = add(lists, t.detail[s], after)
		}
	}
	t.mu.RUnlock()
	return merge(lists, limit), true
}

func add(lists [][]*chat.Event, l []*chat.Event, after chat.Seq) [][]*chat.Event {
	i, _ := slices.BinarySearchFunc(l, after+1, func(e *chat.Event, seq chat.Seq) int { return int(e.Seq - seq) })
	if i == len(l) {
		return lists
	}
	return append(lists, l[i:])
}

// merge takes the limit oldest events of lists that are in order and share
// nothing. There are few lists: a scan of their heads beats a heap.
func merge(lists [][]*chat.Event, limit int) []chat.Event {
	n := 0
	for _, l := range lists {
		n += len(l)
	}
	if n == 0 {
		return nil
	}
	out := make([]chat.Event, 0, min(n, limit))
	for len(out) < limit && len(lists) > 0 {
		first := 0
		for i := range lists {
			if lists[i][0].Seq < lists[first][0].Seq {
				first = i
			}
		}
		out = append(out, *lists[first][0])
		if lists[first] = lists[first][1:]; len(lists[first]) == 0 {
			lists = slices.Delete(lists, first, first+1)
		}
	}
	return out
}
