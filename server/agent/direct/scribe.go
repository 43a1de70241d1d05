package direct

import (
	"fmt"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// maxAnswer bounds the text, thoughts and calls of one answer, in bytes: some
// 2,000 pages. Past it a model has run wild, and every page that opens the
// session would have to carry what it wrote.
const maxAnswer = 8 << 20

var errEndless = &refusal{
	code: fault.CodeProviderOther,
	text: fmt.Sprintf("The answer was ended because it grew past %d MB. What arrived before is kept; ask for less at once, or choose another model.", maxAnswer>>20),
}

// scribe turns one answer into steps of a turn: parts open when there is
// something to put into them. One part of text or thoughts is open at a time;
// the parts of calls stay open, because what becomes of a call is told by who
// runs it.
type scribe struct {
	put    func(agent.StepBody) error
	part   chat.PartID // "" = none is open
	kind   chat.PartKind
	think  thinker
	words  struct{ text, reasoning joiner }
	text   []byte // all words of the answer
	minds  memory
	wanted gathering
	said   bool // text, thoughts or a call came
	size   int  // bytes of them
	usage  *chat.Usage
}

// newScribe returns a scribe for the answer to one question.
func newScribe(put func(agent.StepBody) error) *scribe { return &scribe{put: put} }

// opened is a call whose part is open.
type opened struct {
	part chat.PartID
	call call
}

func (s *scribe) take(d delta) error {
	if d.usage != nil {
		s.usage = merge(s.usage, *d.usage)
	}
	reasoning := s.words.reasoning.put(d.reasoning)
	if d.text != "" || len(d.calls) > 0 {
		reasoning += s.words.reasoning.rest() // the thoughts are over
	}
	list := []stretch{{true, reasoning}}
	if d.text != "" {
		list = append(list, s.think.put(s.words.text.put(d.text))...)
	}
	if err := s.write(list...); err != nil {
		return err
	}
	for _, t := range d.thoughts {
		if err := s.grow(len(t.signature) + len(t.raw)); err != nil {
			return err
		}
		s.minds.add(t)
	}
	return s.takeCalls(d.calls)
}

// takeCalls adds to the calls and opens the parts of those whose name is known.
func (s *scribe) takeCalls(list []callDelta) error {
	for _, d := range list {
		if err := s.grow(len(d.name) + len(d.args) + len(d.extra)); err != nil {
			return err
		}
		s.wanted.add(d)
		s.said = s.said || len(s.wanted.list) > 0
	}
	if len(list) == 0 {
		return nil
	}
	return s.openCalls(false)
}

// openCalls opens the parts of calls in their order. all: no more of any name
// can come.
func (s *scribe) openCalls(all bool) error {
	for i, g := range s.wanted.list {
		if g.part != "" {
			continue
		}
		if !all && !g.named && i == len(s.wanted.list)-1 {
			return nil
		}
		if err := s.openCall(g); err != nil {
			return err
		}
	}
	return nil
}

func (s *scribe) openCall(g *gathered) error {
	if err := s.flush(); err != nil {
		return err
	}
	if err := s.close(); err != nil {
		return err
	}
	base := newPart()
	g.part = base.ID
	return s.put(agent.Open{Part: &chat.ToolCall{PartBase: base, Name: g.name, State: chat.ToolPending}})
}

func (s *scribe) write(list ...stretch) error {
	for _, x := range list {
		kind := chat.KindText
		if x.thought {
			kind = chat.KindReasoning
		}
		if err := s.add(kind, x.text); err != nil {
			return err
		}
		if !x.thought {
			s.text = append(s.text, x.text...)
		}
	}
	return nil
}

func (s *scribe) add(kind chat.PartKind, text string) error {
	if text == "" {
		return nil
	}
	if err := s.grow(len(text)); err != nil {
		return err
	}
	if s.part == "" || s.kind != kind {
		if err := s.open(kind); err != nil {
			return err
		}
	}
	s.said = true
	return s.put(agent.Append{Part: s.part, Stream: chat.Main, At: -1, Text: text})
}

// grow counts what came, in bytes.
func (s *scribe) grow(n int) error {
	if s.size += n; s.size > maxAnswer {
		return errEndless
	}
	return nil
}

func (s *scribe) open(kind chat.PartKind) error {
	if err := s.close(); err != nil {
		return err
	}
	base := newPart()
	var p chat.Part
	switch kind {
	case chat.KindText:
		p = &chat.Text{PartBase: base}
	case chat.KindReasoning:
		p = &chat.Reasoning{PartBase: base}
	default:
		return fmt.Errorf("direct: no stream of text in a part of kind %q", kind)
	}
	s.part, s.kind = base.ID, kind
	return s.put(agent.Open{Part: p})
}

func newPart() chat.PartBase {
	return chat.PartBase{ID: chat.PartID(chat.NewID(chat.PrefixPart)), OpenedAt: chat.Now()}
}

func (s *scribe) close() error {
	if s.part == "" {
		return nil
	}
	id := s.part
	s.part = ""
	return s.put(agent.Close{Part: id})
}

// flush writes what was held back because it might have become a tag or a
// character.
func (s *scribe) flush() error {
	list := []stretch{{true, s.words.reasoning.rest()}}
	if rest := s.words.text.rest(); rest != "" {
		list = append(list, s.think.put(rest)...)
	}
	return s.write(append(list, s.think.flush()...)...)
}

// settle writes what is left when the answer has ended, well or badly: all that
// arrived is kept. A call that was cut off stays with the arguments that came.
// What the answer cost is in usage; telling it is left to who adds it up.
func (s *scribe) settle() error {
	if err := s.flush(); err != nil {
		return err
	}
	if err := s.openCalls(true); err != nil {
		return err
	}
	return s.close()
}

// calls returns what the model wants done, in order; complete once the answer
// is settled. Their parts are open.
func (s *scribe) calls() []opened {
	var out []opened
	for _, g := range s.wanted.list {
		if g.part != "" {
			out = append(out, opened{g.part, g.call()})
		}
	}
	return out
}

// message returns the answer as the model is told of it while its calls are
// under way.
func (s *scribe) message() message {
	m := message{role: assistant}
	for _, t := range s.minds.thoughts() {
		m.pieces = append(m.pieces, t)
	}
	if len(s.text) > 0 {
		m.pieces = append(m.pieces, words(s.text))
	}
	for _, o := range s.calls() {
		m.pieces = append(m.pieces, o.call)
	}
	return m
}

// notice says something between the parts, for the person and for later.
func (s *scribe) notice(level chat.NoticeLevel, text string) error {
	if err := s.close(); err != nil {
		return err
	}
	base := newPart()
	if err := s.put(agent.Open{Part: &chat.Notice{PartBase: base, Level: level, Text: text}}); err != nil {
		return err
	}
	return s.put(agent.Close{Part: base.ID})
}
