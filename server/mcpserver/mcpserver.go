// Package mcpserver keeps which MCP servers (Model Context Protocol) a person
// has set up: the command or the address of each, with the values that it gets.
// A value leaves only through Config, for the client that is about to connect:
// never in an answer, a log line or an error. It speaks to no server itself.
package mcpserver

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"

	"hermes-webui/server/fault"
)

// Server is what everybody may see of an MCP server.
type Server struct {
	Name    string   `json:"name"`
	Command []string `json:"command"` // program and arguments; empty: it is at URL
	Env     []string `json:"env"`     // names of its variables; values are never told
	URL     string   `json:"url"`
	Headers []string `json:"headers"` // names only
	Enabled bool     `json:"enabled"`
	Status
}

// Status is what is true of a server now.
type Status struct {
	State   State  `json:"state"`
	Problem string `json:"problem"` // why it failed, for people; "" = nothing
	Tools   []Tool `json:"tools"`
}

// State says how far the connection is. The set is closed.
type State string

const (
	Off        State = "off"
	Connecting State = "connecting"
	Ready      State = "ready"
	Failed     State = "failed"
)

// Tool is one tool of a server.
type Tool struct {
	Name  string `json:"name"`
	About string `json:"about"`
}

// Config is a server as a client needs it, with the real values.
type Config struct {
	Name    string
	Command []string // empty: URL
	Env     map[string]string
	URL     string
	Headers map[string]string
	Enabled bool
}

// Change says what is to be other; nil leaves a thing as it is. A map is the
// whole of it: a name that is missing is removed, nil keeps its stored value.
type Change struct {
	Command []string
	Env     map[string]*string
	URL     *string
	Headers map[string]*string
	Enabled *bool
}

// Secrets keeps members by name where only this user can read them; secret.File
// does.
type Secrets interface {
	// Problem says why nothing can be kept; nil = it can.
	Problem() error
	// Get returns a member, or nil.
	Get(member string) json.RawMessage
	// Put keeps a member. After an error nothing has changed.
	Put(member string, v any) error
}

// Client is connected to the servers; it knows what is true of them now. It may
// ask the Book for Configs whenever it is asked something itself.
type Client interface {
	// Status of a server that the client does not know is that of one that is off.
	Status(name string) Status
	// Check connects anew, waits for what comes of it and says it.
	Check(ctx context.Context, name string) Status
}

// member of the secrets that is ours.
const member = "mcp"

// stored is a server on the disk.
type stored struct {
	Command []string          `json:"command,omitempty"`
	Env     map[string]string `json:"env,omitempty"`
	URL     string            `json:"url,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
	Off     bool              `json:"off,omitempty"`
}

// Book holds all servers. It is safe for concurrent use.
type Book struct {
	secrets Secrets
	client  Client // asked without the lock
	changed []func()
	other   func(name string) error
	mu      sync.Mutex
	servers map[string]stored
	problem error // why the secrets cannot be used; they are then never written
}

// Open reads the servers. Secrets that cannot be read do not keep the program
// from starting: Problem, Put and Delete say it.
func Open(s Secrets) *Book {
	b := &Book{secrets: s, client: nobody{}}
	b.servers, b.problem = load(s)
	return b
}

// nobody is the client until there is one.
type nobody struct{}

func (nobody) Status(string) Status                 { return Status{State: Off} }
func (nobody) Check(context.Context, string) Status { return Status{State: Off} }

// Use sets the client. It is for set-up, before the Book is shared.
func (b *Book) Use(c Client) { b.client = c }

func load(s Secrets) (map[string]stored, error) {
	all := map[string]stored{}
	if err := s.Problem(); err != nil {
		return all, err
	}
	raw := s.Get(member)
	if raw == nil {
		return all, nil
	}
	// The cause is dropped: a JSON error can quote the text around it.
	if json.Unmarshal(raw, &all) != nil || all == nil {
		return map[string]stored{}, fault.New(fault.Unavailable, fault.CodeStoreDamaged,
			"The MCP servers in secrets.json cannot be read and are left as they are. Repair the file, then restart.")
	}
	return all, nil
}

// Problem says why the secrets cannot be used; nil when they can.
func (b *Book) Problem() error { return b.problem }

// OnOther calls f before a name stands for another program or address than
// before, or for none. If it fails nothing changes. f must not ask the Book. It
// is for set-up, before the Book is shared.
func (b *Book) OnOther(f func(name string) error) { b.other = f }

// OnChange calls f after each change, outside of any lock. It is for set-up,
// before the Book is shared.
func (b *Book) OnChange(f func()) { b.changed = append(b.changed, f) }

// List returns all servers by name.
func (b *Book) List() []Server {
	b.mu.Lock()
	servers := b.servers // never changed, only replaced
	b.mu.Unlock()
	all := make([]Server, 0, len(servers))
	for _, name := range slices.Sorted(maps.Keys(servers)) {
		all = append(all, servers[name].shown(name, b.client.Status(name)))
	}
	return all
}

// Configs returns all servers by name, with their values.
func (b *Book) Configs() []Config {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := make([]Config, 0, len(b.servers))
	for _, name := range slices.Sorted(maps.Keys(b.servers)) {
		all = append(all, b.servers[name].config(name))
	}
	return all
}

// Put changes a server, or makes one where there is none of the name.
func (b *Book) Put(name string, c Change) (Server, error) {
	s, err := b.put(name, c)
	if err != nil {
		return Server{}, err
	}
	b.notify()
	return s.shown(name, b.client.Status(name)), nil
}

func (b *Book) put(name string, c Change) (stored, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.problem != nil {
		return stored{}, b.problem
	}
	if err := checkName(name); err != nil {
		return stored{}, err
	}
	if _, there := b.servers[name]; !there && len(b.servers) >= maxServers {
		return stored{}, invalid("There are too many MCP servers. Remove one of them first.")
	}
	next, err := b.servers[name].with(c)
	if err != nil {
		return stored{}, err
	}
	if old, there := b.servers[name]; there && (!slices.Equal(old.Command, next.Command) || old.URL != next.URL) {
		if err := b.tellOther(name); err != nil {
			return stored{}, err
		}
	}
	return next, b.save(func(all map[string]stored) { all[name] = next })
}

// Delete forgets a server with its values.
func (b *Book) Delete(name string) error {
	err := b.forget(name)
	if err == nil {
		b.notify()
	}
	return err
}

func (b *Book) forget(name string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.servers[name]; !ok {
		return notThere()
	}
	if b.problem != nil {
		return b.problem
	}
	if err := b.tellOther(name); err != nil {
		return err
	}
	return b.save(func(all map[string]stored) { delete(all, name) })
}

func (b *Book) tellOther(name string) error {
	if b.other == nil {
		return nil
	}
	return b.other(name)
}

// Check connects to a server now and says what came of it. One that is off
// stays off.
func (b *Book) Check(ctx context.Context, name string) (Server, error) {
	b.mu.Lock()
	s, ok := b.servers[name]
	b.mu.Unlock()
	if !ok {
		return Server{}, notThere()
	}
	return s.shown(name, b.client.Check(ctx, name)), nil
}

// save writes the file first and only then believes it.
func (b *Book) save(change func(map[string]stored)) error {
	next := maps.Clone(b.servers)
	change(next)
	if err := b.secrets.Put(member, next); err != nil {
		return err
	}
	b.servers = next
	return nil
}

func (b *Book) notify() {
	for _, f := range b.changed {
		f()
	}
}

// shown is s without its values.
func (s stored) shown(name string, status Status) Server {
	if s.Off {
		status = Status{State: Off}
	}
	if status.Tools == nil {
		status.Tools = []Tool{}
	}
	command := s.Command
	if command == nil {
		command = []string{}
	}
	return Server{
		Name: name, Command: command, URL: s.URL, Enabled: !s.Off, Status: status,
		Env: names(s.Env), Headers: names(s.Headers),
	}
}

func names(values map[string]string) []string {
	all := slices.Sorted(maps.Keys(values))
	if all == nil {
		return []string{}
	}
	return all
}

func (s stored) config(name string) Config {
	return Config{
		Name: name, Command: slices.Clone(s.Command), Env: maps.Clone(s.Env), URL: s.URL, Headers: maps.Clone(s.Headers), Enabled: !s.Off,
	}
}

func notThere() error {
	return fault.New(fault.NotFound, fault.CodeNoMCP, "There is no MCP server of this name.")
}
