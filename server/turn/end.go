package turn

import (
	"fmt"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// endedByAgent ends the turn as the agent says, or as a person wanted first.
func (l *lane) endedByAgent(b agent.Ended) {
	v := l.live
	switch b.State {
	case chat.Done, chat.Stopped, chat.Failed:
	default:
		l.misbehaved(fmt.Sprintf("a turn ended as %q", b.State))
		return
	}
	if b.State == chat.Failed && b.Error == nil {
		b.Error = &chat.Failure{Code: string(fault.CodeAgentFailed), Text: "The agent failed and did not say why. Send the prompt again."}
	}
	ended := chat.TurnEnded{State: b.State, Error: b.Error}
	switch {
	case v.starting: // Start has not returned; the next turn must not meet it
		v.early = &ended
	case v.stopping: // Stop has not returned, and says when the agent let go
	default:
		l.end(ended.State, ended.Error)
	}
}

// end closes what is open in the live turn and ends it. What cannot be
// committed is tried again until it is, or there is no hope.
func (l *lane) end(state chat.TurnState, failure *chat.Failure) {
	v := l.live
	if v.ending != nil {
		return
	}
	rest, how := leftovers(state)
	v.keep(v.rec.finish(time.Now(), rest)...)
	for _, a := range v.asks {
		v.keep(chat.AskClosed{Ask: a.ID, How: how})
	}
	v.asks = nil
	v.ending = &chat.TurnEnded{State: state, Error: failure}
	l.tryEnd()
}

// leftovers says what becomes of tool calls and asks that are open when a turn
// ends.
func leftovers(state chat.TurnState) (chat.ToolState, chat.How) {
	switch state {
	case chat.Stopped:
		return chat.ToolStopped, chat.WithdrawnBy
	case chat.Failed:
		return chat.ToolFailed, chat.WithdrawnBy
	case chat.Interrupted:
		return chat.ToolUnknown, chat.Lost
	case chat.Done: // it cannot know what a call did that it did not wait for
		return chat.ToolUnknown, chat.WithdrawnBy
	default:
		panic("turn: no end: " + string(state))
	}
}

// tryEnd commits the end together with what follows from it: the start of the
// next turn, or that the queue is held. So there is no moment at which a queue
// waits for nobody.
func (l *lane) tryEnd() {
	v := l.live
	n, after, err := l.follow(v)
	if err == nil {
		events := append(append([]chat.Event{}, v.unsaved...), chat.Event{Turn: v.id, Body: *v.ending})
		pause("ended-before-commit")
		_, err = l.desk.Log.Commit(l.ctx, l.id, nil, append(events, after...)...)
	}
	if err != nil {
		v.failedToSave(err)
		l.desk.Slog.Error("the end of a turn cannot be recorded", "session", l.id, "turn", v.id, "err", err)
		if !v.hopeless() {
			return
		}
		n = nil
		l.endAlone(v)
	}
	pause("ended-after-commit")
	l.forget(v)
	l.first = "" // it is next, or was overtaken: an interrupt is for one end only
	if n != nil {
		l.run(n)
	}
	v.goOn()
	l.replay()
}

func (l *lane) forget(v *live) {
	v.unsaved = nil
	l.hide()
	v.close()
	l.live = nil
	l.gone.add(v.id)
	if l.link != nil {
		l.link.idle = time.Now()
	}
	for _, tell := range v.ended {
		tell()
	}
}

// follow says what comes after the live turn.
func (l *lane) follow(v *live) (*next, []chat.Event, error) {
	s, _, err := l.desk.Reader.Session(l.ctx, l.id)
	if err != nil {
		return nil, nil, fmt.Errorf("read session: %w", err)
	}
	queue, err := l.desk.Reader.Queue(l.ctx, l.id)
	if err != nil {
		return nil, nil, fmt.Errorf("read queue: %w", err)
	}
	draining := l.desk.drains()
	if n := l.waitingAgent(); n != nil && !v.removed && !draining {
		return n, n.events, nil
	}
	if len(queue) == 0 {
		return nil, nil, nil
	}
	goesOn := queue[0] == l.first || v.ending.State == chat.Done && !s.Held
	if goesOn && !v.removed && !draining {
		n, err := l.planQueued(s, queue[0])
		if err == nil {
			return n, n.events, nil
		}
		l.desk.Slog.Error("a queued turn cannot start", "session", l.id, "turn", queue[0], "err", err)
	}
	if s.Held {
		return nil, nil, nil
	}
	return nil, []chat.Event{{Body: chat.QueueChanged{Order: queue, Held: true}}}, nil
}

// waitingAgent is the turn that the agent began by itself meanwhile.
func (l *lane) waitingAgent() *next {
	for _, d := range l.parked {
		id := d.step.Turn
		if l.gone.has(id) || !chat.ValidID(chat.PrefixTurn, string(id)) {
			continue
		}
		if _, err := l.desk.Reader.Turn(l.ctx, id); fault.KindOf(err) != fault.NotFound {
			continue
		}
		if n, err := l.agentTurn(d.step); err == nil {
			return n
		}
	}
	return nil
}

func (l *lane) planQueued(s chat.Session, id chat.TurnID) (*next, error) {
	row, err := l.desk.Reader.Turn(l.ctx, id)
	if err != nil {
		return nil, err
	}
	return l.plan(s, row.Turn)
}
