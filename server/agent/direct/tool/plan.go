package tool

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"hermes-webui/server/chat"
)

const (
	maxPlanItems = 50
	maxPlanText  = 500 // bytes of one item
)

// Plan shows what the agent is going to do.
type Plan struct{}

func (Plan) Spec() Spec {
	return Spec{
		Name: "plan",
		About: "Show the user your plan for work of three steps or more, and keep it true: call it again, with all items, " +
			"when you begin one and when one is done. One item is active at a time. Not for simple questions.",
		Schema: json.RawMessage(`{
  "type": "object",
  "properties": {
    "items": {
      "type": "array",
      "description": "the whole plan, in order",
      "items": {
        "type": "object",
        "properties": {
          "text": {"type": "string", "description": "what is to be done, a few words"},
          "state": {"type": "string", "enum": ["pending", "active", "done", "cancelled"]}
        },
        "required": ["text", "state"]
      }
    }
  },
  "required": ["items"]
}`),
	}
}

func (Plan) Prepare(_ context.Context, _ Place, args json.RawMessage) (Call, error) {
	a, err := readArguments(args)
	if err != nil {
		return Call{}, err
	}
	raw, err := a.list("items", "plan", "todos", "steps")
	if err != nil {
		return Call{}, err
	}
	if len(raw) == 0 || len(raw) > maxPlanItems {
		return Call{}, fmt.Errorf(`"items" must have between 1 and %d items, each like {"text": "Run the tests", "state": "pending"}`, maxPlanItems)
	}
	items := make([]chat.PlanItem, 0, len(raw))
	for i, r := range raw {
		item, err := planItem(r)
		if err != nil {
			return Call{}, fmt.Errorf("item %d: %w", i+1, err)
		}
		items = append(items, item)
	}
	// Alone: of two plans in one answer the second counts.
	return Call{Alone: true, Run: func(_ context.Context, t Turn) (Result, error) { return setPlan(t, items) }}, nil
}

func setPlan(t Turn, items []chat.PlanItem) (Result, error) {
	if err := t.SetPlan(items); err != nil {
		return Result{}, err
	}
	done := 0
	for _, i := range items {
		if i.State == chat.PlanDone {
			done++
		}
	}
	_, err := fmt.Fprintf(t, "The user sees the plan: %d of %d done.\n", done, len(items))
	return Facts{Kind: "plan"}.Result(), err
}

// planItem reads one item; a mere string is one that is pending.
func planItem(raw json.RawMessage) (chat.PlanItem, error) {
	var text, state string
	if json.Unmarshal(raw, &text) != nil {
		a, err := readArguments(raw)
		if err != nil {
			return chat.PlanItem{}, err
		}
		if text, err = a.need("text", "content", "step", "title"); err != nil {
			return chat.PlanItem{}, err
		}
		if state, _, err = a.text("state", "status"); err != nil {
			return chat.PlanItem{}, err
		}
	}
	text = strings.TrimSpace(text)
	if text == "" || len(text) > maxPlanText {
		return chat.PlanItem{}, errors.New(`"text" must say in a few words what is to be done`)
	}
	s, err := planState(state)
	return chat.PlanItem{Text: text, State: s}, err
}

func planState(said string) (chat.PlanState, error) {
	switch strings.ToLower(strings.TrimSpace(said)) {
	case "", "pending", "todo":
		return chat.PlanPending, nil
	case "active", "in_progress", "in progress", "running":
		return chat.PlanActive, nil
	case "done", "completed", "complete":
		return chat.PlanDone, nil
	case "cancelled", "canceled", "skipped":
		return chat.PlanCancelled, nil
	default:
		return "", fmt.Errorf(`"state" is %q; it must be pending, active, done or cancelled`, said)
	}
}
