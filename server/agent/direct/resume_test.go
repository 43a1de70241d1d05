package direct_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/direct"
	"hermes-webui/server/agent/direct/modeltest"
	"hermes-webui/server/agent/direct/tool"
	"hermes-webui/server/chat"
)

// waiting is a call that a person was asked about before the restart.
func waiting(name string) (*chat.ToolCall, chat.Ask) {
	part := chat.PartID(chat.NewID(chat.PrefixPart))
	c := &chat.ToolCall{PartBase: chat.PartBase{ID: part}, Name: name, Args: json.RawMessage(`{}`), State: chat.ToolWaiting}
	return c, chat.Ask{ID: chat.AskID(chat.NewID(chat.PrefixAsk)), Part: &part, Kind: chat.Approval, Title: "May it?", Command: name}
}

func settled(name, out string) *chat.ToolCall {
	now := chat.Now()
	return &chat.ToolCall{
		PartBase: chat.PartBase{ID: chat.PartID(chat.NewID(chat.PrefixPart)), ClosedAt: &now}, Name: name,
		Args: json.RawMessage(`{}`), State: chat.ToolDone, Out: chat.SpanOf(out),
	}
}

func TestATurnThatWaitedThroughARestartGoesOn(t *testing.T) {
	both(t, func(t *testing.T, kind direct.Kind) {
		a, b := saying("a", "did a"), saying("b", "did b")
		a.needs, b.needs = forbidden("a"), forbidden("b")
		s := newShop(t, kind, modeltest.Always(modeltest.Say("all done")), a, b, saying("look", ""))
		before := settled("look", "a tree")
		callA, askA := waiting("a")
		callB, askB := waiting("b")
		turn := chat.Turn{
			ID: chat.TurnID(chat.NewID(chat.PrefixTurn)), Prompt: chat.Prompt{Text: "go"}, State: chat.Waiting,
			Parts: []chat.Part{before, callA, callB},
		}
		if !s.driver.CanResume(turn, []chat.Ask{askA, askB}) {
			t.Fatal("it cannot go on")
		}
		s.start(agent.Task{Turn: turn.ID, Prompt: turn.Prompt, Resume: &agent.Resume{
			Turn: turn, Ask: askB, Answer: agent.Answer{Choice: "once"}, Open: []chat.Ask{askA},
		}})
		if err := s.conn.Answer(t.Context(), askA.ID, agent.Answer{Choice: "deny"}); err != nil {
			t.Fatal(err)
		}
		s.wantDone()
		if len(s.asked) != 0 {
			t.Error("it asked again")
		}
		lines := s.told().Lines()
		want := []string{"user: go", "assistant call: look {}", "assistant call: a {}", "assistant call: b {}", "user result: a tree"}
		if !slices.Equal(lines[:5], want) || !strings.Contains(lines[5], "denied") || lines[6] != "user result: did b" {
			t.Errorf("the model was told %q", lines)
		}
	})
}

func TestWhatWasShownIsWhatRunsAlsoAfterARestart(t *testing.T) {
	a := saying("a", "did a")
	a.needs = forbidden("something else")
	s := newShop(t, direct.OpenAI, modeltest.Always(modeltest.Say("I see")), a)
	call, ask := waiting("a")
	turn := chat.Turn{ID: chat.TurnID(chat.NewID(chat.PrefixTurn)), Prompt: chat.Prompt{Text: "go"}, Parts: []chat.Part{call}}
	s.start(agent.Task{Turn: turn.ID, Prompt: turn.Prompt, Resume: &agent.Resume{Turn: turn, Ask: ask, Answer: agent.Answer{Choice: "always"}}})
	s.wantDone()
	if r, _ := s.told().Result("a"); strings.Contains(r.Text, "did a") || !strings.Contains(r.Text, "changed") || len(s.rules.kept) != 0 {
		t.Errorf("the model was told %+v, kept %v", r, s.rules.kept)
	}
}

// The session's workspace was changed while it waited: the same command would
// run in another folder than the card said.
func TestARuleThatReadsOtherwiseAfterARestartIsNotTheOneThatWasAllowed(t *testing.T) {
	for _, choice := range []string{"once", "session", "always"} {
		t.Run(choice, func(t *testing.T) {
			a := saying("a", "did a")
			a.needs = &tool.Permission{Title: "May it?", Command: "a", Permits: []tool.Permit{{Kind: tool.Command, Pattern: "a", Workspace: "/there"}}}
			s := newShop(t, direct.OpenAI, modeltest.Always(modeltest.Say("I see")), a)
			call, ask := waiting("a")
			ask.Choices = []chat.Choice{
				{ID: "once"}, {ID: "session", Rule: "ses_1|command|a|/here"}, {ID: "always", Rule: "|command|a|/here"}, {ID: "deny"},
			}
			turn := chat.Turn{ID: chat.TurnID(chat.NewID(chat.PrefixTurn)), Prompt: chat.Prompt{Text: "go"}, Parts: []chat.Part{call}}
			s.start(agent.Task{Turn: turn.ID, Prompt: turn.Prompt, Resume: &agent.Resume{Turn: turn, Ask: ask, Answer: agent.Answer{Choice: choice}}})
			s.wantDone()
			if r, _ := s.told().Result("a"); strings.Contains(r.Text, "did a") || !strings.Contains(r.Text, "changed") || len(s.rules.kept) != 0 {
				t.Errorf("the model was told %+v, kept %v", r, s.rules.kept)
			}
		})
	}
}

func TestWordsWhileACallGoesOnAfterARestartComeWithTheNextQuestion(t *testing.T) {
	var s *shop
	a := handy{name: "a", needs: forbidden("a"), run: func(ctx context.Context, _ tool.Turn, _ string) (tool.Result, error) {
		return tool.Result{}, s.conn.Steer(ctx, "mind the cat")
	}}
	s = newShop(t, direct.OpenAI, modeltest.Always(modeltest.Say("ok")), a)
	call, ask := waiting("a")
	turn := chat.Turn{ID: chat.TurnID(chat.NewID(chat.PrefixTurn)), Prompt: chat.Prompt{Text: "go"}, State: chat.Waiting, Parts: []chat.Part{call}}
	s.start(agent.Task{Turn: turn.ID, Prompt: turn.Prompt, Resume: &agent.Resume{Turn: turn, Ask: ask, Answer: agent.Answer{Choice: "once"}}})
	s.wantDone()
	s.wantTold("user: go", "assistant call: a {}", "user result: (no output)", "user: mind the cat")
	if n := len(s.server.Requests()); n != 1 {
		t.Errorf("the model was asked %d times", n)
	}
}

func TestTheQuestionWhetherToGoOnSurvivesARestart(t *testing.T) {
	s := newShop(t, direct.OpenAI, modeltest.Always(modeltest.Say("further")), saying("look", ""))
	ask := chat.Ask{ID: chat.AskID(chat.NewID(chat.PrefixAsk)), Kind: chat.Question, Title: "Should it go on?"}
	turn := chat.Turn{ID: chat.TurnID(chat.NewID(chat.PrefixTurn)), Prompt: chat.Prompt{Text: "go"}, Parts: []chat.Part{settled("look", "a tree")}}
	if !s.driver.CanResume(turn, []chat.Ask{ask}) {
		t.Fatal("it cannot go on")
	}
	s.start(agent.Task{Turn: turn.ID, Prompt: turn.Prompt, Resume: &agent.Resume{Turn: turn, Ask: ask, Answer: agent.Answer{Choice: "go_on"}}})
	s.wantDone()
	s.wantTold("user: go", "assistant call: look {}", "user result: a tree")
}

// Models write several calls at once: those behind the one that waits were not
// begun, and are done after it.
func TestCallsBehindTheOneThatWaitsGoOnAfterARestart(t *testing.T) {
	both(t, func(t *testing.T, kind direct.Kind) {
		var order []string
		act := func(name string) handy {
			return handy{name: name, alone: true, needs: forbidden(name), run: func(_ context.Context, out tool.Turn, args string) (tool.Result, error) {
				order = append(order, name+args)
				_, err := out.Write([]byte("did " + name))
				return tool.Result{}, err
			}}
		}
		before := newShop(t, kind, modeltest.Dialogue(modeltest.Use("a", `{"n":1}`, "b", `{"n":2}`), modeltest.Say("never")), act("a"), act("b"))
		task := before.start(agent.Task{})
		ask := await(t, before.asked, "the ask")
		log := before.calls()
		if err := before.conn.Close(); err != nil || len(log) != 2 || len(order) != 0 {
			t.Fatalf("%v, %d calls, done %q", err, len(log), order)
		}

		s := newShop(t, kind, modeltest.Always(modeltest.Say("all done")), act("a"), act("b"))
		turn := chat.Turn{ID: task.Turn, Prompt: chat.Prompt{Text: "go"}, State: chat.Waiting, Parts: []chat.Part{log[0], log[1]}}
		if !s.driver.CanResume(turn, []chat.Ask{ask}) {
			t.Fatalf("it cannot go on from %+v and %+v", log[0], log[1])
		}
		s.start(agent.Task{Turn: turn.ID, Prompt: turn.Prompt, Resume: &agent.Resume{Turn: turn, Ask: ask, Answer: agent.Answer{Choice: "once"}}})
		s.answer("once") // nobody allowed the second one yet
		s.wantDone()
		if !slices.Equal(order, []string{`a{"n":1}`, `b{"n":2}`}) {
			t.Errorf("done were %q", order)
		}
		s.wantTold("user: go", `assistant call: a {"n":1}`, `assistant call: b {"n":2}`, "user result: did a", "user result: did b")
	})
}

func TestATurnThatDidMoreThanWaitIsNotResumed(t *testing.T) {
	s := newShop(t, direct.OpenAI, modeltest.Always(modeltest.Say("x")))
	call, ask := waiting("a")
	running, _ := waiting("b")
	running.State = chat.ToolRunning
	forgotten, _ := waiting("c")
	half, _ := waiting("d")
	half.State, half.Args = chat.ToolPending, json.RawMessage("null")
	text := &chat.Text{PartBase: chat.PartBase{ID: "prt_1"}}
	for name, parts := range map[string][]chat.Part{
		"a call ran":            {call, running},
		"a call had its answer": {call, forgotten},
		"it was talking":        {call, text},
		"a call was coming in":  {call, half},
	} {
		if s.driver.CanResume(chat.Turn{Parts: parts}, []chat.Ask{ask}) {
			t.Errorf("%s: it goes on", name)
		}
	}
	if s.driver.CanResume(chat.Turn{Parts: []chat.Part{settled("look", "")}}, nil) {
		t.Error("nothing is asked: it goes on")
	}
}
