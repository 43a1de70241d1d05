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
	"sync"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// ID is the driver's id.
const ID = "direct"

const missing = "No provider of models is connected. Enter a key, or the address of a server of your own, under Settings, Providers; " +
	"or set OPENAI_API_KEY, OPENAI_BASE_URL or ANTHROPIC_API_KEY and restart."

// Config is what a Driver needs.
type Config struct {
	Providers Providers
	// Changed is called after lists of models were looked up, from another
	// goroutine; nil = nobody wants to know.
	Changed func()
	Slog    *slog.Logger
	Version string
	Quiet   time.Duration // how long a provider may send nothing; 0 = 5 minutes
}

// Driver drives models of providers.
type Driver struct {
	providers Providers
	client    *http.Client
	shelf     *shelf
	slog      *slog.Logger
	version   string
	quiet     time.Duration
	end       context.CancelFunc
	mu        sync.Mutex
	plain     map[string]bool // provider and model that want plain requests
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
	if c.Quiet == 0 {
		c.Quiet = quietLimit
	}
	ctx, end := context.WithCancel(context.Background())
	client := newClient()
	return &Driver{
		providers: c.Providers, client: client, slog: c.Slog, version: c.Version, quiet: c.Quiet, end: end,
		shelf: &shelf{client: client, ctx: ctx, told: c.Changed, kept: map[string]*look{}},
		plain: map[string]bool{},
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
}

// Describe never waits for a provider: models that are not known yet are looked
// up in the background and are there the next time, see Config.Changed.
func (d *Driver) Describe(context.Context) (agent.Info, error) {
	all := d.providers.Endpoints()
	info := agent.Info{
		ID: ID, Name: "Direct", Version: d.version, Ready: len(all) > 0,
		Can: agent.Abilities{Rewind: agent.RewindTree, Models: []agent.Model{}},
	}
	if !info.Ready {
		info.Missing = missing
	}
	for _, e := range all {
		info.Can.Models = append(info.Can.Models, d.shelf.known(e)...)
	}
	return info, nil
}

// Models returns what each provider offers, or why it does not say. It waits
// for look-ups; its error is only ever that of ctx.
func (d *Driver) Models(ctx context.Context) ([]List, error) {
	out := []List{}
	all := d.providers.Endpoints()
	for _, e := range all {
		d.shelf.get(e) // all at once
	}
	for _, e := range all {
		l, _, err := d.shelf.wait(ctx, e)
		if err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	return out, nil
}

// Open makes a Conn; nothing is asked of a provider yet.
func (d *Driver) Open(_ context.Context, s chat.Session, out func(agent.Step) error) (agent.Conn, error) {
	return newConn(d, s.ID, out), nil
}

func (d *Driver) isPlain(c chosen) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.plain[where(c.endpoint)+" "+c.model]
}

func (d *Driver) setPlain(c chosen) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.plain[where(c.endpoint)+" "+c.model] = true
}
