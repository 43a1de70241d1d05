package turn

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

const (
	idleConn   = 20 * time.Minute // then a Conn without a turn is closed
	stopLimit  = 10 * time.Second // for an agent to let go of a turn
	callLimit  = 30 * time.Second // for an agent to take an answer or words
	retryAfter = time.Second      // after a commit that failed
	parkedMost = 4096             // steps of a turn that came while another was live
)

// lane owns a session while somebody needs it: a request, a live turn or an
// open Conn. All of its fields but done belong to the goroutine that runs
// serve; whatever may wait for the agent runs outside of it (away), because
// the agent may be waiting for the lane to take a step.
type lane struct {
	desk     *Desk
	id       chat.SessionID
	ctx      context.Context
	commands chan func()
	steps    chan delivery
	done     chan struct{} // closed when serve returns
	users    int           // commands on their way; guarded by desk.mu

	link   *link // the agent's side; nil where there is none
	live   *live // the live turn; nil where there is none
	jobs   int   // calls to the agent that have not come back
	timer  *time.Timer
	gone   ring        // turns that ended here: late steps of them are dropped
	parked []delivery  // steps of another turn, for when the live one has ended
	first  chat.TurnID // the turn that an interrupt wants next
	// catching: what was said elsewhere is being fetched; later is what waits for it.
	catching bool
	later    []func()
	untold   []string // ids that the agent keeps the session under, not committed yet
}

// delivery is a step and the link that it came from.
type delivery struct {
	link *link
	step agent.Step
}

func newLane(d *Desk, id chat.SessionID) *lane {
	return &lane{
		desk: d, id: id, ctx: d.ctx,
		commands: make(chan func()), steps: make(chan delivery), done: make(chan struct{}),
		timer: time.NewTimer(time.Hour),
	}
}

func (l *lane) serve() {
	defer close(l.done)
	defer l.timer.Stop()
	for {
		select {
		case command := <-l.commands:
			command()
		case d := <-l.inbox():
			l.step(d)
		case <-l.timer.C:
			l.tick(time.Now())
		case <-l.ctx.Done():
			l.shut()
			return
		}
		if l.over() {
			return
		}
		l.timer.Reset(l.next(time.Now()))
	}
}

// inbox is where steps come in. While something waits to be committed again it
// is closed to them: the agent is held back, nothing is lost and nothing grows.
func (l *lane) inbox() <-chan delivery {
	if l.live != nil && len(l.live.unsaved) > 0 {
		return nil
	}
	return l.steps
}

// over reports whether nobody needs the lane, and then forgets it.
func (l *lane) over() bool {
	if l.live != nil || l.link != nil || l.jobs > 0 {
		return false
	}
	l.desk.mu.Lock()
	defer l.desk.mu.Unlock()
	if l.users > 0 {
		return false
	}
	delete(l.desk.lanes, l.id)
	return true
}

// next returns how long nothing is due.
func (l *lane) next(now time.Time) time.Duration {
	due := now.Add(time.Hour)
	sooner := func(t time.Time) {
		if t.Before(due) {
			due = t
		}
	}
	if l.live != nil {
		l.live.due(sooner)
	} else if l.link != nil {
		sooner(l.link.idle.Add(idleConn))
	}
	return max(0, due.Sub(now))
}

// tick does what is due.
func (l *lane) tick(now time.Time) {
	v := l.live
	if v == nil {
		if l.link != nil && !now.Before(l.link.idle.Add(idleConn)) {
			l.drop()
		}
		return
	}
	if len(v.unsaved) > 0 || v.ending != nil {
		if !now.Before(v.retry) {
			l.again()
		}
		return
	}
	l.save(v.rec.tick(now)...)
	l.expire(now)
	if l.live == v && v.stopping && !now.Before(v.stopBy) {
		l.desk.Slog.Warn("agent did not stop in time", "session", l.id, "turn", v.id)
		l.drop()
		l.end(chat.Stopped, nil)
	}
}

// away runs work outside of the lane and then back on it.
func (l *lane) away(work func() error, back func(error)) {
	l.jobs++
	l.desk.work.Go(func() {
		err := guarded(work)
		select {
		case l.commands <- func() { l.jobs--; back(err) }:
		case <-l.done:
		}
	})
}

// guarded runs work of a driver and turns its panic into an error.
func guarded(work func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in a driver: %v\n%s", p, debug.Stack())
		}
	}()
	return work()
}

// shut ends the lane with the program. The live turn keeps what was received;
// its end is found at the next start.
func (l *lane) shut() {
	if v := l.live; v != nil && v.ending == nil {
		l.ctx = context.WithoutCancel(l.ctx)
		l.save(v.rec.flush(time.Now())...)
	}
	if l.live != nil {
		l.live.close()
		l.leave()
	}
	l.drop()
}

// leave tells an agent whose turns outlive this program not to end this one.
func (l *lane) leave() {
	if l.link == nil {
		return
	}
	if left, ok := l.link.get().(agent.Leaver); ok {
		left.Leave()
	}
}
