package chat

import "slices"

// Fold is what a reader knows of one session: a snapshot, and what the events
// after it say. The page has the same fold in TypeScript; both are tested with
// the fixtures in testdata/turns.
type Fold struct{ Snapshot }

// NewFold goes on from a snapshot. An empty one (with only Session.ID set)
// begins at the session's first event. The snapshot is the fold's from now on.
func NewFold(s Snapshot) *Fold {
	if s.Turns == nil {
		s.Turns = []*Turn{}
	}
	s.Queue.Turns, s.Asks, s.Draft.Attachments = list(s.Queue.Turns), list(s.Asks), list(s.Draft.Attachments)
	f := &Fold{s}
	for _, t := range f.Turns {
		t.waits = 0
		for _, a := range f.Asks {
			if a.Turn == t.ID {
				t.waits++
			}
		}
	}
	return f
}

// Apply takes the next event. Events that the fold already covers and those of
// other sessions are dropped. ErrGap (or another error) says that the fold
// cannot go on: forget it and load a snapshot.
func (f *Fold) Apply(e Event) error {
	if e.Session != f.Session.ID || e.Seq <= f.Seq {
		return nil
	}
	FoldSession(&f.Session, e)
	if err := f.turns(e); err != nil {
		return err
	}
	f.Seq = e.Seq
	return nil
}

func (f *Fold) turns(e Event) error {
	switch b := e.Body.(type) {
	case SessionCreated, SessionChanged, SessionFound, SessionStored, SessionTrashed, SessionRestored, SessionPurged,
		TurnImported, TurnStored:
		return nil
	case SessionForked, SessionCaughtUp:
		return ErrGap // the path is another session's, or was taken from elsewhere
	case TurnQueued:
		t := NewTurn(e, b)
		if b.First {
			f.Queue.Turns = append([]*Turn{t}, f.Queue.Turns...)
		} else {
			f.Queue.Turns = append(f.Queue.Turns, t)
		}
		return nil
	case TurnEdited:
		return f.queued(e, false)
	case TurnWithdrawn:
		return f.queued(e, true)
	case QueueChanged:
		return f.reorder(b)
	case TurnStarted:
		return f.start(e, b)
	case HeadMoved:
		return f.cut(b.Head)
	case AskRaised:
		f.Asks = append(f.Asks, Raised(e, b))
	case AskClosed:
		f.Asks = slices.DeleteFunc(f.Asks, func(a Ask) bool { return a.ID == b.Ask })
	case TurnEnded:
		f.Asks = slices.DeleteFunc(f.Asks, func(a Ask) bool { return a.Turn == e.Turn })
	case Steered, PartOpened, TextAppended, OutputSkipped, ToolUpdated, PlanUpdated, SubagentUpdated,
		PartClosed, UsageReported:
	default:
		panic("chat: body of unknown type")
	}
	i := f.index(e.Turn)
	if i < 0 {
		return ErrGap
	}
	return FoldTurn(f.Turns[i], e)
}

// Raised is the ask that an AskRaised event raises, with what only the event
// knows.
func Raised(e Event, b AskRaised) Ask {
	a := Normal(b).(AskRaised).Ask
	a.Session, a.Turn, a.RaisedAt = e.Session, e.Turn, e.At
	return a
}

func (f *Fold) queued(e Event, remove bool) error {
	i := slices.IndexFunc(f.Queue.Turns, func(t *Turn) bool { return t.ID == e.Turn })
	if i < 0 {
		return ErrGap
	}
	t := f.Queue.Turns[i]
	if remove {
		f.Queue.Turns = slices.Delete(f.Queue.Turns, i, i+1)
	}
	return FoldTurn(t, e)
}

func (f *Fold) reorder(b QueueChanged) error {
	f.Queue.Held = b.Held
	if len(b.Order) != len(f.Queue.Turns) {
		return ErrGap
	}
	next := make([]*Turn, 0, len(b.Order))
	for _, id := range b.Order {
		i := slices.IndexFunc(f.Queue.Turns, func(t *Turn) bool { return t.ID == id })
		if i < 0 {
			return ErrGap
		}
		next = append(next, f.Queue.Turns[i])
	}
	f.Queue.Turns = next
	return nil
}

// start moves a turn from the queue to the end of the path.
func (f *Fold) start(e Event, b TurnStarted) error {
	i := slices.IndexFunc(f.Queue.Turns, func(t *Turn) bool { return t.ID == e.Turn })
	if i < 0 {
		return ErrGap
	}
	t := f.Queue.Turns[i]
	f.Queue.Turns = slices.Delete(f.Queue.Turns, i, i+1)
	if err := FoldTurn(t, e); err != nil {
		return err
	}
	if err := f.cut(b.Parent); err != nil {
		return err
	}
	f.Turns = append(f.Turns, t)
	return nil
}

// cut ends the path at a turn. One that is not in the loaded path is a gap: the
// other variant's turns are only in its snapshot.
func (f *Fold) cut(head *TurnID) error {
	if head == nil {
		f.Turns, f.Before = []*Turn{}, nil
		return nil
	}
	i := f.index(*head)
	if i < 0 {
		return ErrGap
	}
	f.Turns = f.Turns[: i+1 : i+1]
	return nil
}

func (f *Fold) index(id TurnID) int {
	for i, t := range slices.Backward(f.Turns) {
		if t.ID == id {
			return i
		}
	}
	return -1
}
