// Package provider keeps the providers of models: where they are and the keys
// to them. It promises that a key leaves only through Endpoint, for a driver
// that is about to use it: never in an answer, a log line or an error. It
// speaks to no provider itself.
package provider

import (
	"fmt"
	"io"
	"slices"
	"sync"

	"hermes-webui/server/fault"
)

// Kind is the protocol that a provider speaks.
type Kind string

const (
	OpenAI    Kind = "openai"    // Chat Completions, as very many servers have it
	Anthropic Kind = "anthropic" // Messages
)

func (k Kind) known() bool { return k == OpenAI || k == Anthropic }

// Source says where the settings in force come from.
type Source string

const (
	FromNowhere     Source = ""            // nothing is set
	FromEnvironment Source = "environment" // of our process
	FromStored      Source = "stored"      // entered in the page
)

// Provider is what everybody may see of a provider.
type Provider struct {
	ID      string `json:"id"`
	Name    string `json:"name"` // for people
	Kind    Kind   `json:"kind"`
	BaseURL string `json:"base_url"`
	HasKey  bool   `json:"has_key"`
	Source  Source `json:"source"`
	Ready   bool   `json:"ready"`   // has a key, or an address of its own that may need none
	Custom  bool   `json:"custom"`  // added by a person
	Problem string `json:"problem"` // what is wrong with the settings, for people; "" = nothing
}

// Endpoint is a provider as a driver needs it, with the real key.
type Endpoint struct {
	ID      string
	Name    string
	Kind    Kind
	BaseURL string
	Key     Key    // empty for servers that need none
	KeyAt   string // where a person changes the key: "in Settings, Models and providers"
	Model   string // default model; "" = not said
}

// Env holds what the environment says. Only package app reads it.
type Env struct {
	OpenAIKey        Key    // OPENAI_API_KEY
	OpenAIBaseURL    string // OPENAI_BASE_URL
	OpenAIModel      string // OPENAI_MODEL
	AnthropicKey     Key    // ANTHROPIC_API_KEY
	AnthropicBaseURL string // ANTHROPIC_BASE_URL
	OpenRouterKey    Key    // OPENROUTER_API_KEY
}

// setting is what was set for a provider, in one place. A key must never be
// sent to a host it was not given for.
type setting struct {
	baseURL string
	key     Key
}

func (s setting) empty() bool { return s.baseURL == "" && s.key.Empty() }

// Book holds all providers. It is safe for concurrent use.
type Book struct {
	secrets Secrets
	offered []known
	mu      sync.Mutex
	shelf   shelf
	problem error // why what is kept cannot be used; it is then never written
	changed []func()
}

// Open reads what is kept. If that is damaged it does not keep the program from
// starting: Problem, Put and Delete say what is wrong, the environment stays in
// force and nothing is written.
func Open(s Secrets, env Env) *Book {
	b := &Book{secrets: s, offered: offered(env)}
	b.shelf, b.problem = load(s)
	return b
}

// Format keeps what is inside out of whatever prints a Book.
func (b *Book) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "provider.Book") }

// all returns the providers in order of preference.
func (b *Book) all() []known {
	return append(slices.Clone(b.offered), b.shelf.custom(b.offered)...)
}

// Problem says why what is kept cannot be used; nil when it can.
func (b *Book) Problem() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.problem
}

// OnChange calls f after each change, outside of any lock. It is for set-up,
// before the Book is shared.
func (b *Book) OnChange(f func()) { b.changed = append(b.changed, f) }

// List returns all providers in order of preference.
func (b *Book) List() []Provider {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := []Provider{}
	for _, k := range b.all() {
		p, _ := b.look(k)
		out = append(out, p)
	}
	return out
}

// Endpoint returns a provider with its key. One that is not offered is
// fault.NotFound, one that is not set up is fault.Unavailable.
func (b *Book) Endpoint(id string) (Endpoint, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	k, err := b.find(id)
	if err != nil {
		return Endpoint{}, err
	}
	p, e := b.look(k)
	if p.Ready {
		return e, nil
	}
	text := k.unready()
	if p.Problem != "" {
		text = p.Problem
	}
	return Endpoint{}, fault.New(fault.Unavailable, fault.CodeNoProvider, text)
}

// Endpoints returns those that are ready, in order of preference.
func (b *Book) Endpoints() []Endpoint {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []Endpoint
	for _, k := range b.all() {
		if p, e := b.look(k); p.Ready {
			out = append(out, e)
		}
	}
	return out
}

// Put stores what is changed, and adds a provider where the id is new: then kind
// and address must be there. What is stored beats the environment. A new address
// of another host forgets the key unless one comes along: no key is sent to a
// host it was not entered for.
func (b *Book) Put(id string, c Change) (Provider, error) {
	p, err := b.put(id, c)
	if err == nil {
		b.notify()
	}
	return p, err
}

func (b *Book) put(id string, c Change) (Provider, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.problem != nil {
		return Provider{}, b.problem
	}
	k, err := b.find(id)
	if err != nil {
		if k, err = newcomer(id, c); err != nil {
			return Provider{}, err
		}
	}
	if k, err = k.named(c); err != nil {
		return Provider{}, err
	}
	next, err := b.merged(k, c.BaseURL, c.Key)
	if err != nil {
		return Provider{}, err
	}
	if err := b.store(k, next); err != nil {
		return Provider{}, err
	}
	p, _ := b.look(k)
	return p, nil
}

// merged is what is stored after a Put.
func (b *Book) merged(k known, baseURL, key *string) (setting, error) {
	now := b.inForce(k)
	next := now.setting
	if now.keyFrom == FromEnvironment {
		next.key = Key{} // the environment's key stays in the environment
	}
	if baseURL != nil {
		u, err := cleanURL(*baseURL)
		if err != nil {
			return setting{}, err
		}
		if u == "" && k.custom {
			return setting{}, invalid("A provider of your own needs an address. Remove it if it is not wanted any more.")
		}
		if origin(u, k.url) != origin(now.baseURL, k.url) {
			next.key = Key{}
		}
		next.baseURL = u
	}
	if key != nil {
		c, err := cleanKey(*key)
		if err != nil {
			return setting{}, err
		}
		next.key = c
	}
	return next, nil
}

// Delete forgets what is stored; the environment is in force again, and a custom
// provider is gone. One without anything stored is left as it is.
func (b *Book) Delete(id string) error {
	err := b.forget(id)
	if err == nil {
		b.notify()
	}
	return err
}

func (b *Book) forget(id string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, err := b.find(id); err != nil {
		return err
	}
	if b.problem != nil {
		return b.problem
	}
	return b.keep(id, entry{})
}

func (b *Book) store(k known, s setting) error {
	e := entry{BaseURL: s.baseURL, Key: s.key.Reveal()}
	if k.custom {
		e.Name, e.Kind = k.name, k.kind
	}
	return b.keep(k.id, e)
}

// keep writes first and only then believes it.
func (b *Book) keep(id string, e entry) error {
	next, err := b.shelf.with(id, e)
	if err != nil {
		return fault.New(fault.Internal, fault.CodeInternal, "The provider could not be saved. Nothing was changed.")
	}
	if err := b.secrets.Put(member, next.raw); err != nil {
		return err
	}
	b.shelf = next
	return nil
}

func (b *Book) notify() {
	for _, f := range b.changed {
		f()
	}
}

func (b *Book) find(id string) (known, error) {
	for _, k := range b.all() {
		if k.id == id {
			return k, nil
		}
	}
	return known{}, fault.New(fault.NotFound, fault.CodeNoProvider, "There is no such provider of models.")
}

// force is what counts now and where it comes from.
type force struct {
	setting
	from, keyFrom Source
}

// inForce returns the stored settings, else those of the environment. Stored
// settings without a key use the environment's key, but only for the same host.
func (b *Book) inForce(k known) force {
	s := b.shelf.setting(k.id)
	switch {
	case s.empty() && k.env.empty():
		return force{}
	case s.empty():
		return force{k.env, FromEnvironment, FromEnvironment}
	case s.key.Empty() && !k.env.key.Empty() && origin(s.baseURL, k.url) == origin(k.env.baseURL, k.url):
		return force{setting{s.baseURL, k.env.key}, FromStored, FromEnvironment}
	default:
		return force{s, FromStored, FromStored}
	}
}

// look builds both views of a provider.
func (b *Book) look(k known) (Provider, Endpoint) {
	s := b.inForce(k)
	p := Provider{ID: k.id, Name: k.name, Kind: k.kind, BaseURL: k.url, HasKey: !s.key.Empty(), Source: s.from, Custom: k.custom}
	if b.problem != nil {
		p.Problem = textOf(b.problem)
	}
	u, err := cleanURL(s.baseURL)
	if err != nil {
		p.BaseURL = "" // may hold a password
		p.Problem = k.urlVar + ": " + textOf(err)
		return p, Endpoint{}
	}
	if u != "" {
		p.BaseURL = u
	}
	elsewhere := origin(u, k.url) != origin("", k.url)
	if elsewhere {
		p.Name = k.other
	}
	p.Ready = p.HasKey || elsewhere
	if k.local {
		p.Ready = u != "" // most need no key, and none of them may be there
	}
	return p, Endpoint{
		ID: p.ID, Name: p.Name, Kind: p.Kind, BaseURL: p.BaseURL,
		Key: s.key, KeyAt: k.keyAt(s.keyFrom), Model: k.modelAt(u),
	}
}
