package scripted

import (
	"context"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

func (s *askStep) play(p *player) error {
	id := chat.AskID(derivedID(chat.PrefixAsk, p.turn, p.script, s.line, p.rounds))
	switch {
	case p.seek == id:
		return p.found(s)
	case p.seeking():
		return p.seekIn(s)
	}
	a := p.fillAsk(s, id)
	if err := p.raise(a); err != nil {
		return err
	}
	answer, expired, err := p.wait(s.deadline)
	if err != nil {
		return err
	}
	if expired {
		return p.expire(s, a)
	}
	return p.answered(s, a, answer)
}

// found goes on after the ask that a person answered while nothing ran.
func (p *player) found(s *askStep) error {
	p.seek = ""
	if p.task.Resume == nil {
		return errFound
	}
	return p.answered(s, p.task.Resume.Ask, p.task.Resume.Answer)
}

// seekIn looks for the place in every branch: which one was taken is not
// known, and only one of them can hold it.
func (p *player) seekIn(s *askStep) error {
	for _, b := range s.branches {
		if err := p.steps(b.steps); err != nil || !p.seeking() {
			return err
		}
	}
	return nil
}

func (p *player) fillAsk(s *askStep, id chat.AskID) chat.Ask {
	a := s.ask
	a.ID = id
	for _, text := range []*string{&a.Title, &a.Why, &a.Command, &a.Danger} {
		*text = p.vars.fill(*text)
	}
	a.Choices = append([]chat.Choice{}, a.Choices...)
	for i := range a.Choices {
		a.Choices[i].Label = p.vars.fill(a.Choices[i].Label)
		a.Choices[i].Rule = p.vars.fill(a.Choices[i].Rule)
	}
	a.Fields = append([]chat.Field{}, a.Fields...)
	if f := p.top(); f.tool != nil {
		a.Part = &f.id
	}
	if s.deadline > 0 {
		at := later(s.deadline)
		a.Deadline = &at
	}
	return a
}

// raise says the ask. An answer is taken before anybody has seen it: it may
// come before out returns.
func (p *player) raise(a chat.Ask) error {
	if err := p.toolState(chat.ToolWaiting); err != nil {
		return err
	}
	p.conn.mu.Lock()
	if p.ctx.Err() != nil {
		p.conn.mu.Unlock()
		return context.Cause(p.ctx)
	}
	p.ask = a.ID
	p.conn.mu.Unlock()
	if err := p.say(agent.Asked{Ask: a}); err != nil {
		return err
	}
	p.asked = a.ID
	return nil
}

// wait waits for the answer, the deadline (if there is one) or the end.
func (p *player) wait(deadline time.Duration) (a agent.Answer, expired bool, err error) {
	var late <-chan time.Time
	if deadline > 0 {
		t := time.NewTimer(deadline)
		defer t.Stop()
		late = t.C
	}
	select {
	case a = <-p.answers:
		return a, false, nil
	case <-p.ctx.Done():
		return a, false, context.Cause(p.ctx)
	case <-late:
	}
	p.conn.mu.Lock()
	defer p.conn.mu.Unlock()
	if p.ask == "" { // answered, or let go, in this very moment
		select {
		case a = <-p.answers:
			return a, false, nil
		default:
			return a, false, context.Cause(p.ctx)
		}
	}
	p.ask = ""
	return a, true, nil
}

func (p *player) expire(s *askStep, a chat.Ask) error {
	p.asked = ""
	if err := p.say(agent.AskGone{Ask: a.ID, How: chat.Expired}); err != nil {
		return err
	}
	if err := p.toolState(chat.ToolRunning); err != nil {
		return err
	}
	p.vars["answer"], p.vars["command"] = "", a.Command
	return p.steps(s.follow(onExpired, onElse))
}

func (p *player) answered(s *askStep, a chat.Ask, answer agent.Answer) error {
	p.asked = ""
	if err := p.toolState(chat.ToolRunning); err != nil {
		return err
	}
	p.vars["answer"], p.vars["command"] = answer.Text, a.Command
	if answer.Text == "" {
		p.vars["answer"] = answer.Choice
	}
	if answer.Command != "" {
		p.vars["command"] = answer.Command
	}
	return p.steps(s.follow(answerNames(answer)...))
}

// toolState says that the tool call around an ask waits, or goes on.
func (p *player) toolState(s chat.ToolState) error {
	f := p.top()
	if f.tool == nil {
		return nil
	}
	return p.say(f.outcome(s))
}
