package turn

import (
	"context"
	"errors"
	"sync"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

var errGone = errors.New("turn: nobody listens to this agent any more")

// link is the agent's side of a session: a Conn, or one that is being opened.
type link struct {
	lane    *lane
	of      terms
	ctx     context.Context // ends when the link is dropped
	cancel  context.CancelFunc
	idle    time.Time // since when it has no turn
	mu      sync.Mutex
	conn    agent.Conn // nil until it is open
	dropped bool
}

// terms are the settings of a session that a Conn is opened with. A Conn of
// other terms is closed before the next turn.
type terms struct{ agent, profile, workspace string }

func termsOf(s chat.Session) terms { return terms{s.Agent, s.Profile, s.Workspace} }

func newLink(l *lane, of terms) *link {
	ctx, cancel := context.WithCancel(l.desk.ctx)
	return &link{lane: l, of: of, ctx: ctx, cancel: cancel}
}

// out takes a step from the driver. It returns once the lane has it.
func (k *link) out(s agent.Step) error {
	if k.ctx.Err() != nil {
		return errGone
	}
	select {
	case k.lane.steps <- delivery{k, s}:
		return nil
	case <-k.ctx.Done():
		return errGone
	}
}

// set makes conn the Conn of the link. A link that was dropped meanwhile closes
// it: an agent that nobody listens to must not go on.
func (k *link) set(conn agent.Conn) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.dropped {
		return errors.Join(errGone, conn.Close())
	}
	k.conn = conn
	return nil
}

func (k *link) get() agent.Conn {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.conn
}

// drop closes the link for good and returns the Conn that is to be closed.
func (k *link) drop() agent.Conn {
	k.cancel()
	k.mu.Lock()
	defer k.mu.Unlock()
	k.dropped = true
	return k.conn
}

// drop lets go of the agent. Its Close runs outside of the lane.
func (l *lane) drop() {
	k := l.link
	if k == nil {
		return
	}
	l.link, l.parked = nil, nil
	conn := k.drop()
	if conn == nil {
		return
	}
	l.desk.work.Go(func() {
		if err := guarded(conn.Close); err != nil {
			l.desk.Slog.Warn("closing an agent failed", "session", l.id, "err", err)
		}
	})
}
