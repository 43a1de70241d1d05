package turn

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// reattachLimit is how long an agent may take to say whether it still runs a
// turn.
const reattachLimit = 30 * time.Second

// recoverTurns gives each turn that was live when the last process ended one of
// three ends, decided with its driver: the agent still runs it, so it goes on;
// it only waits for a person and its driver can go on from the log, so it
// stays waiting; anything else is interrupted, with all that was committed
// kept. Queues are held: a person says when to go on.
func (d *Desk) recoverTurns(ctx context.Context) error {
	pause("recovery-before")
	rows, err := d.Reader.Live(ctx)
	if err != nil {
		return fmt.Errorf("read live turns: %w", err)
	}
	if len(rows) == 0 {
		pause("recovery-after")
		return nil
	}
	asks, _, err := d.Reader.Asks(ctx)
	if err != nil {
		return fmt.Errorf("read open asks: %w", err)
	}
	errs := make(chan error, len(rows))
	for _, row := range rows {
		go func() {
			_, err := call(ctx, d, row.Session, func(l *lane, reply func(struct{}, error)) {
				l.recover(row, of(row.ID, asks), func(err error) { reply(struct{}{}, err) })
			})
			errs <- err
		}()
	}
	var all error
	for range rows {
		all = errors.Join(all, <-errs)
	}
	pause("recovery-after")
	return all
}

func of(id chat.TurnID, asks []chat.Ask) []chat.Ask {
	var own []chat.Ask
	for _, a := range asks {
		if a.Turn == id {
			own = append(own, a)
		}
	}
	return own
}

// recover takes over a turn of the last process.
func (l *lane) recover(row chat.TurnRow, asks []chat.Ask, reply func(error)) {
	s, _, err := l.desk.Reader.Session(l.ctx, l.id)
	if err != nil {
		reply(err)
		return
	}
	if err := l.hold(s); err != nil {
		reply(err)
		return
	}
	l.live = l.newLive(row.ID)
	turn, err := l.whole(row.ID)
	if err != nil { // must not keep the program from starting
		l.desk.Slog.Error("a live turn cannot be read", "session", l.id, "turn", row.ID, "err", err)
		l.interrupt(row.Turn)
		reply(nil)
		return
	}
	l.live.rec.load(turn)
	l.live.asks = asks
	driver, ok := l.desk.Agents.Driver(turn.Agent)
	if !ok {
		l.interrupt(*turn)
		reply(nil)
		return
	}
	if again, ok := driver.(agent.Reattacher); ok {
		l.reattach(again, driver, s, turn, asks, func() { reply(nil) })
		return
	}
	l.resumeOrEnd(driver, turn)
	reply(nil)
}

// whole reads a turn with its parts.
func (l *lane) whole(id chat.TurnID) (*chat.Turn, error) {
	path, err := l.desk.Reader.History(l.ctx, id)
	if err != nil {
		return nil, fmt.Errorf("read a live turn: %w", err)
	}
	if len(path) == 0 {
		return nil, fault.New(fault.Internal, fault.CodeStoreDamaged, "A turn that was running has no events.")
	}
	return path[len(path)-1], nil
}

// hold holds the queue of the session, if something is in it.
func (l *lane) hold(s chat.Session) error {
	if s.Held || s.Queued == 0 {
		return nil
	}
	queue, err := l.desk.Reader.Queue(l.ctx, l.id)
	if err != nil || len(queue) == 0 {
		return err
	}
	_, err = l.desk.Log.Append(l.ctx, l.id, "", nil, chat.QueueChanged{Order: queue, Held: true})
	return err
}

// reattach asks the agent whether it still runs the turn. Its steps may come
// before it has answered.
func (l *lane) reattach(again agent.Reattacher, driver agent.Driver, s chat.Session, turn *chat.Turn, asks []chat.Ask, done func()) {
	v := l.live
	k := newLink(l, termsOf(s))
	l.link = k
	v.starting = true
	l.away(func() error { return k.reattach(again, s, turn, asks) }, func(err error) {
		defer done()
		if l.live != v || v.ending != nil {
			return
		}
		v.starting = false
		if err == nil {
			if v.early != nil {
				l.end(v.early.State, v.early.Error)
			}
			return
		}
		if !errors.Is(err, errNotRunning) {
			l.desk.Slog.Warn("agent could not be asked for a turn", "session", l.id, "turn", v.id, "err", err)
		}
		l.drop()
		l.resumeOrEnd(driver, turn)
	})
}

var (
	// errNotRunning says that the agent does not know the turn any more.
	errNotRunning = errors.New("turn: the agent does not run it any more")
	errNoAnswer   = errors.New("turn: the agent does not say whether it runs it")
)

// reattach makes the agent's old side of a turn the link's. An agent that does
// not answer must not keep the program from starting: what it says too late is
// closed by the link, which is dropped by then.
func (k *link) reattach(again agent.Reattacher, s chat.Session, turn *chat.Turn, asks []chat.Ask) error {
	answered := make(chan error, 1)
	go func() {
		answered <- guarded(func() error {
			conn, err := again.Reattach(k.ctx, s, *turn, asks, k.out)
			if err != nil {
				return err
			}
			if conn == nil {
				return errNotRunning
			}
			return k.set(conn)
		})
	}()
	select {
	case err := <-answered:
		return err
	case <-time.After(reattachLimit):
		return errNoAnswer
	}
}

// resumeOrEnd lets a turn wait on for its person where the driver can go on
// from the log, and interrupts it where not.
func (l *lane) resumeOrEnd(driver agent.Driver, turn *chat.Turn) {
	v := l.live
	resumer, ok := driver.(agent.Resumer)
	if ok && len(v.asks) > 0 && resumer.CanResume(*turn, v.asks) {
		v.asleep = true
		return
	}
	l.interrupt(*turn)
}

func (l *lane) interrupt(t chat.Turn) {
	text := "The program ended while this turn was running. What the agent said until then is kept; choose Continue to go on from here."
	if t.Compress {
		text = "The program ended while the context was being shortened. Nothing has changed; shorten it once more."
	}
	l.end(chat.Interrupted, &chat.Failure{Code: string(fault.CodeInterrupted), Text: text})
}

// wake goes on with a turn that waited through a restart, now that an ask of it
// has its answer.
func (l *lane) wake(ask chat.Ask, a agent.Answer) {
	v := l.live
	v.asleep = false
	s, _, err := l.desk.Reader.Session(l.ctx, l.id)
	if err == nil {
		var turn *chat.Turn
		if turn, err = l.whole(v.id); err == nil {
			// As it began, whatever was chosen since: what a person allows now was
			// shown to them for that folder.
			s.Agent, s.Model, s.Workspace, s.Effort = turn.Agent, turn.Model, turn.Workspace, turn.Effort
			l.launch(s, *turn, &agent.Resume{Turn: *turn, Ask: ask, Answer: a, Open: slices.Clone(v.asks)})
			return
		}
	}
	l.end(chat.Failed, l.failureOf(err))
}
