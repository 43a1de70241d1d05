// Package status holds what is true now and is no history: health, agents,
// "retry in 8 s". One small document per topic and session, the last value
// wins, in memory only. Nothing in it may be needed to rebuild a transcript.
package status

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"hermes-webui/server/chat"
)

// Doc is one document. A nil Body says that there is none any more.
type Doc struct {
	Topic   string
	Session chat.SessionID // "" = of the whole program
	Body    json.RawMessage
}

type key struct {
	topic   string
	session chat.SessionID
}

type entry struct {
	body    json.RawMessage
	version uint64 // grows with every change of the board
}

// Board takes documents and wakes those who watch them. The zero value is not
// ready; use New.
type Board struct {
	mu      sync.Mutex
	version uint64
	docs    map[key]entry
	watches map[chat.SessionID]map[*Watch]struct{} // "" holds all of them
}

// New returns an empty board.
func New() *Board {
	return &Board{docs: map[key]entry{}, watches: map[chat.SessionID]map[*Watch]struct{}{}}
}

// Set replaces the document of a topic and session; a nil doc removes it. A
// document that cannot be JSON is a mistake in our own code and panics.
func (b *Board) Set(topic string, s chat.SessionID, doc any) {
	var body json.RawMessage
	if doc != nil {
		var err error
		if body, err = json.Marshal(doc); err != nil {
			panic(fmt.Sprintf("status: document of %s: %v", topic, err))
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	k := key{topic, s}
	if body == nil {
		if _, ok := b.docs[k]; !ok {
			return
		}
		delete(b.docs, k)
	} else {
		b.version++
		b.docs[k] = entry{body, b.version}
	}
	for w := range b.watches[s] {
		w.wake()
	}
}

// Watch is what one reader sees of a board. It is used by one goroutine.
type Watch struct {
	board    *Board
	sessions []chat.SessionID
	wake     func()
	seen     map[key]uint64 // version of what the reader was told
}

// Watch looks at the documents of the whole program and of these sessions.
// wake is called after each change, under the board's lock: it must return at
// once and must not call the board.
func (b *Board) Watch(sessions []chat.SessionID, wake func()) *Watch {
	w := &Watch{board: b, sessions: append([]chat.SessionID{""}, sessions...), wake: wake, seen: map[key]uint64{}}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range w.sessions {
		if b.watches[s] == nil {
			b.watches[s] = map[*Watch]struct{}{}
		}
		b.watches[s][w] = struct{}{}
	}
	return w
}

// Changes returns what is other than at the last call, the first time all,
// ordered by topic and session.
func (w *Watch) Changes() []Doc {
	w.board.mu.Lock()
	defer w.board.mu.Unlock()
	var out []Doc
	for k, e := range w.board.docs {
		if w.seen[k] == e.version || !slices.Contains(w.sessions, k.session) {
			continue
		}
		w.seen[k] = e.version
		out = append(out, Doc{k.topic, k.session, e.body})
	}
	for k := range w.seen {
		if _, ok := w.board.docs[k]; !ok {
			delete(w.seen, k)
			out = append(out, Doc{k.topic, k.session, nil})
		}
	}
	slices.SortFunc(out, func(a, b Doc) int {
		if c := strings.Compare(a.Topic, b.Topic); c != 0 {
			return c
		}
		return strings.Compare(string(a.Session), string(b.Session))
	})
	return out
}

// Close ends the watch.
func (w *Watch) Close() {
	w.board.mu.Lock()
	defer w.board.mu.Unlock()
	for _, s := range w.sessions {
		delete(w.board.watches[s], w)
		if len(w.board.watches[s]) == 0 {
			delete(w.board.watches, s)
		}
	}
}
