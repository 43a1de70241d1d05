package turn

import (
	"context"
	"os"
	"time"

	"hermes-webui/server/chat"
)

// live is the turn that a lane runs.
type live struct {
	id       chat.TurnID
	rec      *recorder
	asks     []chat.Ask // open ones, oldest first
	expired  []chat.Ask // closed by their deadline; the agent is still to be told
	ctx      context.Context
	cancel   context.CancelFunc
	root     *os.Root
	starting bool            // the agent has not taken the turn yet
	early    *chat.TurnEnded // the end that came while it was starting
	asleep   bool            // waits for a person, without an agent, since a restart
	stopping bool            // a person wants it to end
	removed  bool            // its session goes: nothing follows
	stopBy   time.Time
	ending   *chat.TurnEnded                         // the end that is to be committed
	unsaved  []chat.Event                            // what could not be committed yet
	retry    time.Time                               // when to try again
	futile   int                                     // tries in a row that failed for what does not heal
	why      error                                   // of the last of them
	status   bool                                    // a status was shown
	ended    []func()                                // called after the end is committed
	waiting  []func()                                // called once it has started, or has ended without
	words    map[chat.PartID][]func(Accepted, error) // on their way to the agent
}

func (l *lane) newLive(id chat.TurnID) *live {
	ctx, cancel := context.WithCancel(l.desk.ctx)
	return &live{id: id, rec: newRecorder(), ctx: ctx, cancel: cancel, words: map[chat.PartID][]func(Accepted, error){}}
}

// close lets go of what the turn holds.
func (v *live) close() {
	v.cancel()
	if v.root != nil {
		_ = v.root.Close() // only ever read from
	}
}

// due tells when something of the turn is due.
func (v *live) due(at func(time.Time)) {
	if len(v.unsaved) > 0 || v.ending != nil {
		at(v.retry)
		return
	}
	if len(v.expired) > 0 && !v.stopping {
		at(time.Time{}) // at once
	}
	if t, ok := v.rec.due(); ok {
		at(t)
	}
	for _, a := range v.asks {
		if a.Deadline != nil && !v.starting && !v.stopping {
			at(a.Deadline.Time)
		}
	}
	if v.stopping {
		at(v.stopBy)
	}
}

func (v *live) keep(bodies ...chat.Body) {
	for _, b := range bodies {
		v.unsaved = append(v.unsaved, chat.Event{Turn: v.id, Body: b})
	}
}

// save commits bodies of the live turn, after whatever could not be committed
// before. It reports whether all is committed; if not, it is tried again until
// it is, or there is no hope: the agent waits.
func (l *lane) save(bodies ...chat.Body) bool {
	v := l.live
	v.keep(bodies...)
	if len(v.unsaved) == 0 {
		return true
	}
	text := false
	for _, e := range v.unsaved {
		if _, ok := e.Body.(chat.TextAppended); ok {
			text = true
		}
	}
	if text {
		pause("text-before-commit")
	}
	if _, err := l.desk.Log.Commit(l.ctx, l.id, nil, v.unsaved...); err != nil {
		v.failedToSave(err)
		l.desk.Slog.Error("a turn cannot be recorded", "session", l.id, "turn", v.id, "err", err)
		return false
	}
	v.unsaved, v.futile = nil, 0
	if text {
		pause("text-after-commit")
	}
	return true
}

// again tries what could not be committed.
func (l *lane) again() {
	switch v := l.live; {
	case v.ending != nil:
		l.tryEnd()
	case v.hopeless():
		l.giveUp()
	default:
		l.save()
	}
}

// remembered is how many ended turns a lane knows by heart.
const remembered = 32

// ring remembers the newest turns that ended.
type ring struct {
	ids  [remembered]chat.TurnID
	next int
}

func (r *ring) add(id chat.TurnID) {
	r.ids[r.next%remembered] = id
	r.next++
}

func (r *ring) has(id chat.TurnID) bool {
	for _, known := range r.ids {
		if known == id {
			return true
		}
	}
	return false
}
