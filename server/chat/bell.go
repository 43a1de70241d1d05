package chat

import (
	"context"
	"sync"
)

// NewBell returns a Bell with one rope per session and one for headlines. A
// reader waits only on the ropes that its filter can see, so what happens in a
// session wakes those who look at it and nobody else.
func NewBell() Bell { return &bell{ropes: map[SessionID]*rope{}} }

type bell struct {
	mu        sync.Mutex
	headlines rope
	ropes     map[SessionID]*rope
	floor     Seq // no rope that is not in the map was rung past it
}

// rope is a broadcast of one number. Waiters look at it again after they wake,
// so a ring that comes too early or twice costs nothing.
type rope struct {
	last    Seq
	waiters map[chan struct{}]struct{}
}

// maxRopes bounds the ropes that are kept for sessions nobody waits on.
const maxRopes = 4096

func (b *bell) Ring(seq Seq, s SessionID, headline bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.makeRoom()
	b.rope(s).ring(seq)
	if headline {
		b.headlines.ring(seq)
	}
}

func (r *rope) ring(seq Seq) {
	r.last = max(r.last, seq)
	for w := range r.waiters {
		select {
		case w <- struct{}{}:
		default: // it is already awake
		}
	}
}

func (b *bell) Wait(ctx context.Context, after Seq, f Filter) error {
	w := make(chan struct{}, 1)
	b.mu.Lock()
	b.makeRoom() // not while the ropes are collected: nobody waits on those yet
	ropes := b.see(f)
	for _, r := range ropes {
		if r.last > after {
			b.mu.Unlock()
			return nil
		}
	}
	for _, r := range ropes {
		r.add(w)
	}
	b.mu.Unlock()

	defer func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, r := range ropes {
			delete(r.waiters, w)
		}
	}()
	select {
	case <-w: // any ring of these ropes is past what the reader has seen
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (r *rope) add(w chan struct{}) {
	if r.waiters == nil {
		r.waiters = map[chan struct{}]struct{}{}
	}
	r.waiters[w] = struct{}{}
}

func (b *bell) see(f Filter) []*rope {
	ropes := make([]*rope, 0, len(f.Sessions)+1)
	ropes = append(ropes, &b.headlines)
	for _, s := range f.Sessions {
		ropes = append(ropes, b.rope(s))
	}
	return ropes
}

func (b *bell) rope(s SessionID) *rope {
	r, ok := b.ropes[s]
	if ok {
		return r
	}
	r = &rope{last: b.floor}
	b.ropes[s] = r
	return r
}

// makeRoom forgets the ropes that nobody waits on when there are too many. The
// floor keeps them right: a later reader of such a session may wake once for
// nothing, and never sleeps through something.
func (b *bell) makeRoom() {
	if len(b.ropes) < maxRopes {
		return
	}
	for s, r := range b.ropes {
		if len(r.waiters) == 0 {
			b.floor = max(b.floor, r.last)
			delete(b.ropes, s)
		}
	}
}
