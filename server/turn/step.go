package turn

import (
	"errors"
	"slices"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// step takes a step from the agent.
func (l *lane) step(d delivery) {
	if d.link != l.link {
		return // of an agent that was let go
	}
	pause("step-received")
	id := d.step.Turn
	if b, ok := d.step.Body.(agent.Stored); ok {
		l.untold = append(l.untold, b.ID)
	}
	l.remember()
	if _, ok := d.step.Body.(agent.Stored); ok {
		return
	}
	switch {
	case l.live != nil && l.live.id == id:
		l.apply(d.step.Body)
	case l.gone.has(id):
		l.late(d.step.Body)
	case l.live != nil:
		l.park(d)
	default:
		l.beginByAgent(d)
	}
}

// park keeps a step of another turn until the live one has ended.
func (l *lane) park(d delivery) {
	if len(l.parked) < parkedMost {
		l.parked = append(l.parked, d)
		return
	}
	l.desk.Slog.Warn("too many steps of a second turn", "session", l.id)
	l.misbehaved("an agent runs two turns at once")
}

// replay takes the steps that waited for the end of a turn.
func (l *lane) replay() {
	waiting := l.parked
	l.parked = nil
	for _, d := range waiting {
		l.step(d)
	}
}

// apply records a step of the live turn.
func (l *lane) apply(body agent.StepBody) {
	v := l.live
	if v.ending != nil {
		return
	}
	now := time.Now()
	switch b := body.(type) {
	case agent.Open, agent.Append, agent.Tool, agent.SetPlan, agent.SetSubagent, agent.Close, agent.Used:
		done, err := v.rec.take(now, b)
		l.save(done...)
		if err != nil {
			l.misbehaved(err.Error())
		}
	case agent.Begun:
		// It has begun already.
	case agent.Asked:
		l.save(v.rec.flush(now)...)
		l.raise(b.Ask)
	case agent.AskGone:
		l.save(v.rec.flush(now)...)
		l.askGone(b)
	case agent.Titled:
		l.save(v.rec.flush(now)...)
		l.titled(b.Title)
	case agent.Status:
		l.show(b)
	case agent.Ended:
		l.endedByAgent(b)
	default:
		l.misbehaved("a step of unknown type")
	}
}

// misbehaved ends the live turn because its driver broke the rules. why is for
// the log and holds no content.
func (l *lane) misbehaved(why string) {
	l.desk.Slog.Warn("agent broke the rules", "session", l.id, "turn", l.live.id, "why", why)
	l.drop()
	l.end(chat.Failed, &chat.Failure{
		Code: string(fault.CodeAgentFailed),
		Text: "The agent sent something that makes no sense here, so the turn was ended. What it said before is kept; choose Continue or send the prompt again.",
	})
}

// TurnStatus is the status document of topic "turn".
type TurnStatus struct {
	Turn  chat.TurnID `json:"turn"`
	Text  string      `json:"text"`
	Until *chat.Time  `json:"until"` // the moment of the next try; null: not said
}

const statusTopic = "turn"

func (l *lane) show(s agent.Status) {
	if l.desk.Status == nil {
		return
	}
	if s.Text == "" {
		l.hide()
		return
	}
	doc := TurnStatus{Turn: l.live.id, Text: s.Text}
	if !s.Until.IsZero() {
		until := chat.At(s.Until)
		doc.Until = &until
	}
	l.live.status = true
	l.desk.Status.Set(statusTopic, l.id, doc)
}

// hide removes the status of the live turn.
func (l *lane) hide() {
	if l.live.status {
		l.live.status = false
		l.desk.Status.Set(statusTopic, l.id, nil)
	}
}

// late takes what an agent still says of a turn that has ended: a title. All
// else is dropped.
func (l *lane) late(body agent.StepBody) {
	if b, ok := body.(agent.Titled); ok {
		l.titled(b.Title)
	}
}

// titled gives the session the agent's title, unless a person gave it one. The
// guard looks again inside the transaction: a person may be renaming it now.
func (l *lane) titled(title string) {
	title = titleOf(title)
	if title == "" {
		return
	}
	by := chat.TitleAgent
	_, err := l.desk.Log.Append(l.ctx, l.id, "", func(v chat.View) error {
		s, err := v.Session(l.id)
		if err == nil && (s.TrashedAt != nil || s.TitleBy == chat.TitlePerson || s.Title == title) {
			return errNoTitle
		}
		return err
	}, chat.SessionChanged{Title: &title, TitleBy: &by})
	if err != nil && !errors.Is(err, errNoTitle) {
		l.desk.Slog.Warn("a title was not kept", "session", l.id, "err", err)
	}
}

var errNoTitle = errors.New("turn: the session keeps its title")

// beginByAgent begins a turn that the agent started by itself.
func (l *lane) beginByAgent(d delivery) {
	id := d.step.Turn
	if !chat.ValidID(chat.PrefixTurn, string(id)) {
		l.desk.Slog.Warn("agent named a turn badly", "session", l.id)
		return
	}
	_, err := l.desk.Reader.Turn(l.ctx, id)
	if fault.KindOf(err) != fault.NotFound {
		if err != nil {
			l.desk.Slog.Error("a step was dropped", "session", l.id, "err", err)
		}
		return // late, or a turn that only a person can start
	}
	n, err := l.agentTurn(d.step)
	if err == nil {
		_, err = l.desk.Log.Commit(l.ctx, l.id, nil, n.events...)
	}
	if err != nil {
		l.desk.Slog.Error("a turn of the agent cannot begin", "session", l.id, "turn", id, "err", err)
		l.drop()
		return
	}
	l.live = l.newLive(id)
	l.apply(d.step.Body)
}

// agentTurn is how a turn begins that the agent started by itself.
func (l *lane) agentTurn(first agent.Step) (*next, error) {
	s, _, err := l.desk.Reader.Session(l.ctx, l.id)
	if err != nil {
		return nil, err
	}
	queued := chat.TurnQueued{Origin: chat.FromAgent}
	if b, ok := first.Body.(agent.Begun); ok {
		queued.Prompt.Text = b.Prompt
	}
	n, err := l.plan(s, chat.Turn{ID: first.Turn, Session: l.id, Origin: chat.FromAgent, Prompt: queued.Prompt})
	if err != nil {
		return nil, err
	}
	n.byAgent = true
	n.events = slices.Insert(n.events, 0, chat.Event{Turn: first.Turn, Body: queued})
	return n, nil
}
