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

func past(state chat.TurnState, prompt string, parts ...chat.Part) *chat.Turn {
	return &chat.Turn{ID: chat.TurnID(chat.NewID(chat.PrefixTurn)), State: state, Prompt: chat.Prompt{Text: prompt}, Parts: parts}
}

func text(s string) chat.Part { return &chat.Text{Text: chat.SpanOf(s)} }

// sent runs a task and returns what the model got as "role: content" lines.
func sent(t *testing.T, task agent.Task, history ...*chat.Turn) []string {
	t.Helper()
	b := newBench(t, direct.OpenAI, modeltest.Always(modeltest.Say("ok")))
	task.History = slices.Values(history)
	task.Turn = "trn_1"
	if err := b.conn.Start(t.Context(), task); err != nil {
		t.Fatal(err)
	}
	b.end()
	var out []string
	for _, m := range b.server.Requests()[0].Asked().Messages {
		out = append(out, m.Role+": "+m.Content)
	}
	for i, line := range out {
		if want := []string{"user: ", "assistant: "}[i%2]; !strings.HasPrefix(line, want) {
			t.Errorf("roles do not alternate: %q", out)
		}
	}
	return out
}

func TestTheModelGetsPromptsAndProse(t *testing.T) {
	got := sent(t, agent.Task{Prompt: chat.Prompt{Text: "three"}},
		past(chat.Done, "one", &chat.Reasoning{Text: chat.SpanOf("secret thoughts")}, text("a"), &chat.Notice{Text: "noise"}, text("b")),
		past(chat.Failed, "lost"),
		past(chat.Stopped, "two", text("half")),
	)
	want := []string{"user: one", "assistant: a\n\nb", "user: lost\n\ntwo", "assistant: half",
		"user: [The user stopped your last answer before it was complete.]\n\nthree"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestContinueAsksForTheRest(t *testing.T) {
	call := func(s chat.ToolState) *chat.ToolCall {
		return &chat.ToolCall{Name: "rm-" + string(s), Args: json.RawMessage(`{"a":1}`), State: s, Result: json.RawMessage(`"fine"`)}
	}
	broken := past(chat.Interrupted, "one", call(chat.ToolDone), call(chat.ToolUnknown), text("half an ans"))
	got := sent(t, agent.Task{Continues: broken}, broken)
	if len(got) != 3 || got[1] != "assistant: half an ans" {
		t.Fatalf("got %q", got)
	}
	for _, w := range []string{`rm-done with {"a":1}: result: fine`, "rm-unknown with {\"a\":1}: failed: fine\nOutcome unknown"} {
		if !strings.Contains(got[0], w) {
			t.Errorf("%q lacks %q", got[0], w)
		}
	}
	if !strings.Contains(got[2], "Continue exactly where it stops") {
		t.Errorf("%q does not ask to go on", got[2])
	}
}

func TestContinuingNothingAsksAgain(t *testing.T) {
	broken := past(chat.Interrupted, "one")
	if got := sent(t, agent.Task{Continues: broken}, broken); !slices.Equal(got, []string{"user: one"}) {
		t.Errorf("got %q", got)
	}
}

func TestAContinuedAnswerIsToldAgainAsItWas(t *testing.T) {
	first := past(chat.Interrupted, "one", text("half"))
	second := past(chat.Done, "", text(" and half"))
	second.Continues = &first.ID
	got := sent(t, agent.Task{Prompt: chat.Prompt{Text: "two"}}, first, second)
	if len(got) != 5 || !strings.Contains(got[2], "broke off") || got[3] != "assistant:  and half" || got[4] != "user: two" {
		t.Errorf("got %q", got)
	}
}

func TestAFileThatIsNotSentIsAdmitted(t *testing.T) {
	b := newBench(t, direct.OpenAI, modeltest.Always(modeltest.Say("ok")))
	cat := chat.Attachment{ID: "att_1", Name: "cat.png", Type: "image/png", Size: 9}
	b.run(agent.Task{Prompt: chat.Prompt{Text: "look", Attachments: []chat.Attachment{cat}}, Attachments: []agent.Attachment{{Attachment: cat}}})
	if !strings.Contains(b.said(), `[notice]The model was told of "cat.png" but not given its content`) {
		t.Errorf("the person is not told: %q", b.said())
	}
	if m := b.server.Requests()[0].Asked().Messages[0].Content; !strings.Contains(m, "cat.png") {
		t.Errorf("the model is not told: %q", m)
	}
}
