package mcp

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"hermes-webui/server/agent/direct/redact"
)

const (
	steady     = time.Minute // a session that lived for this long ended by chance
	maxPause   = 5 * time.Minute
	ownRetries = 5 // after a crash, before somebody has to ask for the server
)

// link is one server and, while it is needed, the connection to it.
type link struct {
	hub    *Hub
	server Server
	hide   redact.Words // for what people and logs get
	scrub  redact.Words // for what models get
	ctx    context.Context
	cancel context.CancelFunc
	work   sync.WaitGroup

	mu      sync.Mutex
	state   Status
	problem string
	session *session      // nil: not connected
	tools   []*sdk.Tool   // as they were listed last
	listed  bool          // they were, ever
	tries   int           // that failed, one after another
	next    time.Time     // no try before it, unless a person wants one
	settled chan struct{} // closed when the try that runs has ended; nil = none runs
	timer   *time.Timer   // the next try, or the end of idling; nil = none
	uses    int
	closed  bool
}

func newLink(h *Hub, s Server) *link {
	secrets := s.secrets()
	l := &link{hub: h, server: s, state: Off, hide: redact.Of(secrets, 4), scrub: redact.Of(secrets, 8)}
	l.ctx, l.cancel = context.WithCancel(context.Background()) // it lives longer than who asked first
	return l
}

var nothing = func() chan struct{} { c := make(chan struct{}); close(c); return c }()

// start connects in the background unless that was done, or failed a moment ago
// (then only if forced). The channel is closed when it is settled.
func (l *link) start(forced bool) <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.closed || !l.server.Enabled:
		return nothing
	case l.session != nil:
		l.touch()
		return nothing
	case l.settled != nil:
		return l.settled
	case !forced && time.Now().Before(l.next):
		return nothing
	}
	l.stopTimer()
	l.state, l.problem, l.settled = Connecting, "", make(chan struct{})
	l.work.Go(l.try)
	return l.settled
}

func (l *link) try() {
	defer l.hub.config.Changed()
	ctx, cancel := context.WithTimeout(l.ctx, l.hub.config.Limits.Connect)
	defer cancel()
	s, err := l.greet(ctx)
	var tools []*sdk.Tool
	if err == nil {
		tools, err = s.tools(ctx)
	}
	if err != nil && s != nil {
		s.end()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	close(l.settled)
	l.settled = nil
	switch {
	case l.closed && err == nil:
		l.work.Go(s.end)
	case l.closed:
	case err != nil:
		l.failed("could not be connected: " + err.Error())
	default:
		l.state, l.problem, l.session, l.tools, l.listed = Ready, "", s, tools, true
		l.touch()
		l.work.Go(func() { l.watch(s) })
		l.hub.config.Slog.Info("mcp server connected", "server", l.server.Name, "tools", len(tools))
	}
}

// failed notes what went wrong and when the next try may be. l.mu is held.
func (l *link) failed(what string) {
	l.state = Failed
	l.problem = l.hide.Clean(fmt.Sprintf("The MCP server %s %s.", l.server.Name, what))
	l.tries++
	pause := min(l.hub.config.Limits.Retry<<min(l.tries-1, 20), maxPause)
	l.next = time.Now().Add(pause)
	l.hub.config.Slog.Warn("mcp server failed", "server", l.server.Name, "tries", l.tries)
	if l.listed && l.tries <= ownRetries {
		l.stopTimer()
		l.timer = time.AfterFunc(pause, func() { l.start(true) })
	}
}

// watch follows a session until it ends.
func (l *link) watch(s *session) {
	for {
		select {
		case <-s.gone:
			l.lost(s)
			return
		case <-s.changed:
			l.relist(s)
		}
	}
}

// lost is for a session that ended; one that we ended is not the link's any more.
func (l *link) lost(s *session) {
	s.end()
	l.mu.Lock()
	mine := l.session == s
	if mine {
		l.session = nil
		if time.Since(s.began) > steady {
			l.tries = 0
		}
		what := "ended unexpectedly"
		if said := s.tail.said(); said != "" {
			what += ". It said:\n" + said + "\n"
		}
		l.failed(what)
	}
	l.mu.Unlock()
	if mine {
		l.hub.config.Changed()
	}
}

func (l *link) relist(s *session) {
	ctx, cancel := context.WithTimeout(l.ctx, l.hub.config.Limits.Connect)
	defer cancel()
	tools, err := s.tools(ctx)
	l.mu.Lock()
	mine := l.session == s
	switch {
	case !mine:
	case err != nil:
		l.problem = l.hide.Clean(fmt.Sprintf("The tools of the MCP server %s may have changed: %v.", l.server.Name, err))
	default:
		l.tools, l.problem = tools, ""
	}
	l.mu.Unlock()
	if mine {
		l.hub.config.Changed()
	}
}

// check connects, or asks a connected server something. That goes on when nobody
// waits for it any more: what it finds is true for all.
func (l *link) check(ctx context.Context) {
	l.mu.Lock()
	s, settled := l.session, make(chan struct{})
	if s != nil { // so it is not closed
		l.work.Go(func() {
			defer close(settled)
			l.relist(s)
		})
	}
	l.mu.Unlock()
	var done <-chan struct{} = settled
	if s == nil {
		done = l.start(true)
	}
	select {
	case <-done:
	case <-ctx.Done():
	}
}

// use returns the session for a call; it connects where that is needed. done
// says that the call is over.
func (l *link) use(ctx context.Context) (s *session, done func(), err error) {
	select {
	case <-l.start(true):
	case <-ctx.Done():
		return nil, nil, context.Cause(ctx)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.closed || !l.server.Enabled:
		return nil, nil, fmt.Errorf("the MCP server %s was changed, switched off or removed; go on without it", l.server.Name)
	case l.session == nil && l.problem != "":
		return nil, nil, errors.New(l.problem)
	case l.session == nil:
		return nil, nil, fmt.Errorf("the MCP server %s is not connected; try again", l.server.Name)
	}
	l.uses++
	l.stopTimer()
	return l.session, l.used, nil
}

func (l *link) used() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.uses--
	l.touch()
}

// touch begins to count idleness anew. l.mu is held.
func (l *link) touch() {
	if l.closed || l.session == nil || l.uses > 0 {
		return
	}
	l.stopTimer()
	l.timer = time.AfterFunc(l.hub.config.Limits.Idle, l.rest)
}

func (l *link) stopTimer() {
	if l.timer != nil {
		l.timer.Stop()
		l.timer = nil
	}
}

// rest lets go of a server that nobody used. Its tools stay known.
func (l *link) rest() {
	l.mu.Lock()
	s := l.session
	if l.closed || s == nil || l.uses > 0 {
		l.mu.Unlock()
		return
	}
	l.session, l.state, l.problem, l.tries = nil, Off, "", 0
	l.work.Go(s.end)
	l.mu.Unlock()
	l.hub.config.Changed()
}

// close ends everything and returns when it has ended.
func (l *link) close() {
	l.mu.Lock()
	l.closed = true
	s := l.session
	l.session, l.state = nil, Off
	l.stopTimer()
	l.mu.Unlock()
	l.cancel()
	if s != nil {
		s.end()
	}
	l.work.Wait()
}

// known reports whether there are tools to go by while the server connects, or
// nothing to wait for.
func (l *link) known() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.listed || l.state == Failed
}

func (l *link) status() State {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := State{Name: l.server.Name, State: l.state, Problem: l.problem}
	for _, t := range l.tools {
		s.Tools = append(s.Tools, About{Name: t.Name, About: l.hide.Clean(shorten(t.Description, 400))})
	}
	return s
}
