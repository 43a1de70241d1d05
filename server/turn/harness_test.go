package turn_test

import (
	"context"
	"errors"
	"iter"
	"sync"
	"testing"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
	"hermes-webui/server/store"
	"hermes-webui/server/turn"
)

// puppet is a driver whose agent does what a test says.
type puppet struct {
	info  agent.Info
	conns chan *conn // those that were opened
	tasks chan task  // turns that were handed over; the test reads them
	open  func() error

	start   func(*conn, agent.Task) error
	stop    func(*conn) error
	steer   func(*conn, string) error
	answers chan given
	deaf    error // what Answer returns
	shrinks bool  // its Conns are Compressors
}

type task struct {
	agent.Task
	conn     *conn
	compress bool
}

type given struct {
	ask    chat.AskID
	answer agent.Answer
}

type conn struct {
	p      *puppet
	out    func(agent.Step) error
	closed chan struct{}
	once   sync.Once
}

func newPuppet() *puppet {
	return &puppet{
		info:  agent.Info{ID: "puppet", Ready: true, Can: agent.Abilities{Rewind: agent.RewindTree}},
		conns: make(chan *conn, 200), tasks: make(chan task, 200), answers: make(chan given, 200),
	}
}

func (p *puppet) Describe(context.Context) (agent.Info, error) { return p.info, nil }

func (p *puppet) Open(_ context.Context, _ chat.Session, out func(agent.Step) error) (agent.Conn, error) {
	if p.open != nil {
		if err := p.open(); err != nil {
			return nil, err
		}
	}
	c := p.connect(out)
	if p.shrinks {
		return shrinker{c}, nil
	}
	return c, nil
}

// shrinker is a conn that can shorten.
type shrinker struct{ *conn }

func (s shrinker) Compress(_ context.Context, t agent.Task) error {
	s.p.tasks <- task{t, s.conn, true}
	return nil
}

func (p *puppet) connect(out func(agent.Step) error) *conn {
	c := &conn{p: p, out: out, closed: make(chan struct{})}
	p.conns <- c
	return c
}

func (c *conn) Start(_ context.Context, t agent.Task) error {
	if c.p.start != nil {
		if err := c.p.start(c, t); err != nil {
			return err
		}
	}
	c.p.tasks <- task{t, c, false}
	return nil
}

func (c *conn) Answer(_ context.Context, ask chat.AskID, a agent.Answer) error {
	c.p.answers <- given{ask, a}
	return c.p.deaf
}

func (c *conn) Steer(_ context.Context, text string) error {
	if c.p.steer == nil {
		return agent.ErrCannot
	}
	return c.p.steer(c, text)
}

func (c *conn) Stop(context.Context) error {
	if c.p.stop == nil {
		return nil
	}
	return c.p.stop(c)
}

func (c *conn) Close() error {
	c.once.Do(func() { close(c.closed) })
	return nil
}

// say sends steps of the task's turn.
func (t task) say(steps ...agent.StepBody) error {
	for _, s := range steps {
		if err := t.conn.out(agent.Step{Turn: t.Turn, Body: s}); err != nil {
			return err
		}
	}
	return nil
}

func (t task) done() error { return t.say(agent.Ended{State: chat.Done}) }

type agents map[string]agent.Driver

func (a agents) Driver(id string) (agent.Driver, bool) { d, ok := a[id]; return d, ok }
func (a agents) Default() string                       { return "puppet" }

type statuses chan any

func (s statuses) Set(_ string, _ chat.SessionID, doc any) { s <- doc }

// house is a desk on a real store.
type house struct {
	t      *testing.T
	dir    string
	store  *store.Store
	desk   *turn.Desk
	puppet *puppet
	driver agent.Driver // what the desk sees, puppet by default
	status statuses
	s      chat.SessionID
}

func newHouse(t *testing.T) *house {
	t.Helper()
	p := newPuppet()
	h := &house{t: t, dir: t.TempDir(), puppet: p, driver: p, status: make(statuses, 100)}
	h.start()
	t.Cleanup(h.end)
	s, _, _, err := h.desk.Create(t.Context(), turn.NewSession{})
	h.ok(err)
	h.s = s.ID
	return h
}

func (h *house) start() {
	h.t.Helper()
	var err error
	h.store, err = store.Open(context.Background(), h.dir, store.Options{})
	h.ok(err)
	h.desk, err = turn.Open(context.Background(), turn.Config{
		Log: h.store, Reader: h.store, Agents: agents{"puppet": h.driver}, Status: h.status,
		Files: func(id chat.BlobID) string { return string(id) }, Run: "test",
	})
	h.ok(err)
}

func (h *house) end() {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	h.ok(h.desk.Close(ctx))
	h.ok(h.store.Close())
}

// restart ends the desk and the store and opens both again.
func (h *house) restart() {
	h.t.Helper()
	h.end()
	h.start()
}

func (h *house) ok(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) code(err error, want fault.Code) {
	h.t.Helper()
	if err == nil || fault.CodeOf(err) != want {
		h.t.Fatalf("got error %v, want %s", err, want)
	}
}

// send sends a prompt of a fresh id.
func (h *house) send(text string, more ...func(*turn.NewTurn)) turn.Accepted {
	h.t.Helper()
	n := turn.NewTurn{ID: chat.TurnID(chat.NewID(chat.PrefixTurn)), Text: text}
	for _, f := range more {
		f(&n)
	}
	a, err := h.desk.Send(h.t.Context(), h.s, n)
	h.ok(err)
	return a
}

func busy(w turn.WhenBusy) func(*turn.NewTurn) { return func(n *turn.NewTurn) { n.WhenBusy = w } }

// begin sends a prompt and waits until the agent has it.
func (h *house) begin(text string) task {
	h.t.Helper()
	a := h.send(text)
	k := h.task()
	if k.Turn != a.Turn.ID {
		h.t.Fatalf("the agent got %s, want %s", k.Turn, a.Turn.ID)
	}
	return k
}

func (h *house) task() task {
	h.t.Helper()
	return receive(h.t, h.puppet.tasks)
}

func receive[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(10 * time.Second):
		t.Fatal("nothing came in 10 s")
		panic("not reached")
	}
}

// event waits for an event that fits, from the beginning of the log.
func (h *house) event(fits func(chat.Event) bool) chat.Event {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), 10*time.Second)
	defer cancel()
	f := chat.Filter{Sessions: []chat.SessionID{h.s}}
	var after chat.Seq
	for {
		events, err := h.store.After(ctx, after, f, 1000)
		h.ok(err)
		for _, e := range events {
			if fits(e) {
				return e
			}
			after = e.Seq
		}
		if len(events) > 0 {
			continue
		}
		if err := h.store.Bell().Wait(ctx, after, f); err != nil {
			h.t.Fatalf("the event did not come: %v\n%s", err, h.kinds())
		}
	}
}

func (h *house) all() []chat.Event {
	h.t.Helper()
	events, err := h.store.After(context.Background(), 0, chat.Filter{Sessions: []chat.SessionID{h.s}}, 10000)
	h.ok(err)
	return events
}

func (h *house) kinds() (out []string) {
	for _, e := range h.all() {
		out = append(out, chat.KindOf(e.Body))
	}
	return out
}

// ended waits for the end of a turn.
func (h *house) ended(id chat.TurnID) chat.TurnEnded {
	h.t.Helper()
	e := h.event(func(e chat.Event) bool {
		_, ok := e.Body.(chat.TurnEnded)
		return ok && e.Turn == id
	})
	return e.Body.(chat.TurnEnded)
}

func (h *house) wantEnd(id chat.TurnID, state chat.TurnState) {
	h.t.Helper()
	if got := h.ended(id); got.State != state {
		h.t.Fatalf("turn ended %s (%+v), want %s", got.State, got.Error, state)
	}
}

func (h *house) row(id chat.TurnID) chat.TurnRow {
	h.t.Helper()
	row, err := h.store.Turn(context.Background(), id)
	h.ok(err)
	return row
}

func (h *house) session() chat.Session {
	h.t.Helper()
	s, _, err := h.store.Session(context.Background(), h.s)
	h.ok(err)
	return s
}

// turn reads a turn with its parts.
func (h *house) turn(id chat.TurnID) *chat.Turn {
	h.t.Helper()
	path, err := h.store.History(context.Background(), id)
	h.ok(err)
	return path[len(path)-1]
}

func count[B chat.Body](events []chat.Event) (n int) {
	for _, e := range events {
		if _, ok := e.Body.(B); ok {
			n++
		}
	}
	return n
}

func texts(history iter.Seq[*chat.Turn]) (out []string) {
	for t := range history {
		out = append(out, t.Prompt.Text)
	}
	return out
}

func newPart() chat.PartID { return chat.PartID(chat.NewID(chat.PrefixPart)) }

func opened(id chat.PartID) agent.Open {
	return agent.Open{Part: &chat.Text{PartBase: chat.PartBase{ID: id}}}
}

func openedTool(id chat.PartID) agent.Open {
	return agent.Open{Part: &chat.ToolCall{PartBase: chat.PartBase{ID: id}, Name: "shell", State: chat.ToolRunning}}
}

func text(id chat.PartID, s string) agent.Append {
	return agent.Append{Part: id, Stream: chat.Main, At: -1, Text: s}
}

var errBroken = errors.New("broken")
