package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/hermes"
	"hermes-webui/server/agent/hermes/locate"
	"hermes-webui/server/blob"
	"hermes-webui/server/chat"
)

// openHermes makes the driver of the Hermes Agent and begins to look for it.
func (p *process) openHermes() {
	c := p.core
	c.scout = newScout(p.whereHermes(), c.agentsChanged)
	c.hermes = hermes.New(hermes.Config{
		Find: c.scout.found, Env: agentEnviron(p.Environ), Dir: p.UserHome, Spill: filepath.Join(p.StateDir, "run"), Record: p.childrenDir(),
		Cache: c.store.Cache(), Changed: c.agentsChanged, Slog: p.log, Newest: c.newest,
		Serve: p.serveDir(), Outlive: func() bool { return c.settings.Get().TurnsOutlive },
		Folder: func(path string) (*os.Root, error) { return c.places.Open(path) }, Keep: c.keepFile,
	})
}

// keepFile stores what an agent shows as attachments are stored.
func (c *core) keepFile(ctx context.Context, name, kind string, r io.Reader) (chat.BlobID, error) {
	a, _, err := c.blobs.Put(ctx, blob.New{ID: chat.BlobID(chat.NewID(chat.PrefixAttachment)), Name: name, Type: kind}, r)
	return a.ID, err
}

// serveDir is where is kept what is known of agents that serve on their own; "" =
// this system cannot find them again.
func (p *process) serveDir() string {
	if runtime.GOOS == "windows" {
		return ""
	}
	return filepath.Join(p.StateDir, "run", "serve")
}

// whereHermes is what says where the agent may be.
func (c config) whereHermes() locate.Env {
	e := locate.Env{
		Python: c.Env("HERMES_WEBUI_PYTHON"), Dir: c.Env("HERMES_WEBUI_AGENT_DIR"), Home: c.Env("HERMES_HOME"),
		User: c.UserHome, Path: c.Env("PATH"), Vars: agentEnviron(c.Environ),
	}
	if e.Home == "" {
		e.Home, _ = hermesHome(c.Env, c.UserHome) // where it is not known, it is looked for elsewhere
	}
	if e.Home != "" {
		e.Home = locate.Root(e.Home)
	}
	return e
}

// agentEnviron is the environment of the Hermes Agent: the person's, as in a
// terminal, without what is meant for this program.
func agentEnviron(all environ) []string {
	var env []string
	for _, pair := range all {
		name, _, ok := cutPair(pair)
		if !ok || ofSupervisor(pair) || strings.HasPrefix(name, "HERMES_WEBUI_") || name == "HERMES_HOME" {
			continue
		}
		env = append(env, pair)
	}
	return env
}

// scoutEvery is how often a missing agent is looked for again, while somebody
// asks for it: it may have been installed meanwhile.
const scoutEvery = 30 * time.Second

// scout looks for the agent and remembers what it found. Looking runs a Python:
// nobody waits for it but the first who asks, and not for long.
type scout struct {
	env     locate.Env
	changed func()
	ctx     context.Context
	cancel  context.CancelFunc

	mu      sync.Mutex
	report  locate.Report
	looked  time.Time
	looking chan struct{} // closed when the look that goes on has an end; nil = none
}

func newScout(e locate.Env, changed func()) *scout {
	ctx, cancel := context.WithCancel(context.Background())
	s := &scout{env: e, changed: changed, ctx: ctx, cancel: cancel}
	s.look()
	return s
}

// look begins to look, unless that goes on already, and returns what is closed
// at its end.
func (s *scout) look() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.looking != nil {
		return s.looking
	}
	done := make(chan struct{})
	s.looking = done
	go func() {
		r := locate.Find(s.ctx, s.env)
		s.mu.Lock()
		news := !s.looked.IsZero() && r.Python != s.report.Python
		s.report, s.looked, s.looking = r, time.Now(), nil
		s.mu.Unlock()
		close(done)
		if news {
			s.changed()
		}
	}()
	return done
}

// firstLook is how long the first who asks waits.
const firstLook = 5 * time.Second

// found is what is known now.
func (s *scout) found(ctx context.Context) hermes.Found {
	s.mu.Lock()
	first := s.looked.IsZero()
	stale := !first && s.report.Python == "" && time.Since(s.looked) > scoutEvery
	s.mu.Unlock()
	if first {
		ctx, cancel := context.WithTimeout(ctx, firstLook)
		defer cancel()
		select {
		case <-s.look():
		case <-ctx.Done():
		}
	} else if stale {
		s.look()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.known()
}

// peek says whether the agent was found, and whether that is known; it begins no
// look.
func (s *scout) peek() (found, known bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.report.Python != "", !s.looked.IsZero()
}

// known turns the report into the driver's words; s.mu is held.
func (s *scout) known() hermes.Found {
	f := hermes.Found{Python: s.report.Python, Where: s.report.Where, Version: s.report.Version}
	if s.report.Python != "" {
		f.Where = s.report.Python
	}
	for _, t := range s.report.Tried {
		f.Tried = append(f.Tried, agent.Try{Where: t.Where, Why: t.Why})
	}
	for _, p := range locate.Profiles(s.env.Home) {
		f.Profiles = append(f.Profiles, hermes.Profile{Name: p.Name, About: p.About, Home: p.Home})
	}
	return f
}

// again looks now and waits for the end.
func (s *scout) again(ctx context.Context) error {
	select {
	case <-s.look():
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// close ends a look that goes on.
func (s *scout) close() {
	s.cancel()
	s.mu.Lock()
	looking := s.looking
	s.mu.Unlock()
	if looking != nil {
		<-looking
	}
}
