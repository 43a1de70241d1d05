// Package turn runs turns. Each live session has a lane: one goroutine that
// owns it and whatever the agent says about it. The Desk is where requests
// come in; it finds or makes the lane. A turn belongs to the server: nothing
// here ends because a request or a browser went away.
//
// Guarantees: what a person said is committed before it is answered; a turn id
// makes one turn, however often it is asked for; a session has at most one
// live turn; a session without one has an empty queue or a held one; the
// values of a secret are handed to the agent and kept nowhere.
package turn

import (
	"context"
	"log/slog"
	"os"
	"sync"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// NewSession asks for a session. ID is made by the client or, if empty, here.
type NewSession struct {
	ID                                              chat.SessionID
	Title, Agent, Workspace, Model, Effort, Profile string
}

// NewTurn asks for a turn.
type NewTurn struct {
	ID          chat.TurnID
	Text        string
	Attachments []chat.Attachment
	WhenBusy    WhenBusy     // "" = queue
	Parent      *chat.TurnID // nil: the head when the turn starts, unless Root
	Root        bool         // parent is explicitly null: a new first turn
	Replaces    *chat.TurnID
	Continues   *chat.TurnID
	Origin      chat.Origin // "" = person
	Anyway      bool        // also while another program writes to the session
	Compress    bool        // no prompt: the model is to be told less of what came before; see chat.TurnQueued
}

// WhenBusy says what happens with a prompt while a turn is live.
type WhenBusy string

const (
	Queue     WhenBusy = "queue"
	Steer     WhenBusy = "steer"
	Interrupt WhenBusy = "interrupt"
)

// Accepted is the answer to a NewTurn. Turn is as it is now. Words that went
// into the running turn (WhenBusy Steer) make no turn of their own: then Turn
// is the running one, and its id is not the one that was asked for.
type Accepted struct {
	Turn  chat.TurnRow
	Seq   chat.Seq
	Again bool // the same request came before
}

// Steered says what became of words for a running turn.
type Steered struct {
	Outcome string // steered | queued
	Turn    chat.TurnRow
	Seq     chat.Seq
}

// Values of Steered.Outcome.
const (
	OutcomeSteered = "steered"
	OutcomeQueued  = "queued"
)

// Answer is a person's answer to an ask.
type Answer struct {
	agent.Answer
	Digest string // of the ask as it was shown; "" = not checked
	By     string // who answers, for the record: page, tray, command line
}

// Agents finds drivers by id and says which is the default now.
type Agents interface {
	Driver(id string) (agent.Driver, bool)
	Default() string
}

// Status takes what is true now but is no history. A nil doc removes it.
type Status interface {
	Set(topic string, s chat.SessionID, doc any)
}

// Config is what a Desk works with.
type Config struct {
	Log    chat.Log
	Reader chat.Reader
	Agents Agents
	Status Status
	// Elsewhere and Kept are both there or both not: then no agent keeps sessions
	// that others write too.
	Elsewhere Elsewhere
	Kept      Kept
	Files     func(chat.BlobID) string // path of an attachment's bytes
	// Folder opens a workspace, and refuses what must not be one. nil: all that
	// can be opened may be one.
	Folder func(path string) (*os.Root, error)
	Slog   *slog.Logger
	Run    string // epoch id of this start, for the log lines
}

// Desk is where requests about turns come in. Its methods may be called by
// many goroutines at once. When their context ends they return early; what
// they began goes on.
type Desk struct {
	Config
	ctx    context.Context // ends with Close
	cancel context.CancelFunc

	mu       sync.Mutex // guards lanes, their users, draining and closed; held for moments only
	lanes    map[chat.SessionID]*lane
	draining bool // no turn begins any more
	closed   bool
	work     sync.WaitGroup // lanes and calls to agents
}

// Open returns a Desk after it has given every turn that was live when the
// last process ended one of its three ends, see recover.go. ctx is for this
// call only.
func Open(ctx context.Context, c Config) (*Desk, error) {
	if c.Slog == nil {
		c.Slog = slog.New(slog.DiscardHandler)
	}
	if c.Folder == nil {
		c.Folder = os.OpenRoot
	}
	c.Slog = c.Slog.With("run", c.Run)
	life, cancel := context.WithCancel(context.WithoutCancel(ctx))
	d := &Desk{Config: c, ctx: life, cancel: cancel, lanes: map[chat.SessionID]*lane{}}
	if err := d.recoverTurns(ctx); err != nil {
		cancel()
		d.work.Wait()
		return nil, err
	}
	return d, nil
}

// Close ends the lanes: what was received is committed, the agents are closed.
// Live turns stay live in the log; the next Open gives them their ends. It
// returns when all is still, or with the context's cause.
func (d *Desk) Close(ctx context.Context) error {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	d.cancel()
	still := make(chan struct{})
	go func() {
		d.work.Wait()
		close(still)
	}()
	select {
	case <-still:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

var errStopping = fault.New(fault.Unavailable, fault.CodeStopping, "The server is stopping. Try again in a moment.")
