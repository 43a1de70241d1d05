// Package mcp offers the tools of MCP servers (Model Context Protocol) to the
// built-in agent. A server is a program that a person chose and set up: it is
// trusted to run, not with secrets that are not its own, and each use of one of
// its tools needs permission.
package mcp

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"hermes-webui/server/agent/direct/tool"
)

// Config is what a Hub needs.
type Config struct {
	// Servers returns what is set up now. It is asked often and must be quick.
	Servers func() []Server
	// Env is the environment of servers that are programs: ours without secrets.
	Env []string
	// Dir is where programs are recorded while they run, for child.Sweep; "" = nowhere.
	Dir string
	// Slog gets what happens to servers; nil = nobody does.
	Slog *slog.Logger
	// Changed is called when a state changed, from any goroutine; nil = nobody
	// wants to know. It may ask the Hub.
	Changed func()
	// Proxy is for servers at a URL; nil = none.
	Proxy func(*http.Request) (*url.URL, error)
	// Version is told to servers.
	Version string
	Limits  Limits
}

// Limits bounds what servers may take. A zero field has its default.
type Limits struct {
	Connect time.Duration // to start, greet and list tools; 1 minute, since some install themselves first
	Wait    time.Duration // that Tools waits for servers that it knows no tools of; 3 seconds
	Call    time.Duration // of one call; 10 minutes
	Idle    time.Duration // without a use until a server is closed; 15 minutes
	Retry   time.Duration // until the first try after a crash; doubles with each; 1 second
}

func (l Limits) filled() Limits {
	fill := func(to *time.Duration, d time.Duration) {
		if *to == 0 {
			*to = d
		}
	}
	fill(&l.Connect, time.Minute)
	fill(&l.Wait, 3*time.Second)
	fill(&l.Call, 10*time.Minute)
	fill(&l.Idle, 15*time.Minute)
	fill(&l.Retry, time.Second)
	return l
}

// State is how a server is, for people. It holds no secret.
type State struct {
	Name    string
	State   Status
	Problem string // a sentence; "" = none
	Tools   []About
}

// Status is where a server stands.
type Status string

const (
	Off        Status = "off" // switched off, or not needed now
	Connecting Status = "connecting"
	Ready      Status = "ready"
	Failed     Status = "failed"
)

// About is a tool, for people.
type About struct{ Name, About string }

// Problem says why tools of a server are missing.
type Problem struct{ Server, Text string }

// Hub holds the servers. It connects to one when its tools are asked for, and
// lets go of it when it was idle for long.
type Hub struct {
	config Config
	mu     sync.Mutex
	links  map[string]*link
	closed bool
	work   sync.WaitGroup // links that are being closed
}

// New returns a Hub that has not connected to anything yet.
func New(c Config) *Hub {
	if c.Slog == nil {
		c.Slog = slog.New(slog.DiscardHandler)
	}
	if c.Changed == nil {
		c.Changed = func() {}
	}
	if c.Servers == nil {
		c.Servers = func() []Server { return nil }
	}
	c.Limits = c.Limits.filled()
	return &Hub{config: c, links: map[string]*link{}}
}

// current brings the links in line with what is set up, and returns them by
// name. Links to servers that changed are closed in the background.
func (h *Hub) current() []*link {
	servers := h.config.Servers()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil
	}
	stay := map[string]bool{}
	for _, s := range servers {
		if s.Name == "" || stay[s.Name] {
			continue
		}
		stay[s.Name] = true
		if old := h.links[s.Name]; old != nil {
			if old.server.equal(s) {
				continue
			}
			h.drop(old)
		}
		h.links[s.Name] = newLink(h, s.clone())
	}
	for name, l := range h.links {
		if !stay[name] {
			h.drop(l)
		}
	}
	all := make([]*link, 0, len(h.links))
	for _, l := range h.links {
		all = append(all, l)
	}
	slices.SortFunc(all, func(a, b *link) int { return strings.Compare(a.server.Name, b.server.Name) })
	return all
}

// drop closes a link in the background. h.mu is held.
func (h *Hub) drop(l *link) {
	delete(h.links, l.server.Name)
	h.work.Go(l.close)
}

// Refresh is for after a change of what is set up: servers that changed are let
// go of. They are connected anew when they are needed.
func (h *Hub) Refresh() {
	h.current()
	h.config.Changed()
}

// Tools returns the tools of all servers, and what is missing. It connects where
// that is needed, but waits only a little: the tools of a slow server come with
// a later call.
func (h *Hub) Tools(ctx context.Context) ([]tool.Tool, []Problem) {
	ctx, cancel := context.WithTimeout(ctx, h.config.Limits.Wait)
	defer cancel()
	links := slices.DeleteFunc(h.current(), func(l *link) bool { return !l.server.Enabled })
	var waits []<-chan struct{}
	for _, l := range links {
		settled := l.start(false)
		if !l.known() {
			waits = append(waits, settled)
		}
	}
	for _, settled := range waits {
		select {
		case <-settled:
		case <-ctx.Done():
		}
	}
	return gather(links)
}

// States returns how the servers are, by name. It connects to none.
func (h *Hub) States() []State {
	links := h.current()
	out := make([]State, len(links))
	for i, l := range links {
		out[i] = l.status()
	}
	return out
}

// Check connects to a server, also one that failed a moment ago, and says how it
// is; one that is connected must answer. A server that is switched off stays so.
func (h *Hub) Check(ctx context.Context, name string) State {
	for _, l := range h.current() {
		if l.server.Name == name {
			l.check(ctx)
			return l.status()
		}
	}
	return State{Name: name, State: Failed, Problem: "There is no MCP server of this name."}
}

// Close ends all servers, with every process that they started. Calls that run
// fail.
func (h *Hub) Close() {
	h.mu.Lock()
	h.closed = true
	for _, l := range h.links {
		h.drop(l)
	}
	h.mu.Unlock()
	h.work.Wait()
}
