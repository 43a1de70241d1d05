package tray

import (
	"context"
	"log/slog"
)

// loop is the goroutine that owns the menu.
type loop struct {
	ctx   context.Context
	todo  chan func()
	log   *slog.Logger
	fault func(text string) // shows a person what went wrong
}

// post runs something in the loop, soon.
func (l *loop) post(do func()) {
	select {
	case l.todo <- do:
	case <-l.ctx.Done():
	}
}

// call asks the host, apart from the loop. Meanwhile e cannot be chosen.
func (l *loop) call(what string, e *entry, do func(context.Context) error) {
	if e.busy {
		return
	}
	e.working(true)
	go func() {
		err := do(l.ctx)
		if err != nil && l.ctx.Err() == nil {
			l.log.Warn("the tray could not do this", "what", what, "err", err)
			l.fault(err.Error())
		}
		l.post(func() { e.working(false) })
	}()
}

// run draws what comes until its context ends. drawn is closed after the first
// state; awake says whether anybody can see the menu.
func (l *loop) run(m *menu, states <-chan State, awake func() bool, drawn chan<- struct{}) {
	for {
		select {
		case <-l.ctx.Done():
			return
		case s, ok := <-states:
			if !ok {
				states = nil
				continue
			}
			m.state = s
			if drawn == nil && !awake() {
				continue // it is drawn when there is a bus again
			}
			m.draw(s)
			if drawn != nil {
				close(drawn)
				drawn = nil
			}
		case do := <-l.todo:
			do()
		}
	}
}
