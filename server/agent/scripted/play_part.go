package scripted

import (
	"slices"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

func (s waitStep) play(p *player) error { return p.pause(s.d) }

func (s paceStep) play(p *player) error {
	p.pace = s.stream.over(p.pace)
	return nil
}

func (s planStep) play(p *player) error {
	if p.seeking() {
		return nil
	}
	items := slices.Clone(s.items)
	for i := range items {
		items[i].Text = p.vars.fill(items[i].Text)
	}
	f := p.home()
	if f.plan != "" {
		return p.say(agent.SetPlan{Part: f.plan, Items: items})
	}
	id := p.partID(s.line)
	if err := p.say(agent.Open{Part: &chat.Plan{PartBase: p.base(id), Items: items}}); err != nil {
		return err
	}
	f.plan = id
	return nil
}

func (s fileStep) play(p *player) error {
	return p.whole(&chat.File{
		PartBase: p.base(p.partID(s.line)),
		Name:     p.vars.fill(s.name), Path: p.vars.fill(s.path), Type: s.kind, Size: s.size,
	})
}

func (s noticeStep) play(p *player) error {
	return p.whole(&chat.Notice{PartBase: p.base(p.partID(s.line)), Level: s.level, Text: p.vars.fill(s.text)})
}

// whole says a part that is complete from its beginning.
func (p *player) whole(part chat.Part) error {
	if err := p.say(agent.Open{Part: part}); err != nil {
		return err
	}
	return p.say(agent.Close{Part: part.Common().ID})
}

func (s usageStep) play(p *player) error { return p.say(agent.Used{Usage: s.usage}) }

func (s titleStep) play(p *player) error { return p.say(agent.Titled{Title: p.vars.fill(s.text)}) }

func (s statusStep) play(p *player) error {
	b := agent.Status{Text: p.vars.fill(s.text)}
	if s.next > 0 {
		b.Until = later(s.next).Time
	}
	return p.say(b)
}

func (s repeatStep) play(p *player) error {
	p.rounds = append(p.rounds, 0)
	depth := len(p.rounds)
	for i := range s.times {
		p.rounds[depth-1] = i
		p.vars.count(i)
		if err := p.steps(s.steps); err != nil {
			return err
		}
	}
	p.rounds = slices.Delete(p.rounds, depth-1, depth)
	return nil
}

func later(d time.Duration) chat.Time { return chat.At(time.Now().Add(d)) }
