package chat

import (
	"fmt"
	"slices"
)

// NewTurn returns the turn that a TurnQueued event begins.
func NewTurn(e Event, b TurnQueued) *Turn {
	b = Normal(b).(TurnQueued)
	return &Turn{
		ID: e.Turn, Session: e.Session, Parent: b.Parent, Replaces: b.Replaces, Continues: b.Continues,
		Origin: b.Origin, Compress: b.Compress, State: Queued, Prompt: b.Prompt, Variants: []TurnID{}, Parts: []Part{}, QueuedAt: e.At,
	}
}

// Imported returns the turn of a TurnImported event.
func Imported(e Event, b TurnImported) *Turn {
	t := &Turn{ID: e.Turn, Session: e.Session}
	b.Turn.copyTo(t)
	return t
}

// copyTo makes to what t is, but for what the log knows better.
func (t *Turn) copyTo(to *Turn) {
	id, session, variants := to.ID, to.Session, to.Variants
	*to = *t
	to.ID, to.Session, to.Variants = id, session, list(variants)
	to.Prompt.Attachments = list(t.Prompt.Attachments)
	to.Parts = make([]Part, len(t.Parts))
	for i, p := range t.Parts {
		to.Parts[i] = p.clone()
	}
}

// FoldTurn applies one of a turn's own events, but its first (NewTurn). ErrGap
// says that t misses something that came before.
func FoldTurn(t *Turn, e Event) error {
	switch b := e.Body.(type) {
	case TurnImported:
		b.Turn.copyTo(t)
	case TurnStored:
	case TurnEdited:
		t.Prompt = Normal(b).(TurnEdited).Prompt
	case TurnWithdrawn:
		t.State, t.EndedAt = Withdrawn, &e.At
	case TurnStarted:
		t.Parent, t.Variants, t.Agent, t.Model = b.Parent, list(b.Variants), b.Agent, b.Model
		t.Workspace, t.Effort = b.Workspace, b.Effort
		t.State, t.StartedAt = Running, &e.At
	case AskRaised:
		t.waits++
		t.State = Waiting
	case AskClosed:
		t.waits--
		if t.waits == 0 {
			t.State = Running
		}
	case TurnEnded:
		t.State, t.Error, t.EndedAt, t.waits = b.State, b.Error, &e.At, 0
	case UsageReported:
		usage := b.Usage
		t.Usage = &usage
	case PartOpened:
		return t.open(b.Part, e.At)
	case Steered:
		return t.open(&Notice{PartBase: PartBase{ID: b.Part, ClosedAt: &e.At}, Level: NoticeSteer, Text: b.Text}, e.At)
	case TextAppended, OutputSkipped, ToolUpdated, PlanUpdated, SubagentUpdated, PartClosed:
		return t.update(e)
	case TurnQueued, QueueChanged, HeadMoved, SessionCreated, SessionChanged, SessionForked, SessionFound, SessionCaughtUp,
		SessionStored, SessionTrashed, SessionRestored, SessionPurged:
		return fmt.Errorf("chat: %s is no event of a turn that exists", KindOf(b))
	default:
		panic("chat: body of unknown type")
	}
	return nil
}

func (t *Turn) open(p Part, at Time) error {
	if t.Part(p.Common().ID) != nil {
		return fmt.Errorf("chat: part %s opened twice", p.Common().ID)
	}
	p = p.clone() // the event is shared, the fold is not
	p.Common().OpenedAt = at
	t.Parts = append(t.Parts, p)
	return nil
}

// Part returns the part of that id, or nil.
func (t *Turn) Part(id PartID) Part {
	for _, p := range slices.Backward(t.Parts) { // the newest change most
		if p.Common().ID == id {
			return p
		}
	}
	return nil
}

func (t *Turn) update(e Event) error {
	switch b := e.Body.(type) {
	case TextAppended:
		s := stream(t.Part(b.Part), b.Stream)
		if s == nil {
			return ErrGap
		}
		return s.Put(b.At, b.Text)
	case OutputSkipped:
		return edit(t, b.Part, func(p *ToolCall) { p.Skip = &Skipped{At: b.At, Bytes: b.Bytes} })
	case ToolUpdated:
		return edit(t, b.Part, func(p *ToolCall) {
			p.Title, p.Args, p.State, p.Result, p.Error = b.Title, b.Args, b.State, b.Result, b.Error
		})
	case PlanUpdated:
		return edit(t, b.Part, func(p *Plan) { p.Items = list(b.Items) })
	case SubagentUpdated:
		return edit(t, b.Part, func(p *Subagent) { p.State, p.Summary = b.State, b.Summary })
	case PartClosed:
		p := t.Part(b.Part)
		if p == nil {
			return ErrGap
		}
		p.Common().ClosedAt = &e.At
	}
	return nil
}

func edit[P Part](t *Turn, id PartID, f func(P)) error {
	p, ok := t.Part(id).(P)
	if !ok {
		return ErrGap
	}
	f(p)
	return nil
}

// stream returns the text of a part that Stream names, or nil.
func stream(p Part, name Stream) *Span {
	switch p := p.(type) {
	case *Text:
		if name == Main {
			return &p.Text
		}
	case *Reasoning:
		if name == Main {
			return &p.Text
		}
	case *ToolCall:
		if name == Out {
			return &p.Out
		}
	}
	return nil
}
