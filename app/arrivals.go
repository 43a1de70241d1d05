package main

import (
	"context"
	"net"
	"net/http"
	"sync"
)

// arrivals knows the connections whose first request has not come yet. An
// http.Server that is shut down drops a request that it reads after that, so a
// front waits for them first.
type arrivals struct {
	mu      sync.Mutex
	waiting map[net.Conn]struct{}
	none    chan struct{} // not nil while somebody waits; closed when none is left
}

func newArrivals() *arrivals { return &arrivals{waiting: map[net.Conn]struct{}{}} }

func (a *arrivals) add(c net.Conn) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.waiting[c] = struct{}{}
}

func (a *arrivals) remove(c net.Conn) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.waiting, c)
	if len(a.waiting) == 0 && a.none != nil {
		close(a.none)
		a.none = nil
	}
}

// wait returns when no connection waits, or with ctx.
func (a *arrivals) wait(ctx context.Context) {
	a.mu.Lock()
	if len(a.waiting) == 0 {
		a.mu.Unlock()
		return
	}
	if a.none == nil {
		a.none = make(chan struct{})
	}
	none := a.none
	a.mu.Unlock()
	select {
	case <-none:
	case <-ctx.Done():
	}
}

type connKey struct{}

// watch makes a server tell of requests that came and connections that ended.
// Connections are added where they are accepted.
func (a *arrivals) watch(s *http.Server) {
	handler, state := s.Handler, s.ConnState
	s.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		return context.WithValue(ctx, connKey{}, c)
	}
	s.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, ok := r.Context().Value(connKey{}).(net.Conn); ok {
			a.remove(c)
		}
		handler.ServeHTTP(w, r)
	})
	s.ConnState = func(c net.Conn, to http.ConnState) {
		if to == http.StateClosed {
			a.remove(c)
		}
		state(c, to)
	}
}
