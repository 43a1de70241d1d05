package turn

import (
	"context"
	"errors"
	"time"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// A full disk can be emptied and a busy database comes free, so such commits are
// tried again for as long as it takes. One that the database refuses for what is
// in it, or that meets a damaged one, never succeeds: the turn is given up, or
// its session would be stuck until somebody stops the program.

// maxFutile is how often more a commit is tried that does not look as if it
// could succeed: an error that nobody knows may still pass.
const maxFutile = 3

// heals reports whether trying again may help.
func heals(err error) bool {
	return fault.KindOf(err) == fault.Unavailable || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// failedToSave says when the next try is.
func (v *live) failedToSave(err error) {
	v.retry = time.Now().Add(retryAfter)
	if heals(err) {
		v.futile = 0
		return
	}
	v.futile++
	v.why = err
}

func (v *live) hopeless() bool { return v.futile > maxFutile }

// giveUp fails the live turn. What could not be recorded is lost; what is in the
// log is closed in good order.
func (l *lane) giveUp() {
	v := l.live
	kinds := make([]string, len(v.unsaved))
	for i, e := range v.unsaved {
		kinds[i] = chat.KindOf(e.Body)
	}
	l.desk.Slog.Error("a turn is given up: what belongs to it can never be recorded",
		"session", l.id, "turn", v.id, "lost", kinds, "err", v.why)
	l.drop()
	v.unsaved, v.asks, v.futile = nil, nil, 0
	v.rec = newRecorder()
	if whole, err := l.whole(v.id); err == nil {
		v.rec.load(whole)
	}
	l.end(chat.Failed, unrecorded(v.why))
}

func unrecorded(why error) *chat.Failure {
	if fault.CodeOf(why) == fault.CodeStoreDamaged {
		f, _ := errors.AsType[*fault.Error](why)
		return &chat.Failure{Code: string(f.Code), Text: f.Text}
	}
	return &chat.Failure{
		Code: string(fault.CodeInternal),
		Text: "What the agent said could not be recorded, so the turn was ended. What was recorded before is kept; the log of the program says more. Choose Continue or send the prompt again.",
	}
}

// endAlone records the end of a turn without what was to stand before it and
// follow from it, and holds what waits. Where not even that can be, the end is
// found at the next start, as after a crash.
func (l *lane) endAlone(v *live) {
	events := []chat.Event{{Turn: v.id, Body: *v.ending}}
	if queue, err := l.desk.Reader.Queue(l.ctx, l.id); err == nil && len(queue) > 0 {
		events = append(events, chat.Event{Body: chat.QueueChanged{Order: queue, Held: true}})
	}
	if _, err := l.desk.Log.Commit(l.ctx, l.id, nil, events...); err != nil {
		l.desk.Slog.Error("the end of a turn is given up: it is found at the next start", "session", l.id, "turn", v.id, "err", err)
	}
}
