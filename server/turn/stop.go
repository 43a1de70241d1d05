package turn

import (
	"context"
	"time"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// changed is a turn after a request, and the seq that it covers.
type changed struct {
	row chat.TurnRow
	seq chat.Seq
}

// Stop ends the live turn as stopped and returns once it is. A turn that has
// ended is returned as it is; one that has not begun is a Conflict.
func (d *Desk) Stop(ctx context.Context, id chat.TurnID) (chat.TurnRow, chat.Seq, error) {
	row, err := d.Reader.Turn(ctx, id)
	if err != nil {
		return chat.TurnRow{}, 0, err
	}
	c, err := call(ctx, d, row.Session, func(l *lane, reply func(changed, error)) {
		if l.live != nil && l.live.id == id {
			l.stop(func() { reply(l.changed(id)) })
			return
		}
		c, err := l.changed(id)
		if err == nil && c.row.State == chat.Queued {
			err = fault.New(fault.Conflict, fault.CodeTurnNotLive, "This turn has not started. Withdraw it instead.")
		}
		reply(c, err)
	})
	return c.row, c.seq, err
}

func (l *lane) changed(id chat.TurnID) (changed, error) {
	row, err := l.desk.Reader.Turn(l.ctx, id)
	return changed{row, row.Seq}, err
}

// stop ends the live turn; then, if given, is called after its end.
func (l *lane) stop(then func()) {
	v := l.live
	if then != nil {
		v.ended = append(v.ended, then)
	}
	if v.stopping || v.ending != nil {
		return
	}
	v.stopping, v.stopBy = true, time.Now().Add(stopLimit)
	switch {
	case l.link == nil:
		l.end(chat.Stopped, nil)
	case l.link.get() == nil: // still opening: what comes of it is closed
		l.drop()
		l.end(chat.Stopped, nil)
	case v.starting: // goes on in launched; Start is told by its context
		v.cancel()
	default:
		l.callStop(v)
	}
}

// callStop asks the agent to let go, for as long as tick allows.
func (l *lane) callStop(v *live) {
	k := l.link
	l.away(func() error {
		ctx, cancel := context.WithTimeout(k.ctx, stopLimit)
		defer cancel()
		return k.get().Stop(ctx)
	}, func(err error) {
		if l.live != v || v.ending != nil {
			return
		}
		if err != nil {
			l.desk.Slog.Warn("agent did not stop", "session", l.id, "turn", v.id, "err", err)
			if l.link == k {
				l.drop()
			}
		}
		l.end(chat.Stopped, nil)
	})
}
