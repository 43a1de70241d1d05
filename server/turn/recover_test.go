package turn_test

import (
	"context"
	"testing"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// survivor is an agent that still runs its turns after a restart of ours.
type survivor struct {
	*puppet
	runs map[chat.TurnID]bool
	back chan *conn
	asks []chat.Ask // that it was told of
}

func (s *survivor) Reattach(_ context.Context, _ chat.Session, t chat.Turn, asks []chat.Ask, out func(agent.Step) error) (agent.Conn, error) {
	if !s.runs[t.ID] {
		return nil, nil
	}
	s.asks = asks
	c := s.connect(out)
	s.back <- c
	return c, nil
}

func (s *survivor) Outlives(chat.SessionID) bool { return len(s.runs) > 0 }

// patient is an agent that can go on from the log.
type patient struct{ *puppet }

func (patient) CanResume(_ chat.Turn, asks []chat.Ask) bool { return len(asks) > 0 }

func TestATurnIsInterruptedByTheEndOfTheProcess(t *testing.T) {
	h := newHouse(t)
	k := h.begin("1")
	queued := h.send("2")
	p, c := newPart(), newPart()
	h.ok(k.say(opened(p), openedTool(c), text(p, "so "), text(p, "far")))
	ask := h.raised(k, approval())
	h.restart()
	got := h.turn(k.Turn)
	if got.State != chat.Interrupted || got.Error.Code != string(fault.CodeInterrupted) {
		t.Fatalf("the turn is %s, %+v", got.State, got.Error)
	}
	if s := got.Parts[0].(*chat.Text).Text.String(); s != "so far" {
		t.Errorf("kept %q", s)
	}
	if s := got.Parts[1].(*chat.ToolCall); s.State != chat.ToolUnknown || s.ClosedAt == nil {
		t.Errorf("the tool call is %+v", s)
	}
	if got := h.closed(ask.ID); got.How != chat.Lost {
		t.Errorf("the ask was closed as %s", got.How)
	}
	_, _, err := h.desk.Answer(t.Context(), ask.ID, chose("once"))
	h.code(err, fault.CodeAskClosed)
	if s := h.session(); !s.Held || s.Queued != 1 || s.Live != nil {
		t.Errorf("session %+v", s)
	}

	before := len(h.all())
	h.restart()
	if len(h.all()) != before {
		t.Error("a second start changed the log")
	}
	no := false
	_, _, _, err = h.desk.Order(t.Context(), h.s, nil, &no)
	h.ok(err)
	if k := h.task(); k.Turn != queued.Turn.ID {
		t.Error("continue did not start the queue")
	}
}

func TestATurnGoesOnWhereItsAgentStillRunsIt(t *testing.T) {
	h := newHouse(t)
	s := &survivor{puppet: h.puppet, runs: map[chat.TurnID]bool{}, back: make(chan *conn, 1)}
	h.driver = s
	h.restart()
	k := h.begin("1")
	s.runs[k.Turn] = true
	p := newPart()
	h.ok(k.say(opened(p), text(p, "so far")))
	h.send("2")
	h.restart()
	again := task{k.Task, receive(t, s.back), false}
	if h.row(k.Turn).State != chat.Running || !h.session().Held {
		t.Fatalf("turn %s, held %v", h.row(k.Turn).State, h.session().Held)
	}
	h.ok(again.say(agent.Append{Part: p, Stream: chat.Main, At: 3, Text: "far, "}, text(p, "so good"), agent.Close{Part: p}))
	h.ok(again.done())
	h.wantEnd(k.Turn, chat.Done)
	if s := h.turn(k.Turn).Parts[0].(*chat.Text).Text.String(); s != "so far, so good" {
		t.Errorf("the text is %q", s)
	}
	if len(h.puppet.tasks) != 0 {
		t.Error("the held queue went on by itself")
	}

	no := false
	_, _, _, err := h.desk.Order(t.Context(), h.s, nil, &no)
	h.ok(err)
	k = h.task()
	h.restart() // the agent does not know this one
	if h.row(k.Turn).State != chat.Interrupted {
		t.Errorf("turn %s", h.row(k.Turn).State)
	}
}

func TestATurnThatWaitsForAPersonWaitsThroughARestart(t *testing.T) {
	h := newHouse(t)
	h.driver = patient{h.puppet}
	h.restart()
	k := h.begin("1")
	c := newPart()
	h.ok(k.say(openedTool(c)))
	ask := approval()
	ask.Part = &c
	ask = h.raised(k, ask)
	h.restart()
	h.restart()
	if h.row(k.Turn).State != chat.Waiting {
		t.Fatalf("turn %s", h.row(k.Turn).State)
	}
	elsewhere, hard := t.TempDir(), "high"
	_, _, err := h.desk.Change(t.Context(), h.s, chat.SessionChanged{Workspace: &elsewhere, Effort: &hard})
	h.ok(err)
	_, _, err = h.desk.Answer(t.Context(), ask.ID, chose("once"))
	h.ok(err)
	again := h.task()
	if again.Workspace != k.Workspace || again.Effort != k.Effort { // the ask was about that folder
		t.Errorf("goes on in %q with effort %q", again.Workspace, again.Effort)
	}
	if again.Resume == nil || again.Resume.Ask.ID != ask.ID || again.Resume.Answer.Choice != "once" || again.Resume.Turn.ID != k.Turn {
		t.Fatalf("the agent got %+v", again.Resume)
	}
	h.ok(again.say(agent.Tool{Part: c, State: chat.ToolDone}, agent.Close{Part: c}))
	h.ok(again.done())
	h.wantEnd(k.Turn, chat.Done)
	if len(h.puppet.answers) != 0 {
		t.Error("the answer was given twice")
	}
}

func TestATurnThatWaitsThroughARestartCanBeStopped(t *testing.T) {
	h := newHouse(t)
	h.driver = patient{h.puppet}
	h.restart()
	k := h.begin("1")
	h.raised(k, approval())
	h.restart()
	_, _, err := h.desk.Stop(t.Context(), k.Turn)
	h.ok(err)
	h.wantEnd(k.Turn, chat.Stopped)

	k = h.begin("2") // one that runs is not resumed
	h.restart()
	h.wantEnd(k.Turn, chat.Interrupted)
}

func TestAfterCloseNothingIsTaken(t *testing.T) {
	h := newHouse(t)
	k := h.begin("1")
	h.ok(h.desk.Close(t.Context()))
	if k.say(opened(newPart())) == nil {
		t.Error("a step was taken")
	}
	_, _, err := h.desk.Stop(t.Context(), k.Turn)
	h.code(err, fault.CodeStopping)
	receive(t, k.conn.closed)
	if h.row(k.Turn).State != chat.Running {
		t.Error("closing ended the turn")
	}
}

func TestASecondAnswerWaitsForTheAgentThatTheFirstOneWoke(t *testing.T) {
	h := newHouse(t)
	h.driver = patient{h.puppet}
	h.restart()
	k := h.begin("1")
	one, two := h.raised(k, approval()), h.raised(k, approval())
	h.restart()
	_, _, err := h.desk.Answer(t.Context(), one.ID, chose("once"))
	h.ok(err)
	_, _, err = h.desk.Answer(t.Context(), two.ID, chose("deny")) // the agent is only being opened
	h.ok(err)
	again := h.task()
	if again.Resume == nil || again.Resume.Ask.ID != one.ID {
		t.Fatalf("the agent got %+v", again.Resume)
	}
	if got := receive(t, h.puppet.answers); got.answer.Choice != "deny" {
		t.Errorf("the agent was told %+v", got)
	}
	h.ok(again.done())
	h.wantEnd(k.Turn, chat.Done)
}
