package turn

import (
	"context"
	"slices"
	"strings"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// Edit replaces the prompt of a queued turn.
func (d *Desk) Edit(ctx context.Context, id chat.TurnID, p chat.Prompt) (chat.TurnRow, chat.Seq, error) {
	p.Text = strings.ToValidUTF8(p.Text, "\uFFFD")
	return d.onQueued(ctx, id, func(l *lane, row chat.TurnRow) ([]chat.Event, error) {
		if strings.TrimSpace(p.Text) == "" && row.Continues == nil && !row.Compress {
			return nil, errNoText
		}
		if row.Compress && len(p.Attachments) > 0 {
			return nil, errCompressAlone
		}
		if row.State != chat.Queued {
			return nil, errNotQueued
		}
		return []chat.Event{{Turn: id, Body: chat.TurnEdited{Prompt: p}}}, nil
	})
}

var errNotQueued = fault.New(fault.Conflict, fault.CodeTurnNotQueued, "This turn does not wait in the queue any more.")

// Withdraw takes a turn out of the queue. Once more is the same.
func (d *Desk) Withdraw(ctx context.Context, id chat.TurnID) (chat.TurnRow, chat.Seq, error) {
	return d.onQueued(ctx, id, func(l *lane, row chat.TurnRow) ([]chat.Event, error) {
		if row.State == chat.Withdrawn {
			return nil, nil
		}
		if row.State != chat.Queued {
			return nil, errNotQueued
		}
		events := []chat.Event{{Turn: id, Body: chat.TurnWithdrawn{}}}
		s, err := l.session()
		if err != nil {
			return nil, err
		}
		if s.Held && s.Queued == 1 { // an empty queue is not held
			events = append(events, chat.Event{Body: chat.QueueChanged{Order: []chat.TurnID{}}})
		}
		return events, nil
	})
}

func (d *Desk) onQueued(ctx context.Context, id chat.TurnID, f func(*lane, chat.TurnRow) ([]chat.Event, error)) (chat.TurnRow, chat.Seq, error) {
	row, err := d.Reader.Turn(ctx, id)
	if err != nil {
		return chat.TurnRow{}, 0, err
	}
	c, err := callNow(ctx, d, row.Session, func(l *lane) (changed, error) {
		row, err := l.desk.Reader.Turn(l.ctx, id)
		if err != nil {
			return changed{}, err
		}
		events, err := f(l, row)
		if err != nil {
			return changed{}, err
		}
		if len(events) == 0 {
			return changed{row, row.Seq}, nil
		}
		seq, err := l.desk.Log.Commit(l.ctx, l.id, untrashed(l.id), events...)
		if err != nil {
			return changed{}, err
		}
		c, err := l.changed(id)
		return changed{c.row, seq}, err
	})
	return c.row, c.seq, err
}

// queueState is a queue after a request.
type queueState struct {
	order []chat.TurnID
	held  bool
	seq   chat.Seq
}

// Order reorders the queue (nil: as it is) and holds it or lets it go (nil: as
// it is). Letting go of the queue of an idle session starts its first turn.
// The order must name exactly what is queued, else it is a Conflict
// (queue_stale). An empty queue is never held.
func (d *Desk) Order(ctx context.Context, id chat.SessionID, order []chat.TurnID, held *bool) ([]chat.TurnID, bool, chat.Seq, error) {
	q, err := callNow(ctx, d, id, func(l *lane) (queueState, error) { return l.order(order, held) })
	return q.order, q.held, q.seq, err
}

func (l *lane) order(order []chat.TurnID, held *bool) (queueState, error) {
	s, err := l.session()
	if err != nil {
		return queueState{}, err
	}
	queue, err := l.desk.Reader.Queue(l.ctx, l.id)
	if err != nil {
		return queueState{}, err
	}
	want := queueState{order: queue, held: s.Held}
	if order != nil {
		if !sameSet(order, queue) {
			return queueState{}, fault.New(fault.Conflict, fault.CodeQueueStale, "The queue has changed meanwhile. Look at it again.").With("order", queue)
		}
		want.order = order
	}
	if held != nil {
		want.held = *held
	}
	want.held = want.held && len(queue) > 0
	return l.setQueue(s, queue, want)
}

func sameSet(a, b []chat.TurnID) bool {
	x, y := slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(x, y)
}

// setQueue commits what changed, with the start that follows from it.
func (l *lane) setQueue(s chat.Session, queue []chat.TurnID, want queueState) (queueState, error) {
	var events []chat.Event
	if want.held != s.Held || !slices.Equal(want.order, queue) {
		events = append(events, chat.Event{Body: chat.QueueChanged{Order: want.order, Held: want.held}})
	}
	var n *next
	if l.live == nil && !want.held && len(want.order) > 0 {
		if l.desk.drains() {
			return queueState{}, errStopping
		}
		var err error
		if n, err = l.planQueued(s, want.order[0]); err != nil {
			return queueState{}, err
		}
		events = append(events, n.events...)
	}
	want.seq = l.desk.Log.Newest()
	if len(events) > 0 {
		seq, err := l.desk.Log.Commit(l.ctx, l.id, untrashed(l.id), events...)
		if err != nil {
			return queueState{}, err
		}
		want.seq = seq
	}
	if n != nil {
		want.order = want.order[1:]
		l.run(n)
	}
	return want, nil
}
