package scripted

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// Options say what a Driver plays and how.
type Options struct {
	ID, Name string
	Demo     bool    // announced as Info.Demo
	Scripts  fs.FS   // every *.turn file at its root is read by New
	Default  string  // the script for any prompt, without .turn
	Play     bool    // a prompt "/play NAME" plays that script: for tests
	Speed    float64 // 1 = as written, 2 = twice as fast, 0 = without any delay
}

// Driver plays scripts. It implements agent.Driver and agent.Resumer.
type Driver struct {
	opt     Options
	scripts map[string]*Script
}

var (
	_ agent.Driver  = (*Driver)(nil)
	_ agent.Resumer = (*Driver)(nil)
)

// New reads and checks every script. A mistake in one is a *SyntaxError.
func New(opt Options) (*Driver, error) {
	d := &Driver{opt: opt, scripts: map[string]*Script{}}
	names, err := fs.Glob(opt.Scripts, "*.turn")
	if err != nil {
		return nil, fmt.Errorf("scripted: list scripts: %w", err)
	}
	for _, name := range names {
		src, err := fs.ReadFile(opt.Scripts, name)
		if err != nil {
			return nil, fmt.Errorf("scripted: read a script: %w", err)
		}
		s, err := Parse(name, src)
		if err != nil {
			return nil, err
		}
		d.scripts[strings.TrimSuffix(path.Base(name), ".turn")] = s
	}
	if d.scripts[opt.Default] == nil {
		return nil, fmt.Errorf("scripted: there is no script %q", opt.Default)
	}
	return d, nil
}

// Describe says what the agent is. It is always ready: it needs nothing.
func (d *Driver) Describe(context.Context) (agent.Info, error) {
	return agent.Info{
		ID:      d.opt.ID,
		Name:    d.opt.Name,
		Version: "1",
		Ready:   true,
		Demo:    d.opt.Demo,
		Can: agent.Abilities{
			Steer:  true,
			Rewind: agent.RewindTree,
			Resume: true,
			Models: []agent.Model{},
		},
	}, nil
}

// Open makes the agent's side of a session. It keeps nothing between turns.
func (d *Driver) Open(_ context.Context, _ chat.Session, out func(agent.Step) error) (agent.Conn, error) {
	return &conn{driver: d, out: out}, nil
}

// CanResume reports whether the turn waits at a place that its script still
// has.
func (d *Driver) CanResume(t chat.Turn, asks []chat.Ask) bool {
	s, err := d.script(t.Prompt.Text)
	if err != nil || len(asks) == 0 {
		return false
	}
	for _, a := range asks {
		if !has(s, t.ID, a.ID) {
			return false
		}
	}
	return true
}

// script chooses what a prompt plays.
func (d *Driver) script(prompt string) (*Script, error) {
	name, ok := strings.CutPrefix(strings.TrimSpace(prompt), "/play ")
	if !d.opt.Play || !ok {
		return d.scripts[d.opt.Default], nil
	}
	s := d.scripts[strings.TrimSpace(name)]
	if s == nil {
		return nil, fault.New(fault.Invalid, fault.CodeInvalid, "There is no script of that name.")
	}
	return s, nil
}
