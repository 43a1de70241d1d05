package main

import (
	"context"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"hermes-webui/server/agent/hermes/locate"
	"hermes-webui/server/hermesdb"
	"hermes-webui/server/mirror"
)

// How often it is looked for profiles of the Hermes Agent, while a page is there
// and while none is: people make them in a terminal.
const (
	profilesFollowed = 5 * time.Second
	profilesAlone    = time.Minute
)

// profiles are those of the Hermes Agent, each with its database. They come to be
// while this program runs.
type profiles struct {
	root    string // the agent's home; "" = not known
	isAgent func(pid int) bool

	mu       sync.Mutex
	seen     []locate.Profile
	bases    map[string]mirror.Base
	dbs      []*hermesdb.DB
	followed bool
	woken    chan struct{}
}

// newProfiles knows of none yet; look finds them. The agent need not be there,
// nor its files.
func newProfiles(root string, isAgent func(pid int) bool) *profiles {
	return &profiles{root: root, isAgent: isAgent, bases: map[string]mirror.Base{}, woken: make(chan struct{}, 1)}
}

// look looks for profiles. It returns the databases of those that are new here,
// and whether anything is other than it was.
func (p *profiles) look() (fresh map[string]mirror.Base, changed bool) {
	if p.root == "" {
		return nil, false
	}
	found := locate.Profiles(p.root)
	p.mu.Lock()
	defer p.mu.Unlock()
	fresh = map[string]mirror.Base{}
	for _, one := range found {
		name := profile(one.Name)
		if p.bases[name] != nil {
			continue
		}
		db := hermesdb.Open(filepath.Join(one.Home, "state.db"), name)
		db.Follow(p.followed)
		p.dbs = append(p.dbs, db)
		p.bases[name] = base{db, p.isAgent}
		fresh[name] = p.bases[name]
	}
	changed = !slices.Equal(found, p.seen)
	p.seen = found
	return fresh, changed
}

// base returns the database of a profile; nil = there is none.
func (p *profiles) base(name string) mirror.Base {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.bases[profile(name)]
}

// databases returns those of all profiles that ever were.
func (p *profiles) databases() []*hermesdb.DB {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.dbs)
}

// follow says whether a page is there that shows what the agents write.
func (p *profiles) follow(yes bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.followed = yes
	for _, db := range p.dbs {
		db.Follow(yes)
	}
	select {
	case p.woken <- struct{}{}:
	default: // it is awake
	}
}

// run looks for profiles until ctx ends: at once when a page comes or goes, and
// again and again. tell gets what look found, where it is news.
func (p *profiles) run(ctx context.Context, tell func(fresh map[string]mirror.Base)) {
	for {
		if fresh, changed := p.look(); changed {
			tell(fresh)
		}
		pause := time.NewTimer(p.pause())
		select {
		case <-pause.C:
		case <-p.woken:
		case <-ctx.Done():
		}
		pause.Stop()
		if ctx.Err() != nil {
			return
		}
	}
}

func (p *profiles) pause() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.followed {
		return profilesFollowed
	}
	return profilesAlone
}

// addProfiles has the databases of profiles that came to be read.
func (c *core) addProfiles(fresh map[string]mirror.Base) {
	for name, b := range fresh {
		c.mirror.Add(name, b)
	}
}

// profilesChanged takes up profiles that came to be, and tells the pages.
func (c *core) profilesChanged(fresh map[string]mirror.Base) {
	c.addProfiles(fresh)
	c.agentsChanged()
}
