package scripted

import (
	"context"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

func (endStep) play(p *player) error { return p.done() }

// play begins a turn that nobody asked for. From here on Start is refused
// until it has ended.
func (s beginStep) play(p *player) error {
	if p.seeking() {
		return nil
	}
	p.conn.mu.Lock()
	if p.ctx.Err() != nil {
		p.conn.mu.Unlock()
		return context.Cause(p.ctx)
	}
	p.live = true
	p.conn.mu.Unlock()
	p.turn, p.over = chat.TurnID(chat.NewID(chat.PrefixTurn)), false
	if p.say(agent.Begun{Prompt: p.vars.fill(s.prompt)}) != nil {
		return errGone // a turn that nobody has heard of has no end to tell
	}
	return nil
}

func (s failStep) play(p *player) error {
	if p.seeking() {
		return nil
	}
	o := &outcome{failure: chat.Failure{Code: s.code, Text: p.vars.fill(s.text)}}
	if s.retry > 0 {
		at := later(s.retry)
		o.failure.RetryAt = &at
	}
	return o
}

func (crashStep) play(p *player) error {
	if p.seeking() {
		return nil
	}
	return &outcome{crashed: true, failure: chat.Failure{
		Code: string(fault.CodeAgentFailed),
		Text: "The agent stopped unexpectedly. What it had said is kept; send a prompt to go on.",
	}}
}

// done ends the turn well, unless it has ended.
func (p *player) done() error {
	if p.over || p.seeking() {
		return nil
	}
	for {
		if err := p.echo(); err != nil {
			return err
		}
		settled, err := p.settle()
		if err != nil {
			return err
		}
		if settled {
			break
		}
	}
	return p.end(agent.Ended{State: chat.Done}, chat.ToolDone)
}

// settle makes the turn refuse words from now on; false when some came just
// before.
func (p *player) settle() (bool, error) {
	p.conn.mu.Lock()
	defer p.conn.mu.Unlock()
	if p.ctx.Err() != nil {
		return false, context.Cause(p.ctx)
	}
	if len(p.steered) > 0 {
		return false, nil
	}
	p.live = false
	return true, nil
}

// stopped tells the end of a turn that a person stopped.
func (p *player) stopped() {
	if p.asked != "" && p.last(agent.AskGone{Ask: p.asked, How: chat.WithdrawnBy}) != nil {
		return
	}
	p.asked = ""
	_ = p.end(agent.Ended{State: chat.Stopped}, chat.ToolStopped) // nobody is left to tell
}

// failed tells the end of a turn that failed. An agent that died closes
// nothing.
func (p *player) failed(o *outcome) {
	p.conn.mu.Lock()
	p.live = false
	p.conn.mu.Unlock()
	if o.crashed {
		p.frames = []*frame{{}}
	}
	_ = p.end(agent.Ended{State: chat.Failed, Error: &o.failure}, chat.ToolFailed) // nobody is left to tell
}

// end closes what is open, the innermost first, and says the last step of the
// turn.
func (p *player) end(last agent.Ended, open chat.ToolState) error {
	for i := len(p.frames) - 1; i >= 0; i-- {
		f := p.frames[i]
		if f.unsettled() {
			if err := p.last(f.outcome(open)); err != nil {
				return err
			}
		}
		if err := p.closeParts(f, p.last); err != nil {
			return err
		}
	}
	p.frames, p.over = []*frame{{}}, true
	return p.last(last)
}
