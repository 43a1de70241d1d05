// Package direct is the built-in agent: it asks a provider's model itself, over
// HTTP, and needs no other program. It speaks the Chat Completions protocol of
// OpenAI, as very many servers have it, and Anthropic's Messages. It forgives
// what real servers do wrong, tells honestly what they refuse, and never shows
// a key. The history of a session is ours, so any variant can be chosen.
package direct

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/direct/tool"
	"hermes-webui/server/chat"
)

// ID is the driver's id.
const ID = "direct"

const missing = "No provider of models is connected. Enter a key, or the address of a server of your own, under Settings, Models and providers; " +
	"or set OPENAI_API_KEY, OPENAI_BASE_URL or ANTHROPIC_API_KEY and restart."

// Config is what a Driver needs. Only Providers must be there.
type Config struct {
	Providers Providers
	// Changed is called after lists of models were looked up, from another
	// goroutine; nil = nobody wants to know.
	Changed func()
	Slog    *slog.Logger
	Version string
	Quiet   time.Duration // how long a provider may send nothing; 0 = 5 minutes
	// Proxy finds the proxy of a request, as in http.Transport; nil = none.
	Proxy func(*http.Request) (*url.URL, error)

	// Tools are what models may use; empty: they only talk.
	Tools []tool.Tool
	// More returns tools that come and go, and a sentence for each source of them
	// that is not there. It is asked at the start of each turn and must not wait
	// for long; nil = there are none.
	More func(context.Context) (tools []tool.Tool, missing []string)
	// Secrets are values that must be in no log, whatever a tool says: keys of
	// providers and of MCP servers. It is asked anew for each call; nil = none.
	Secrets func() []string
	// Rules keeps what a person allowed for longer than once; nil: nothing can be.
	Rules Rules

	// Default is the model of sessions that have chosen none; nil or "": that of
	// the first provider.
	Default func() string
	// Models is what a person set for a model; nil = nothing.
	Models func(id string) ModelSetting
	// Cache keeps lists of models between starts; nil: it does not.
	Cache Cache
	// Local says where servers on this machine are looked for; see Discover.
	Local Local
	// Prefer is what a person set for all turns; nil: nothing.
	Prefer func() Preferences
}

// Preferences is what a person set for all turns. It is read anew for each.
// Zero fields are not set.
type Preferences struct {
	Titles   bool // the model names a session after its first answer
	AskAfter int  // questions to the model after which the person is asked whether to go on
	// ShortenAt is the percentage of the room in a window from which on what is
	// old is shortened and summarised; not set: when the window is full.
	ShortenAt int
}

// Rules keeps what a person allowed. A session of "" means always.
type Rules interface {
	// Allowed reports whether one of the permits was allowed, in this session or
	// for always.
	Allowed(ctx context.Context, s chat.SessionID, permits []tool.Permit) (bool, error)
	Allow(ctx context.Context, s chat.SessionID, p tool.Permit) error
	// Words says what would be stored, exactly, for people; "" = it cannot be.
	Words(s chat.SessionID, p tool.Permit) string
}

// Cache keeps JSON between starts. What it cannot give is looked up anew.
type Cache interface {
	Get(ctx context.Context, key string) ([]byte, error) // nil = nothing
	Put(ctx context.Context, key string, value []byte) error
}

// ModelSetting is what a person set for a model. Zero fields are not set.
type ModelSetting struct {
	Window int64 // tokens
	Images agent.Sight
	Price  *agent.Price
}

// Driver drives models of providers.
type Driver struct {
	config    Config
	providers Providers
	client    *http.Client
	shelf     *shelf
	slog      *slog.Logger
	version   string
	quiet     time.Duration
	end       context.CancelFunc
	mu        sync.Mutex
	plain     map[string]bool  // provider and model that want plain requests
	blind     map[string]bool  // that take no pictures
	toolless  map[string]bool  // that take no tools
	windows   map[string]int64 // that a server told when a question was too long, in tokens
}

var _ agent.Driver = (*Driver)(nil)

// New returns a Driver. Close ends what it does in the background.
func New(c Config) *Driver {
	if c.Slog == nil {
		c.Slog = slog.New(slog.DiscardHandler)
	}
	if c.Changed == nil {
		c.Changed = func() {}
	}
	if c.Prefer == nil {
		c.Prefer = func() Preferences { return Preferences{} }
	}
	if c.Quiet == 0 {
		c.Quiet = quietLimit
	}
	ctx, end := context.WithCancel(context.Background())
	client := newClient(c.Proxy)
	return &Driver{
		config: c, providers: c.Providers, client: client, slog: c.Slog, version: c.Version, quiet: c.Quiet, end: end,
		shelf: newShelf(ctx, client, c),
		plain: map[string]bool{}, blind: map[string]bool{}, toolless: map[string]bool{}, windows: map[string]int64{},
	}
}

// Close ends look-ups and idle connections. Conns are closed by their owners.
func (d *Driver) Close() {
	d.end()
	d.shelf.wg.Wait()
	d.client.CloseIdleConnections()
}

// Refresh forgets the lists of models: keys or addresses have changed.
func (d *Driver) Refresh() {
	d.shelf.forget()
	d.mu.Lock()
	defer d.mu.Unlock()
	clear(d.plain)
	clear(d.blind)
	clear(d.toolless)
	clear(d.windows)
}

// Describe never waits for a provider: models that are not known yet are looked
// up in the background and are there the next time, see Config.Changed.
func (d *Driver) Describe(context.Context) (agent.Info, error) {
	all := d.providers.Endpoints()
	info := agent.Info{
		ID: ID, Name: "Direct", Version: d.version, Ready: len(all) > 0,
		Can: agent.Abilities{Steer: true, Resume: true, Compress: true, Preset: true, Rewind: agent.RewindTree, Models: []agent.Model{}},
	}
	if !info.Ready {
		info.Missing = missing
	}
	for _, e := range all {
		info.Can.Models = append(info.Can.Models, d.allAsSet(d.shelf.known(e))...)
	}
	return info, nil
}

// Models returns what each provider offers, or why it does not say. It waits
// for look-ups where there is no earlier list, see Config.Changed; its error is
// only ever that of ctx.
func (d *Driver) Models(ctx context.Context) ([]List, error) {
	out := []List{}
	all := d.providers.Endpoints()
	for _, e := range all {
		d.shelf.get(e) // all at once
	}
	for _, e := range all {
		l, err := d.shelf.list(ctx, e)
		if err != nil {
			return nil, err
		}
		l.Models = d.allAsSet(l.Models)
		out = append(out, l)
	}
	return out, nil
}

// Open makes a Conn; nothing is asked of a provider yet.
func (d *Driver) Open(_ context.Context, s chat.Session, out func(agent.Step) error) (agent.Conn, error) {
	return newConn(d, s.ID, out), nil
}

// What servers taught about a model, until their settings change.

func (d *Driver) isPlain(c chosen) bool    { return d.learned(d.plain, c) }
func (d *Driver) setPlain(c chosen)        { d.learn(d.plain, c) }
func (d *Driver) isBlind(c chosen) bool    { return d.learned(d.blind, c) }
func (d *Driver) learnBlind(c chosen)      { d.learn(d.blind, c) }
func (d *Driver) isToolless(c chosen) bool { return d.learned(d.toolless, c) }
func (d *Driver) learnToolless(c chosen)   { d.learn(d.toolless, c) }

func (d *Driver) learned(what map[string]bool, c chosen) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return what[where(c.endpoint)+" "+c.model]
}

func (d *Driver) learn(what map[string]bool, c chosen) {
	d.mu.Lock()
	defer d.mu.Unlock()
	what[where(c.endpoint)+" "+c.model] = true
}

// windowOf is the window of a model as far as it is known.
func (d *Driver) windowOf(c chosen) int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	told := d.windows[where(c.endpoint)+" "+c.model]
	if c.about.Window > 0 && (told == 0 || c.about.Window < told) {
		return c.about.Window
	}
	return told
}

func (d *Driver) learnWindow(c chosen, tokens int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.windows[where(c.endpoint)+" "+c.model] = tokens
}
