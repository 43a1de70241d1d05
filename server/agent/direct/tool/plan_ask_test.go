package tool_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/direct/tool"
	"hermes-webui/server/chat"
)

func TestPlanIsShown(t *testing.T) {
	w := newWorkplace(t)
	w.at = tool.Place{} // needs no workspace
	want := []chat.PlanItem{{Text: "a", State: chat.PlanDone}, {Text: "b", State: chat.PlanActive}, {Text: "c", State: chat.PlanPending}, {Text: "d", State: chat.PlanCancelled}}
	for _, a := range []any{
		args{"items": []any{args{"text": "a", "state": "done"}, args{"text": "b", "state": "active"}, args{"text": "c", "state": "pending"}, args{"text": "d", "state": "cancelled"}}},
		args{"todos": []any{args{"content": "a", "status": "completed"}, args{"content": " b ", "status": "in_progress"}, "c", args{"text": "d", "state": "Canceled"}}},
		`{"items":"[{\"text\":\"a\",\"state\":\"done\"},{\"text\":\"b\",\"state\":\"active\"},{\"text\":\"c\",\"state\":null},{\"text\":\"d\",\"state\":\"cancelled\"}]"}`,
	} {
		o := w.use(tool.Plan{}, a).fine(t)
		if !slices.Equal(o.turn.plan, want) || o.out != "The user sees the plan: 1 of 4 done.\n" || o.facts.Kind != "plan" || o.call.Needs != nil {
			t.Errorf("%v: %+v %q", a, o.turn.plan, o.out)
		}
	}
	w.use(tool.Plan{}, args{"items": []any{}}).refused(t, "between 1 and 50")
	w.use(tool.Plan{}, args{}).refused(t, "between 1 and 50")
	w.use(tool.Plan{}, args{"items": make([]string, 51)}).refused(t, "between 1 and 50")
	w.use(tool.Plan{}, args{"items": []any{"a", args{"text": "b", "state": "maybe"}}}).refused(t, "item 2", "pending, active, done or cancelled")
	w.use(tool.Plan{}, args{"items": []any{args{"state": "done"}}}).refused(t, "item 1", `"text" is missing`)
	w.use(tool.Plan{}, args{"items": []any{" "}}).refused(t, "a few words")
	gone := errors.New("gone")
	if o := w.useFor(tool.Plan{}, args{"items": []any{"a"}}, &hearer{err: gone}); !errors.Is(o.err, gone) {
		t.Error(o.err)
	}
}

func TestAskUser(t *testing.T) {
	w := newWorkplace(t)
	w.at = tool.Place{}
	question := args{"question": " Which one? ", "why": "It matters.", "choices": []any{"red", args{"label": "blue"}, "red", 7}}
	for want, answer := range map[string]agent.Answer{
		"The user answered: blue\n":        {Choice: "2"},
		"The user answered: green\n":       {Text: "green"},
		"The user answered: 7\nbut soon\n": {Choice: "3", Text: "but soon"},
		"The user gave no answer. Go on as seems best, and say what you assumed.\n": {},
	} {
		o := w.useFor(tool.AskUser{}, question, &hearer{answer: answer}).fine(t)
		if o.out != want || o.facts.Kind != "answer" || o.call.Needs != nil {
			t.Errorf("%+v: %q, %+v", answer, o.out, o.facts)
		}
		a := o.turn.asked[0]
		choices := []chat.Choice{{ID: "1", Label: "red"}, {ID: "2", Label: "blue"}, {ID: "3", Label: "7"}}
		if a.Kind != chat.Question || a.Title != "Which one?" || a.Why != "It matters." || !slices.Equal(a.Choices, choices) {
			t.Errorf("%+v", a)
		}
	}
	w.use(tool.AskUser{}, args{"question": " "}).refused(t, "is empty")
	w.use(tool.AskUser{}, args{}).refused(t, `"question" is missing`)
	w.use(tool.AskUser{}, args{"question": "q", "choices": []int{1, 2, 3, 4, 5, 6, 7}}).refused(t, "at most 6")
	w.use(tool.AskUser{}, args{"question": "q", "choices": []any{[]int{1}}}).refused(t, "choice 1")
	if o := w.useFor(tool.AskUser{}, args{"question": "q"}, &hearer{err: context.Canceled}); !errors.Is(o.err, context.Canceled) || o.out != "" {
		t.Error(o)
	}
}
