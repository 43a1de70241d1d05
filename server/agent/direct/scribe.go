package direct

import (
	"fmt"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// maxAnswer bounds the text and thoughts of one answer, in bytes: some 2,000
// pages. Past it a model has run wild, and every page that opens the session
// would have to carry what it wrote.
const maxAnswer = 8 << 20

var errEndless = &refusal{
	code: fault.CodeProviderOther,
	text: fmt.Sprintf("The answer was ended because it grew past %d MB. What arrived before is kept; ask for less at once, or choose another model.", maxAnswer>>20),
}

// scribe turns an answer into steps of a turn: parts open when there is
// something to put into them, and one is open at a time.
type scribe struct {
	put   func(agent.StepBody) error
	part  chat.PartID // "" = none is open
	kind  chat.PartKind
	think thinker
	words struct{ text, reasoning joiner }
	said  bool // text or thoughts were written
	size  int  // bytes of them
	usage *chat.Usage
}

func (s *scribe) take(d delta) error {
	if d.usage != nil {
		s.usage = merge(s.usage, *d.usage)
	}
	reasoning, thought, text := s.words.reasoning.put(d.reasoning), "", ""
	if d.text != "" {
		reasoning += s.words.reasoning.rest() // the thoughts are over
		thought, text = s.think.put(s.words.text.put(d.text))
	}
	return s.write(reasoning+thought, text)
}

func (s *scribe) write(reasoning, text string) error {
	if err := s.add(chat.KindReasoning, reasoning); err != nil {
		return err
	}
	return s.add(chat.KindText, text)
}

func (s *scribe) add(kind chat.PartKind, text string) error {
	if text == "" {
		return nil
	}
	if s.size += len(text); s.size > maxAnswer {
		return errEndless
	}
	if s.part == "" || s.kind != kind {
		if err := s.open(kind); err != nil {
			return err
		}
	}
	s.said = true
	return s.put(agent.Append{Part: s.part, Stream: chat.Main, At: -1, Text: text})
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
	thought, text := "", ""
	if rest := s.words.text.rest(); rest != "" {
		thought, text = s.think.put(rest)
	}
	heldThought, heldText := s.think.flush()
	return s.write(s.words.reasoning.rest()+thought+heldThought, text+heldText)
}

// settle writes what is left when the answer has ended, well or badly: all that
// arrived is kept.
func (s *scribe) settle() error {
	if err := s.flush(); err != nil {
		return err
	}
	if err := s.close(); err != nil {
		return err
	}
	if s.usage == nil {
		return nil
	}
	return s.put(agent.Used{Usage: *s.usage})
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
