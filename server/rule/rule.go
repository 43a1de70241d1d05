// Package rule keeps what a person allowed an agent for longer than once. A
// rule is exact: it allows this very command, host or tool and nothing like it.
package rule

import (
	"context"
	"fmt"
	"strings"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// Kind is the sort of a rule. The set is closed.
type Kind string

const (
	Command Kind = "command" // runs exactly this command in this workspace
	Write   Kind = "write"   // writes files in this workspace
	Host    Kind = "host"    // fetches from this host
	MCP     Kind = "mcp"     // uses this tool of this MCP server
)

// Prefix of the ids of rules.
const Prefix = "rul_"

// Permit is what a rule allows.
type Permit struct {
	Kind      Kind
	Pattern   string // the command, the host, server/tool; "" for Write
	Workspace string // where it holds; "" = everywhere
}

// Rule is a permit that a person gave.
type Rule struct {
	ID string
	Permit
	Session   chat.SessionID // "" = always
	CreatedAt chat.Time
}

// Limits of one rule, in bytes.
const (
	maxPattern   = 64 << 10
	maxWorkspace = 4 << 10
)

// Check returns why p can be no rule: its kind is unknown, or it would allow
// more than a person can see.
func (p Permit) Check() error {
	if len(p.Pattern) > maxPattern || len(p.Workspace) > maxWorkspace {
		return invalid("This is too long to be stored as a rule. Allow it once.")
	}
	switch p.Kind {
	case Command:
		if p.Pattern == "" || p.Workspace == "" {
			return invalid("A rule for a command needs the command and the folder that it runs in.")
		}
	case Write:
		if p.Pattern != "" || p.Workspace == "" {
			return invalid("A rule for writing files needs a folder, and nothing else.")
		}
	case Host:
		if p.Pattern == "" {
			return invalid("A rule for fetching needs a host.")
		}
	case MCP:
		if name, of, ok := cutTool(p.Pattern); !ok || name == "" || of == "" {
			return invalid("A rule for a tool of an MCP server needs the names of both.")
		}
	default:
		return unknown(p.Kind)
	}
	return nil
}

// Text says what p allows, in the exact words of the ask and of the settings.
func (p Permit) Text() (string, error) {
	switch p.Kind {
	case Command:
		return "run exactly: " + p.Pattern + p.place(" — in "), nil
	case Write:
		return "write files in " + p.Workspace + " (not in .git)", nil
	case Host:
		return "fetch from " + p.Pattern + p.place(", in "), nil
	case MCP:
		name, of, _ := cutTool(p.Pattern)
		return "use " + name + " of " + of + p.place(", in "), nil
	default:
		return "", unknown(p.Kind)
	}
}

func (p Permit) place(word string) string {
	if p.Workspace == "" {
		return ""
	}
	return word + p.Workspace
}

// cutTool splits server/tool.
func cutTool(pattern string) (name, of string, ok bool) {
	of, name, ok = strings.Cut(pattern, "/")
	return name, of, ok
}

func unknown(k Kind) error {
	return fault.Wrap(fmt.Errorf("rule: unknown kind %q", k), fault.Internal, fault.CodeInternal,
		"This kind of rule is not known to this version of the program.")
}

func invalid(text string) error { return fault.New(fault.Invalid, fault.CodeInvalid, text) }

// Store keeps rules. store.Store does.
type Store interface {
	// AddRule keeps r, unless there is one for the same. A session that is not
	// there is fault.NotFound, or fault.Gone.
	AddRule(ctx context.Context, r Rule) error
	// HasRule reports whether p is allowed in the session or for always.
	HasRule(ctx context.Context, s chat.SessionID, p Permit) (bool, error)
	// Rules returns all, the newest first.
	Rules(ctx context.Context) ([]Rule, error)
	// RemoveRule reports whether there was one.
	RemoveRule(ctx context.Context, id string) (bool, error)
}

// Book is the rules of this program. It is safe for concurrent use.
type Book struct {
	store   Store
	changed []func()
}

// NewBook returns the rules that a store keeps.
func NewBook(s Store) *Book { return &Book{store: s} }

// OnChange calls f after a rule was added or removed. It is for set-up, before
// the Book is shared.
func (b *Book) OnChange(f func()) { b.changed = append(b.changed, f) }

func (b *Book) notify() {
	for _, f := range b.changed {
		f()
	}
}

// Allowed reports whether one of the permits was allowed, in this session or
// for always. A permit of an unknown kind is an error: it is never allowed.
func (b *Book) Allowed(ctx context.Context, s chat.SessionID, permits []Permit) (bool, error) {
	for _, p := range permits {
		if err := p.Check(); err != nil {
			return false, err
		}
	}
	for _, p := range permits {
		if ok, err := b.store.HasRule(ctx, s, p); err != nil || ok {
			return ok, err
		}
	}
	return false, nil
}

// Allow keeps a permit: of this session, or for always where s is "". Once more
// is the same.
func (b *Book) Allow(ctx context.Context, s chat.SessionID, p Permit) error {
	if err := p.Check(); err != nil {
		return err
	}
	err := b.store.AddRule(ctx, Rule{ID: chat.NewID(Prefix), Permit: p, Session: s, CreatedAt: chat.Now()})
	if err == nil {
		b.notify()
	}
	return err
}

// List returns all rules, the newest first.
func (b *Book) List(ctx context.Context) ([]Rule, error) { return b.store.Rules(ctx) }

// ForgetServer takes back all rules for tools of an MCP server: its name is about
// to stand for something else.
func (b *Book) ForgetServer(ctx context.Context, name string) error {
	all, err := b.store.Rules(ctx)
	if err != nil {
		return err
	}
	gone := false
	for _, r := range all {
		if _, of, ok := cutTool(r.Pattern); r.Kind != MCP || !ok || of != name {
			continue
		}
		if _, err := b.store.RemoveRule(ctx, r.ID); err != nil {
			return err
		}
		gone = true
	}
	if gone {
		b.notify()
	}
	return nil
}

// Remove takes a rule back: what it allowed is asked for again.
func (b *Book) Remove(ctx context.Context, id string) error {
	found, err := b.store.RemoveRule(ctx, id)
	if err != nil {
		return err
	}
	if !found {
		return fault.New(fault.NotFound, fault.CodeNoRule, "There is no such rule. It may have been removed already.")
	}
	b.notify()
	return nil
}
