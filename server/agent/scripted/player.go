package scripted

import (
	"context"
	"errors"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// player plays one script. All of it belongs to its goroutine, except the
// fields under the mutex of conn.
type player struct {
	conn   *conn
	script *Script
	task   agent.Task
	turn   chat.TurnID
	vars   vars
	pace   pace
	rounds []int      // which time round each repeat is
	frames []*frame   // the turn itself, then open subagents and tool calls
	asked  chat.AskID // raised and not ended; "" = none
	over   bool       // the turn has ended

	// seek is set while the steps before an ask are passed over: nothing is
	// said, no time passes, every branch is looked into.
	seek   chat.AskID
	logged logged

	before <-chan struct{} // closed when the player before this one has ended
	ended  chan struct{}
	ctx    context.Context
	cancel context.CancelCauseFunc

	// Under conn.mu:
	live    bool
	ask     chat.AskID // the one that takes an answer; "" = none
	answers chan agent.Answer
	steered []string
}

// outcome is how a turn fails, as an error that unwinds the steps.
type outcome struct {
	failure chat.Failure
	crashed bool
}

func (o *outcome) Error() string { return "scripted: the turn has failed" }

var (
	// errLeave unwinds to the end of the innermost tool call or subagent.
	errLeave = errors.New("scripted: the block has its outcome")
	// errFound unwinds when only a place was looked for.
	errFound = errors.New("scripted: this is the place")
)

func newPlayer(c *conn, s *Script, t agent.Task, prompt string) *player {
	p := &player{
		conn: c, script: s, task: t, turn: t.Turn, vars: newVars(), frames: []*frame{{}},
		ended: make(chan struct{}), answers: make(chan agent.Answer, 1), live: true,
	}
	p.ctx, p.cancel = context.WithCancelCause(context.Background())
	p.vars["prompt"], p.vars["workspace"] = prompt, t.Workspace
	if t.Resume != nil {
		p.seek = t.Resume.Ask.ID
		p.recall(t.Resume.Turn)
	}
	return p
}

func (p *player) run() {
	defer close(p.ended)
	defer p.cancel(nil)
	if p.before != nil {
		<-p.before
	}
	p.finish(p.steps(p.script.steps))
}

// finish says how the turn ended.
func (p *player) finish(err error) {
	if err == nil {
		err = p.done()
	}
	var failed *outcome
	switch {
	case err == nil, errors.Is(err, errGone):
	case errors.Is(err, errStopped):
		p.stopped()
	case errors.As(err, &failed):
		p.failed(failed)
	default:
		panic("scripted: a step returned an error of unknown kind")
	}
}

// steps plays steps in order.
func (p *player) steps(steps []step) error {
	for _, s := range steps {
		if err := p.echo(); err != nil {
			return err
		}
		if err := s.play(p); err != nil {
			return err
		}
	}
	return nil
}

func (p *player) seeking() bool { return p.seek != "" }

// say sends a step, unless the turn is stopped or the player seeks. It blocks
// for as long as out does.
func (p *player) say(b agent.StepBody) error {
	if p.seeking() {
		return nil
	}
	if p.ctx.Err() != nil {
		return context.Cause(p.ctx)
	}
	return p.last(b)
}

// last is say for what is still said after a stop.
func (p *player) last(b agent.StepBody) error {
	if errors.Is(context.Cause(p.ctx), errGone) {
		return errGone
	}
	if err := p.conn.out(agent.Step{Turn: p.turn, Body: b}); err != nil {
		p.cancel(errGone)
		return errGone
	}
	return nil
}

// pause lets time pass, as fast as the driver is told to.
func (p *player) pause(d time.Duration) error {
	if p.seeking() {
		return nil
	}
	if speed := p.conn.driver.opt.Speed; speed > 0 && d > 0 {
		t := time.NewTimer(time.Duration(float64(d) / speed))
		defer t.Stop()
		select {
		case <-t.C:
		case <-p.ctx.Done():
		}
	}
	if p.ctx.Err() != nil {
		return context.Cause(p.ctx)
	}
	return nil
}

// letGo ends the playing. The caller holds conn.mu.
func (p *player) letGo(why error) {
	p.live, p.ask = false, ""
	p.cancel(why)
}

// echo says back what a person put into the turn.
func (p *player) echo() error {
	if p.seeking() {
		return nil
	}
	p.conn.mu.Lock()
	words := p.steered
	p.steered = nil
	p.conn.mu.Unlock()
	for _, text := range words {
		if err := p.speak(chat.PartID(chat.NewID(chat.PrefixPart)), "You said: "+text); err != nil {
			return err
		}
	}
	return nil
}
