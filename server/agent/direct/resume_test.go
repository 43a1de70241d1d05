package direct_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/direct"
	"hermes-webui/server/agent/direct/modeltest"
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

func TestATurnThatDidMoreThanWaitIsNotResumed(t *testing.T) {
	s := newShop(t, direct.OpenAI, modeltest.Always(modeltest.Say("x")))
	call, ask := waiting("a")
	running, _ := waiting("b")
	running.State = chat.ToolRunning
	forgotten, _ := waiting("c")
	text := &chat.Text{PartBase: chat.PartBase{ID: "prt_1"}}
	for name, parts := range map[string][]chat.Part{
		"a call ran":            {call, running},
		"a call had its answer": {call, forgotten},
		"it was talking":        {call, text},
	} {
		if s.driver.CanResume(chat.Turn{Parts: parts}, []chat.Ask{ask}) {
			t.Errorf("%s: it goes on", name)
		}
	}
	if s.driver.CanResume(chat.Turn{Parts: []chat.Part{settled("look", "")}}, nil) {
		t.Error("nothing is asked: it goes on")
	}
}
