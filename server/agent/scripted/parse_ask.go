package scripted

import (
	"slices"
	"strings"

	"hermes-webui/server/chat"
)

// ask reads an ask, what belongs to it and the branches on its answers.
func (p *parser) ask(l line, rest string, at place) (step, error) {
	kind, title, _ := strings.Cut(rest, " ")
	s := &askStep{line: l.no, ask: chat.Ask{Kind: chat.AskKind(kind), Title: strings.TrimSpace(title)}}
	switch s.ask.Kind {
	case chat.Approval:
		s.ask.Choices = approvalChoices()
	case chat.Question, chat.Secret:
	default:
		return nil, p.errorf(l.no, "an ask is an approval, a question or a secret")
	}
	if err := p.words(l, s.ask.Title); err != nil {
		return nil, err
	}
	for {
		inner, ok, err := p.next(l.depth + 1)
		if err != nil {
			return nil, err
		}
		if !ok {
			return s, p.askWhole(l, s)
		}
		if err := p.askLine(inner, s, at); err != nil {
			return nil, err
		}
	}
}

func (p *parser) askLine(l line, s *askStep, at place) error {
	word, rest, _ := strings.Cut(l.text, " ")
	rest = strings.TrimSpace(rest)
	if word == "editable" {
		s.ask.Editable = true
		return p.nothing(l, rest)
	}
	if err := p.words(l, rest); err != nil {
		return err
	}
	if err := checkVars(rest); err != nil {
		return p.errorf(l.no, "%v", err)
	}
	switch word {
	case "why":
		s.ask.Why = rest
	case "command":
		s.ask.Command = rest
	case "danger":
		s.ask.Danger = rest
	case "deadline":
		var err error
		s.deadline, err = p.duration(l, rest)
		return err
	case "rule", "choice":
		return p.choice(l, s, word, rest)
	case "field", "hidden":
		return p.field(l, s, word, rest)
	case "on":
		return p.branch(l, s, strings.Fields(rest), at)
	default:
		return p.errorf(l.no, "%q does not belong to an ask", word)
	}
	return nil
}

func (p *parser) choice(l line, s *askStep, word, rest string) error {
	id, words, _ := strings.Cut(rest, " ")
	if err := p.words(l, words); err != nil {
		return err
	}
	i := slices.IndexFunc(s.ask.Choices, func(c chat.Choice) bool { return c.ID == id })
	switch {
	case word == "rule" && (s.ask.Kind != chat.Approval || i < 0):
		return p.errorf(l.no, "there is no choice %q of an approval", id)
	case word == "rule":
		s.ask.Choices[i].Rule = words
	case s.ask.Kind != chat.Question:
		return p.errorf(l.no, "only a question has choices of its own")
	case i >= 0 || slices.Contains([]string{onAllow, onText, onValues, onExpired, onElse}, id):
		return p.errorf(l.no, "a choice cannot be called %q", id)
	default:
		s.ask.Choices = append(s.ask.Choices, chat.Choice{ID: id, Label: words})
	}
	return nil
}

func (p *parser) field(l line, s *askStep, word, rest string) error {
	id, label, _ := strings.Cut(rest, " ")
	if s.ask.Kind != chat.Secret {
		return p.errorf(l.no, "only a secret has fields")
	}
	s.ask.Fields = append(s.ask.Fields, chat.Field{ID: id, Label: label, Secret: word == "hidden"})
	return p.words(l, label)
}

func (p *parser) branch(l line, s *askStep, answers []string, at place) error {
	steps, err := p.inside(l, at)
	s.branches = append(s.branches, branch{answers, steps})
	return err
}

// askWhole checks what can be known only at the end of an ask.
func (p *parser) askWhole(l line, s *askStep) error {
	if s.ask.Kind == chat.Secret && len(s.ask.Fields) == 0 {
		return p.errorf(l.no, "a secret needs a field")
	}
	if s.ask.Editable && s.ask.Command == "" {
		return p.errorf(l.no, "only a command can be editable")
	}
	known := []string{onText, onElse}
	for _, c := range s.ask.Choices {
		known = append(known, c.ID)
	}
	if s.ask.Kind == chat.Approval {
		known = append(known, onAllow)
	}
	if s.ask.Kind == chat.Secret {
		known = append(known, onValues)
	}
	if s.deadline > 0 {
		known = append(known, onExpired)
	}
	for _, b := range s.branches {
		for _, a := range b.answers {
			if !slices.Contains(known, a) {
				return p.errorf(l.no, "this ask has no answer %q; it has %s", a, strings.Join(known, ", "))
			}
		}
	}
	return nil
}
