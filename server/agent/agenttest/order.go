package agenttest

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// order is the grammar of steps: it takes them one by one and says which one
// breaks it.
type order struct {
	turns  map[chat.TurnID]*turnSeen
	parts  map[chat.PartID]*partSeen
	asks   map[chat.AskID]*askSeen
	newest int  // number of the newest turn that has spoken
	dirty  bool // text need not be UTF-8
}

type (
	turnSeen struct {
		ended *agent.Ended
		no    int // turns are counted as they are begun
	}
	partSeen struct {
		turn   chat.TurnID
		part   chat.Part
		len    map[chat.Stream]int
		closed bool
	}
	askSeen struct {
		turn chat.TurnID
		gone bool
	}
)

func newOrder() *order {
	return &order{
		turns: map[chat.TurnID]*turnSeen{}, parts: map[chat.PartID]*partSeen{}, asks: map[chat.AskID]*askSeen{},
	}
}

// start makes a turn known.
func (o *order) start(id chat.TurnID) {
	o.turns[id] = &turnSeen{no: len(o.turns) + 1}
}

// take checks one step.
func (o *order) take(s agent.Step) error {
	if begun, ok := s.Body.(agent.Begun); ok {
		return o.begun(s.Turn, begun)
	}
	if stored, ok := s.Body.(agent.Stored); ok {
		return named(stored)
	}
	t := o.turns[s.Turn]
	switch {
	case t == nil:
		return fmt.Errorf("a %T of turn %q, which nobody has begun", s.Body, s.Turn)
	case t.ended != nil && isTitle(s.Body):
		return nil // it is of the session and may come late
	case t.ended != nil:
		return fmt.Errorf("a %T after the end of its turn", s.Body)
	case t.no < o.newest:
		return fmt.Errorf("a %T of a turn after which another has spoken", s.Body)
	}
	o.newest = t.no
	return o.body(t, s)
}

func isTitle(b agent.StepBody) bool {
	_, ok := b.(agent.Titled)
	return ok
}

func named(b agent.Stored) error {
	if b.ID == "" {
		return errors.New("a session is stored under no id")
	}
	return nil
}

func (o *order) begun(id chat.TurnID, _ agent.Begun) error {
	if o.turns[id] != nil {
		return errors.New("a Begun of a turn that is known")
	}
	if !chat.ValidID(chat.PrefixTurn, string(id)) {
		return fmt.Errorf("a Begun with the id %q", id)
	}
	o.start(id)
	o.newest = o.turns[id].no
	return nil
}

func (o *order) body(t *turnSeen, s agent.Step) error {
	switch b := s.Body.(type) {
	case agent.Open:
		return o.open(s.Turn, b.Part)
	case agent.Append:
		return o.append(s.Turn, b)
	case agent.Tool:
		_, err := about[*chat.ToolCall](o, s.Turn, b.Part)
		return errors.Join(err, toolState(b.State))
	case agent.SetPlan:
		_, err := about[*chat.Plan](o, s.Turn, b.Part)
		return err
	case agent.SetSubagent:
		_, err := about[*chat.Subagent](o, s.Turn, b.Part)
		return errors.Join(err, toolState(b.State))
	case agent.Close:
		p, err := about[chat.Part](o, s.Turn, b.Part)
		if err == nil {
			p.closed = true
		}
		return err
	case agent.Asked:
		return o.asked(s.Turn, b.Ask)
	case agent.AskGone:
		return o.gone(s.Turn, b)
	case agent.Used, agent.Titled, agent.Status:
		return nil
	case agent.Ended:
		t.ended = &b
		return ended(b)
	default:
		return fmt.Errorf("a step of unknown type %T", s.Body)
	}
}

func (o *order) open(turn chat.TurnID, part chat.Part) error {
	base := part.Common()
	if !chat.ValidID(chat.PrefixPart, string(base.ID)) {
		return fmt.Errorf("a part with the id %q", base.ID)
	}
	if o.parts[base.ID] != nil {
		return fmt.Errorf("part %s is opened twice", base.ID)
	}
	if base.ClosedAt != nil {
		return fmt.Errorf("part %s is opened closed", base.ID)
	}
	if base.Parent != nil {
		if _, err := about[*chat.Subagent](o, turn, *base.Parent); err != nil {
			return fmt.Errorf("parent of a part: %w", err)
		}
	}
	o.parts[base.ID] = &partSeen{turn: turn, part: part, len: map[chat.Stream]int{}}
	return empty(part)
}

// empty says whether a part that is opened has text already, or a state that
// does not exist.
func empty(part chat.Part) error {
	n, state := 0, chat.ToolRunning
	switch p := part.(type) {
	case *chat.Text:
		n = p.Text.Len()
	case *chat.Reasoning:
		n = p.Text.Len()
	case *chat.ToolCall:
		n, state = p.Out.Len(), p.State
	case *chat.Subagent:
		state = p.State
	case *chat.File, *chat.Plan, *chat.Notice:
	default:
		return fmt.Errorf("a part of unknown type %T", part)
	}
	if n > 0 {
		return errors.New("a part is opened with text in it")
	}
	return toolState(state)
}

func (o *order) append(turn chat.TurnID, b agent.Append) error {
	p, err := about[chat.Part](o, turn, b.Part)
	if err != nil {
		return err
	}
	want := chat.Main
	switch p.part.(type) {
	case *chat.Text, *chat.Reasoning:
	case *chat.ToolCall:
		want = chat.Out
	default:
		return fmt.Errorf("text for a %s", p.part.Kind())
	}
	have := p.len[b.Stream]
	switch {
	case b.Stream != want:
		return fmt.Errorf("stream %q of a %s", b.Stream, p.part.Kind())
	case b.At > have:
		return fmt.Errorf("text at %d where there are %d", b.At, have)
	case !o.dirty && !utf8.ValidString(b.Text):
		return errors.New("text that is not UTF-8")
	case b.At >= 0:
		have = b.At
	}
	p.len[b.Stream] = have + chat.UTF16Len(b.Text)
	return nil
}

func (o *order) asked(turn chat.TurnID, a chat.Ask) error {
	if !chat.ValidID(chat.PrefixAsk, string(a.ID)) || o.asks[a.ID] != nil {
		return fmt.Errorf("an ask with the id %q, which is used or no id", a.ID)
	}
	o.asks[a.ID] = &askSeen{turn: turn}
	switch a.Kind {
	case chat.Approval, chat.Question, chat.Secret:
	default:
		return fmt.Errorf("an ask of kind %q", a.Kind)
	}
	if a.Part == nil {
		return nil
	}
	_, err := about[*chat.ToolCall](o, turn, *a.Part)
	return err
}

func (o *order) gone(turn chat.TurnID, b agent.AskGone) error {
	a := o.asks[b.Ask]
	if a == nil || a.turn != turn || a.gone {
		return fmt.Errorf("the end of ask %q, which is not open", b.Ask)
	}
	a.gone = true
	switch b.How {
	case chat.Expired, chat.WithdrawnBy, chat.Lost:
		return nil
	default:
		return fmt.Errorf("an ask ended as %q without a person", b.How)
	}
}

// about finds an open part of a kind.
func about[P chat.Part](o *order, turn chat.TurnID, id chat.PartID) (*partSeen, error) {
	p := o.parts[id]
	if p == nil || p.turn != turn {
		return nil, fmt.Errorf("part %q is not open in this turn", id)
	}
	if p.closed {
		return nil, fmt.Errorf("part %q is closed", id)
	}
	if _, ok := p.part.(P); !ok {
		return nil, fmt.Errorf("part %q is a %s", id, p.part.Kind())
	}
	return p, nil
}

func toolState(s chat.ToolState) error {
	switch s {
	case chat.ToolPending, chat.ToolRunning, chat.ToolWaiting, chat.ToolDone, chat.ToolFailed, chat.ToolStopped, chat.ToolUnknown:
		return nil
	default:
		return fmt.Errorf("state %q", s)
	}
}

func ended(b agent.Ended) error {
	switch {
	case b.State == chat.Failed && (b.Error == nil || b.Error.Code == "" || b.Error.Text == ""):
		return errors.New("a failed turn without a code or a sentence")
	case b.State == chat.Failed:
		return nil
	case b.State != chat.Done && b.State != chat.Stopped:
		return fmt.Errorf("a turn ended as %q", b.State)
	case b.Error != nil:
		return fmt.Errorf("a turn ended as %s with an error", b.State)
	default:
		return nil
	}
}
