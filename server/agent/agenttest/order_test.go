package agenttest

import (
	"strings"
	"testing"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// TestOrderFindsWhatIsWrong makes sure that the suite can fail at all.
func TestOrderFindsWhatIsWrong(t *testing.T) {
	const turn, other = chat.TurnID("trn_known"), chat.TurnID("trn_other")
	id := chat.PartID(chat.NewID(chat.PrefixPart))
	tool := chat.PartID(chat.NewID(chat.PrefixPart))
	ask := chat.AskID(chat.NewID(chat.PrefixAsk))
	openText := agent.Open{Part: &chat.Text{PartBase: chat.PartBase{ID: id}}}
	openTool := agent.Open{Part: &chat.ToolCall{PartBase: chat.PartBase{ID: tool}, State: chat.ToolPending}}
	say := agent.Append{Part: id, Stream: chat.Main, At: -1, Text: "x"}
	asked := agent.Asked{Ask: chat.Ask{ID: ask, Kind: chat.Approval}}
	done := agent.Ended{State: chat.Done}

	tests := map[string]struct {
		want  string // "" = nothing is wrong
		steps []agent.StepBody
	}{
		"a good turn":             {"", []agent.StepBody{openText, say, openTool, asked, agent.Close{Part: id}, done}},
		"an absolute text":        {"", []agent.StepBody{openText, say, agent.Append{Part: id, Stream: chat.Main, Text: "y"}, done}},
		"text before its part":    {"not open", []agent.StepBody{say}},
		"text after its part":     {"is closed", []agent.StepBody{openText, agent.Close{Part: id}, say}},
		"text of a gap":           {"text at 2", []agent.StepBody{openText, say, agent.Append{Part: id, Stream: chat.Main, At: 2, Text: "x"}}},
		"text in a wrong stream":  {"stream", []agent.StepBody{openText, agent.Append{Part: id, Stream: chat.Out, At: -1, Text: "x"}}},
		"text that is not UTF-8":  {"UTF-8", []agent.StepBody{openText, agent.Append{Part: id, Stream: chat.Main, At: -1, Text: "\xff"}}},
		"a part twice":            {"opened twice", []agent.StepBody{openText, openText}},
		"a part of a wrong kind":  {"is a text", []agent.StepBody{openText, agent.Tool{Part: id, State: chat.ToolDone}}},
		"a part with text in it":  {"with text in it", []agent.StepBody{agent.Open{Part: &chat.Text{PartBase: chat.PartBase{ID: id}, Text: chat.SpanOf("x")}}}},
		"a part without an id":    {"with the id", []agent.StepBody{agent.Open{Part: &chat.Text{}}}},
		"a parent that is none":   {"is a tool_call", []agent.StepBody{openTool, agent.Open{Part: &chat.Text{PartBase: chat.PartBase{ID: id, Parent: &tool}}}}},
		"a state that is none":    {`state "lazy"`, []agent.StepBody{openTool, agent.Tool{Part: tool, State: "lazy"}}},
		"an ask twice":            {"an ask with the id", []agent.StepBody{asked, asked}},
		"an ask gone twice":       {"not open", []agent.StepBody{asked, agent.AskGone{Ask: ask, How: chat.Lost}, agent.AskGone{Ask: ask, How: chat.Lost}}},
		"an ask gone by a person": {"without a person", []agent.StepBody{asked, agent.AskGone{Ask: ask, How: chat.Answered}}},
		"a step after the end":    {"after the end", []agent.StepBody{done, openText}},
		"two ends":                {"after the end", []agent.StepBody{done, done}},
		"a failure without words": {"without a code", []agent.StepBody{agent.Ended{State: chat.Failed}}},
		"an end with an error":    {"with an error", []agent.StepBody{agent.Ended{State: chat.Done, Error: &chat.Failure{}}}},
		"an end that is none":     {"ended as", []agent.StepBody{agent.Ended{State: chat.Running}}},
		"a begin of what is live": {"is known", []agent.StepBody{agent.Begun{}}},
		"a session kept nowhere":  {"under no id", []agent.StepBody{agent.Stored{}}},
		"a session kept twice":    {"", []agent.StepBody{agent.Stored{ID: "s1"}, agent.Stored{ID: "s1"}, done, agent.Stored{ID: "s2"}}},
		"no step at all":          {"unknown type", []agent.StepBody{nil}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			o := newOrder()
			o.start(turn)
			err := error(nil)
			for _, b := range tt.steps {
				if err != nil {
					t.Fatalf("too early: %v", err)
				}
				err = o.take(agent.Step{Turn: turn, Body: b})
			}
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}

	t.Run("a turn that nobody began", func(t *testing.T) {
		if err := newOrder().take(agent.Step{Turn: other, Body: openText}); err == nil {
			t.Error("it went through")
		}
	})
	t.Run("a late step of an older turn", func(t *testing.T) {
		o := newOrder()
		o.start(turn)
		o.start(other)
		if err := o.take(agent.Step{Turn: other, Body: openText}); err != nil {
			t.Fatal(err)
		}
		if err := o.take(agent.Step{Turn: turn, Body: done}); err == nil {
			t.Error("it went through")
		}
	})
}
