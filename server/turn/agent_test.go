package turn_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
	"hermes-webui/server/turn"
)

func TestAnAnswerIsRecorded(t *testing.T) {
	h := newHouse(t)
	k := h.begin("1")
	p, c := newPart(), newPart()
	h.ok(k.say(opened(p), text(p, "Hel"), text(p, "lo 😀"), agent.Close{Part: p},
		openedTool(c), agent.Append{Part: c, Stream: chat.Out, At: -1, Text: "out"},
		agent.Tool{Part: c, State: chat.ToolDone, Result: []byte(`{"ok":true}`)}, agent.Close{Part: c},
		agent.Status{Text: "waiting for the provider", Until: time.Now().Add(time.Second)},
		agent.Used{Usage: chat.Usage{Output: 7}}))
	h.ok(k.done())
	h.wantEnd(k.Turn, chat.Done)
	got := h.turn(k.Turn)
	if s := got.Parts[0].(*chat.Text).Text.String(); s != "Hello 😀" {
		t.Errorf("text %q", s)
	}
	tool := got.Parts[1].(*chat.ToolCall)
	if tool.Out.String() != "out" || tool.State != chat.ToolDone || got.Usage.Output != 7 {
		t.Errorf("tool %+v, usage %+v", tool, got.Usage)
	}
	if doc := receive(t, h.status).(turn.TurnStatus); doc.Until == nil || doc.Turn != k.Turn {
		t.Errorf("status %+v", doc)
	}
	if doc := receive(t, h.status); doc != nil {
		t.Errorf("after the end the status is %+v", doc)
	}
}

func TestAnAgentThatSaysNothingHasNoStatus(t *testing.T) {
	h := newHouse(t)
	k := h.begin("1")
	h.ok(k.done())
	h.wantEnd(k.Turn, chat.Done)
	if len(h.status) != 0 {
		t.Error("a status was set")
	}
}

func TestTextThatWaitsIsCommittedWithoutAnotherStep(t *testing.T) {
	h := newHouse(t)
	k := h.begin("1")
	p := newPart()
	h.ok(k.say(opened(p), text(p, "a"), text(p, "b")))
	h.event(func(e chat.Event) bool {
		b, ok := e.Body.(chat.TextAppended)
		return ok && strings.HasSuffix(b.Text, "b")
	})
}

func TestAnAgentThatFailsKeepsWhatItSaid(t *testing.T) {
	for name, f := range map[string]func(*house, task){
		"says so":    func(h *house, k task) { h.ok(k.say(agent.Ended{State: chat.Failed})) },
		"odd end":    func(h *house, k task) { h.ok(k.say(agent.Ended{State: chat.Running})) },
		"bad part":   func(h *house, k task) { h.ok(k.say(text(newPart(), "x"))) },
		"nil step":   func(h *house, k task) { h.ok(k.say(nil)) },
		"bad ask":    func(h *house, k task) { h.ok(k.say(agent.Asked{})) },
		"double ask": func(h *house, k task) { a := approval(); h.ok(k.say(agent.Asked{Ask: a}, agent.Asked{Ask: a})) },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			k := h.begin("1")
			p, c := newPart(), newPart()
			h.ok(k.say(opened(p), openedTool(c), text(p, "so far"), text(p, " so good")))
			f(h, k)
			h.wantEnd(k.Turn, chat.Failed)
			got := h.turn(k.Turn)
			if got.Error == nil || got.Error.Code != string(fault.CodeAgentFailed) || got.Error.Text == "" {
				t.Errorf("error %+v", got.Error)
			}
			if s := got.Parts[0].(*chat.Text).Text.String(); s != "so far so good" {
				t.Errorf("kept %q", s)
			}
			if s := got.Parts[1].(*chat.ToolCall).State; s != chat.ToolFailed {
				t.Errorf("the tool call is %s", s)
			}
			k = h.begin("2") // the session goes on
			h.ok(k.done())
			h.wantEnd(k.Turn, chat.Done)
		})
	}
}

func TestAnAgentThatCannotStart(t *testing.T) {
	limit := fault.New(fault.Unavailable, fault.CodeProviderLimit, "Too many requests.")
	for name, c := range map[string]struct {
		set  func(*puppet)
		want fault.Code
	}{
		"open fails":  {func(p *puppet) { p.open = func() error { return errBroken } }, fault.CodeAgentFailed},
		"open panics": {func(p *puppet) { p.open = func() error { panic("no") } }, fault.CodeAgentFailed},
		"start fails": {func(p *puppet) { p.start = func(*conn, agent.Task) error { return limit } }, fault.CodeProviderLimit},
		"start panics": {func(p *puppet) {
			p.start = func(*conn, agent.Task) error { panic("no") }
		}, fault.CodeAgentFailed},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			c.set(h.puppet)
			a := h.send("1")
			h.wantEnd(a.Turn.ID, chat.Failed)
			if got := h.row(a.Turn.ID).Error; got.Code != string(c.want) {
				t.Errorf("failure %+v", got)
			}
		})
	}
}

func TestStepsFromInsideOfStart(t *testing.T) {
	h := newHouse(t)
	p := newPart()
	h.puppet.start = func(c *conn, k agent.Task) error {
		return task{k, c, false}.say(opened(p), text(p, "quick"), agent.Ended{State: chat.Done})
	}
	a := h.send("1")
	b := h.send("2")
	h.wantEnd(a.Turn.ID, chat.Done)
	h.ended(b.Turn.ID)
	if s := h.turn(a.Turn.ID).Parts[0].(*chat.Text).Text.String(); s != "quick" {
		t.Errorf("kept %q", s)
	}
}

func TestAnAgentBeginsATurn(t *testing.T) {
	h := newHouse(t)
	k := h.begin("1")
	own := task{agent.Task{Turn: chat.TurnID(chat.NewID(chat.PrefixTurn))}, k.conn, false}
	p := newPart()
	// It begins while another is live, and waits for the end of that one.
	h.ok(own.say(agent.Begun{Prompt: "the build is done"}, opened(p), text(p, "look")))
	queued := h.send("2")
	h.ok(k.done())
	h.wantEnd(k.Turn, chat.Done)
	h.ok(own.done())
	h.wantEnd(own.Turn, chat.Done)
	got := h.turn(own.Turn)
	if got.Origin != chat.FromAgent || got.Prompt.Text != "the build is done" || *got.Parent != k.Turn {
		t.Errorf("got %+v", got)
	}
	if s := got.Parts[0].(*chat.Text).Text.String(); s != "look" {
		t.Errorf("said %q", s)
	}
	k = h.task()
	if k.Turn != queued.Turn.ID {
		t.Error("the queue did not go on")
	}
	h.ok(k.done())
	h.wantEnd(k.Turn, chat.Done)

	idle := task{agent.Task{Turn: chat.TurnID(chat.NewID(chat.PrefixTurn))}, k.conn, false}
	h.ok(idle.say(agent.Begun{}, agent.Ended{State: chat.Done}))
	h.wantEnd(idle.Turn, chat.Done)

	before := len(h.all())
	h.ok(k.say(opened(newPart())))   // late
	h.ok(own.say(opened(newPart()))) // late
	h.ok(task{agent.Task{Turn: "odd"}, k.conn, false}.say(agent.Begun{}))
	if after := len(h.all()); after != before {
		t.Errorf("late steps wrote %v", h.kinds()[before:])
	}
}

func TestAnAgentThatDoesNotStopInOrder(t *testing.T) {
	h := newHouse(t)
	h.puppet.stop = func(*conn) error { return errors.New("no") }
	k := h.begin("1")
	_, _, err := h.desk.Stop(t.Context(), k.Turn)
	h.ok(err)
	h.wantEnd(k.Turn, chat.Stopped)
	receive(t, k.conn.closed)
	if k.say(opened(newPart())) == nil {
		t.Error("a step was taken after the agent was let go")
	}
}

func TestStopWaitsForTheAgentAndKeepsItsLastWords(t *testing.T) {
	h := newHouse(t)
	p := newPart()
	var k task
	h.puppet.stop = func(*conn) error {
		return k.say(text(p, " last"), agent.Ended{State: chat.Done})
	}
	k = h.begin("1")
	h.ok(k.say(opened(p), text(p, "first")))
	_, _, err := h.desk.Stop(t.Context(), k.Turn)
	h.ok(err)
	h.wantEnd(k.Turn, chat.Stopped)
	if s := h.turn(k.Turn).Parts[0].(*chat.Text).Text.String(); s != "first last" {
		t.Errorf("kept %q", s)
	}
}

func TestOneConnForTheTurnsOfASession(t *testing.T) {
	h := newHouse(t)
	for range 3 {
		k := h.begin("x")
		h.ok(k.done())
		h.wantEnd(k.Turn, chat.Done)
	}
	if n := len(h.puppet.conns); n != 1 {
		t.Errorf("%d conns were opened", n)
	}
	first := receive(t, h.puppet.conns)
	dir := t.TempDir()
	_, _, err := h.desk.Change(t.Context(), h.s, chat.SessionChanged{Workspace: &dir})
	h.ok(err)
	k := h.begin("x")
	receive(t, first.closed)
	if k.Root == nil || k.Workspace != dir {
		t.Errorf("the task has no workspace: %+v", k.Task)
	}
}

func TestAFolderThatMustBeNoWorkspaceIsNotHandedOut(t *testing.T) {
	h := newHouse(t)
	h.ok(h.desk.Close(t.Context()))
	var asked []string
	var err error
	h.desk, err = turn.Open(t.Context(), turn.Config{
		Log: h.store, Reader: h.store, Agents: agents{"puppet": h.puppet},
		Folder: func(path string) (*os.Root, error) {
			asked = append(asked, path)
			return nil, errors.New("it leads to the home folder now")
		},
	})
	h.ok(err)
	dir := t.TempDir()
	_, _, err = h.desk.Change(t.Context(), h.s, chat.SessionChanged{Workspace: &dir})
	h.ok(err)
	k := h.begin("x")
	if k.Root != nil || !slices.Equal(asked, []string{dir}) {
		t.Errorf("the task has the folder %v; asked for %q", k.Root, asked)
	}
	h.ok(k.done())
	h.wantEnd(k.Turn, chat.Done)
}
