// Package hermes drives the real Hermes Agent by its JSON-RPC gateway. There is
// one agent process per profile, and many sessions in it. The agent keeps the
// history of a session itself; here is remembered only how it calls the session.
package hermes

import (
	"context"
	"io"
	"log/slog"
	"os"
	"runtime"
	"sync"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/hermes/gateway"
	"hermes-webui/server/chat"
)

// ID is the driver's id.
const ID = "hermes"

// Name is what people call the agent.
const Name = "Hermes"

// Install is the agent's own command that installs it. We never run it.
var Install = install(runtime.GOOS)

// install is as in the agent's documentation, getting-started/installation.
func install(system string) string {
	if system == "windows" {
		return "iex (irm https://hermes-agent.nousresearch.com/install.ps1)"
	}
	return "curl -fsSL https://hermes-agent.nousresearch.com/install.sh | bash"
}

// Config is what a Driver needs. Only Find must be there.
type Config struct {
	// Find says where the agent is. It is asked often and must be quick.
	Find func(ctx context.Context) Found
	// Env is the environment of agents: without our own secrets.
	Env []string
	// Dir is the working folder of sessions without a workspace.
	Dir string
	// Spill is the folder for very long frames while they are handled.
	Spill string
	// Record is the folder for notes of running agents, swept at our start.
	Record string
	// Cache keeps lists of models between starts; nil: it does not.
	Cache Cache
	// Changed is called, from another goroutine, after what Describe says has
	// changed; nil = nobody wants to know.
	Changed func()
	// Folder opens a folder that may be a workspace. Keep stores the bytes of a file
	// that an answer shows. Where one is nil, answers show no files.
	Folder func(path string) (*os.Root, error)
	Keep   func(ctx context.Context, name, kind string, r io.Reader) (chat.BlobID, error)
	Slog   *slog.Logger
	// Serve is the folder for what is known of agents that serve on their own;
	// "" = none does on this system. See gateway.Spec.Serve.
	Serve string
	// Outlive says whether agents that are started from now on serve on their own,
	// so that their turns outlive this program; nil = no.
	Outlive func() bool
	// Newest reads the newest turns of a session, the oldest first, from the
	// agent's database; nil = it cannot be read.
	Newest func(ctx context.Context, profile string, stored []string) ([]*chat.Turn, error)
	// Argv starts something else in place of the agent, in tests.
	Argv []string
}

// Found is what is known of the agent on this machine.
type Found struct {
	Python   string // the interpreter that has it; "" = it was not found
	Where    string // for people
	Version  string
	Tried    []agent.Try
	Profiles []Profile // the default one first
}

// Profile is one home of the agent.
type Profile struct {
	Name, About string
	Home        string // HERMES_HOME
}

// Cache keeps JSON between starts. What it cannot give is looked up anew.
type Cache interface {
	Get(ctx context.Context, key string) ([]byte, error) // nil = nothing
	Put(ctx context.Context, key string, value []byte) error
}

// Driver drives Hermes Agents.
type Driver struct {
	config Config
	slog   *slog.Logger
	mu     sync.Mutex
	hosts  map[string]*host // by profile
	leaves map[chat.SessionID]*leaving
	stays  map[*host]bool           // agents with turns that go on without this program
	held   map[chat.SessionID]*conn // that hold the session, or are about to
	closed bool
	warm   *warmed // nil = none is prepared
	// resting are the Conns without a turn, the one that rests for longest first.
	resting []*conn
	shelf   shelf
	ctx     context.Context // ends with Close, and with it all Conns
	cancel  context.CancelFunc
	wg      sync.WaitGroup

	warming sync.Mutex // one preparation at a time
}

// host is the agent process of a profile, started from one interpreter.
type host struct {
	*gateway.Host
	python, home string
	serves       bool // its turns outlive this program
}

var (
	_ agent.Driver     = (*Driver)(nil)
	_ agent.Reattacher = (*Driver)(nil)
)

// New returns a Driver that has started nothing. Close ends its agents.
func New(c Config) *Driver {
	if c.Slog == nil {
		c.Slog = slog.New(slog.DiscardHandler)
	}
	if c.Changed == nil {
		c.Changed = func() {}
	}
	ctx, cancel := context.WithCancel(context.Background())
	return &Driver{config: c, slog: c.Slog, hosts: map[string]*host{}, leaves: map[chat.SessionID]*leaving{}, held: map[chat.SessionID]*conn{}, stays: map[*host]bool{}, ctx: ctx, cancel: cancel}
}

// Describe says what was found. No agent is started for it.
func (d *Driver) Describe(ctx context.Context) (agent.Info, error) {
	f := d.config.Find(ctx)
	info := agent.Info{
		ID: ID, Name: Name, Version: f.Version, Where: f.Where, Ready: f.Python != "",
		Can: agent.Abilities{Steer: true, Rewind: agent.RewindTruncate, Compress: true, Commands: true, Delete: true, Reattach: d.config.Serve != ""},
	}
	for _, p := range f.Profiles {
		info.Profiles = append(info.Profiles, agent.Profile{Name: p.Name, About: p.About})
	}
	if !info.Ready {
		info.Tried, info.Install = f.Tried, Install
		info.Missing = "Hermes Agent was not found on this machine. Install it with its own command, or say where it is in HERMES_WEBUI_AGENT_DIR, then look again."
		return info, nil
	}
	info.Can.Models, info.Can.Efforts = d.models(ctx), efforts
	return info, nil
}

// Open makes the agent's side of a session. The agent is asked for it when a
// turn begins.
func (d *Driver) Open(_ context.Context, s chat.Session, out func(agent.Step) error) (agent.Conn, error) {
	return newConn(d, s, out), nil
}

// Host returns the agent process of a profile.
func (d *Driver) host(ctx context.Context, profile string) (*host, error) {
	f := d.config.Find(ctx)
	if f.Python == "" {
		return nil, errMissing
	}
	p, ok := profileOf(f.Profiles, profile)
	if !ok {
		return nil, noProfile(profile)
	}
	serves := d.outlive()
	busy := d.busy()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil, errClosed
	}
	h := d.hosts[p.Name]
	if h != nil && h.python == f.Python && h.home == p.Home && (h.serves == serves || busy[h]) {
		return h, nil
	}
	if h != nil { // the agent was installed anew, elsewhere, or is to serve from now on, or no more
		d.wg.Go(h.end)
	}
	h = d.newHost(f.Python, p.Home, serves)
	d.hosts[p.Name] = h
	return h, nil
}

func (d *Driver) newHost(python, home string, serves bool) *host {
	spec := gateway.Spec{
		Python: python, Argv: d.config.Argv, Home: home, Dir: existing(d.config.Dir, home),
		Env: d.config.Env, Spill: d.config.Spill, Record: d.config.Record, Serve: d.config.Serve,
	}
	if !serves && !spec.Stands() { // one that serves still has the turns of an earlier start
		spec.Serve = ""
	}
	return &host{python: python, home: home, serves: spec.Serve != "", Host: gateway.NewHost(spec, d.slog)}
}

// end ends the agent for good, also one that serves on its own.
func (h *host) end() {
	if h.serves {
		h.Restart()
	}
	h.Stop()
}

func profileOf(all []Profile, name string) (Profile, bool) {
	for i, p := range all {
		if p.Name == name || name == "" && i == 0 {
			return p, true
		}
	}
	return Profile{}, false
}

// existing returns the first folder that is there.
func existing(dirs ...string) string {
	for _, d := range dirs {
		if info, err := os.Stat(d); err == nil && info.IsDir() {
			return d
		}
	}
	return os.TempDir()
}

// States says how the agents of the profiles are, by profile.
func (d *Driver) States() map[string]gateway.State {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := map[string]gateway.State{}
	for name, h := range d.hosts {
		all[name] = h.State()
	}
	return all
}

// Close ends the agents, and what Conns their owners have not closed. An agent
// with a turn that was left stays.
func (d *Driver) Close() {
	d.mu.Lock()
	d.closed = true
	hosts, stays := d.hosts, d.stays
	d.hosts = map[string]*host{}
	d.mu.Unlock()
	d.cancel()
	d.wg.Wait()
	var stops sync.WaitGroup
	var stay []string
	for _, h := range hosts {
		if stays[h] {
			stay = append(stay, h.home)
			stops.Go(h.Stop)
		} else {
			stops.Go(h.end)
		}
	}
	stops.Wait()
	if d.config.Serve != "" {
		gateway.EndStanding(d.config.Serve, stay)
	}
}
