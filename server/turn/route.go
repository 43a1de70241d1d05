package turn

import (
	"context"

	"hermes-webui/server/chat"
)

// lane finds or makes the lane of a session and counts the caller as a user of
// it: the lane does not end before it has taken the caller's command.
func (d *Desk) lane(id chat.SessionID) (*lane, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil, errStopping
	}
	l := d.lanes[id]
	if l == nil {
		l = newLane(d, id)
		d.lanes[id] = l
		d.work.Go(l.serve)
	}
	l.users++
	return l, nil
}

func (d *Desk) release(l *lane) {
	d.mu.Lock()
	l.users--
	d.mu.Unlock()
}

type outcome[T any] struct {
	value T
	err   error
}

// call runs f on the lane of a session and waits for its reply, which f may
// give later. When ctx ends the caller goes away; f is not undone.
func call[T any](ctx context.Context, d *Desk, id chat.SessionID, f func(*lane, func(T, error))) (T, error) {
	var none T
	if err := ctx.Err(); err != nil {
		return none, context.Cause(ctx)
	}
	l, err := d.lane(id)
	if err != nil {
		return none, err
	}
	got := make(chan outcome[T], 1)
	command := func() {
		f(l, func(v T, err error) { got <- outcome[T]{v, err} })
		d.release(l)
	}
	select {
	case l.commands <- command:
	case <-l.done:
		return none, errStopping
	}
	select {
	case r := <-got:
		return r.value, r.err
	case <-ctx.Done():
		return none, context.Cause(ctx)
	case <-l.done:
	}
	select {
	case r := <-got:
		return r.value, r.err
	default:
		return none, errStopping
	}
}

// callNow is call for an f that replies before it returns.
func callNow[T any](ctx context.Context, d *Desk, id chat.SessionID, f func(*lane) (T, error)) (T, error) {
	return call(ctx, d, id, func(l *lane, reply func(T, error)) { reply(f(l)) })
}
