package scripted

import (
	"unicode/utf8"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

func (s textStep) play(p *player) error {
	id := p.partID(s.line)
	if p.seeking() {
		if s.open && p.logged.open[id] {
			p.home().loose = append(p.home().loose, id)
		}
		return nil
	}
	var part chat.Part = &chat.Text{PartBase: p.base(id)}
	if s.reasoning {
		part = &chat.Reasoning{PartBase: p.base(id)}
	}
	if err := p.say(agent.Open{Part: part}); err != nil {
		return err
	}
	p.home().loose = append(p.home().loose, id) // whatever happens in the middle of it
	if err := p.stream(id, chat.Main, s.stream, s.text); err != nil || s.open {
		return err
	}
	p.home().loose = p.home().loose[:len(p.home().loose)-1]
	return p.say(agent.Close{Part: id})
}

func (s garbageStep) play(p *player) error {
	if p.seeking() {
		return nil
	}
	return p.speak(p.partID(s.line), s.text)
}

// speak makes a whole text part at once.
func (p *player) speak(id chat.PartID, text string) error {
	for _, b := range []agent.StepBody{
		agent.Open{Part: &chat.Text{PartBase: p.base(id)}},
		agent.Append{Part: id, Stream: chat.Main, At: -1, Text: text},
		agent.Close{Part: id},
	} {
		if err := p.say(b); err != nil {
			return err
		}
	}
	return nil
}

// stream sends a text in chunks of whole code points.
func (p *player) stream(id chat.PartID, to chat.Stream, s stream, text string) error {
	how := s.over(p.pace)
	for i := range max(s.times, 1) {
		if s.times > 0 {
			p.vars.count(i)
		}
		for rest := p.vars.fill(text); rest != ""; {
			n := firstRunes(rest, how.chunk)
			if err := p.say(agent.Append{Part: id, Stream: to, At: -1, Text: rest[:n]}); err != nil {
				return err
			}
			if err := p.pause(how.gap); err != nil {
				return err
			}
			rest = rest[n:]
		}
	}
	return nil
}

// firstRunes returns how many bytes the first n code points have; n 0: all.
func firstRunes(s string, n int) int {
	if n == 0 {
		return len(s)
	}
	i := 0
	for ; n > 0 && i < len(s); n-- {
		_, size := utf8.DecodeRuneInString(s[i:])
		i += size
	}
	return i
}
