package tool

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

const maxChoices = 6

// AskUser asks the person a question and waits.
type AskUser struct{}

func (AskUser) Spec() Spec {
	return Spec{
		Name: "ask_user",
		About: "Ask the user a question and wait for the answer. Only where you cannot go on well without it and cannot " +
			"find it out yourself. Offer choices where the answers are known; the user may always answer in own words. " +
			"Not for permission: the tools get that by themselves. Never ask for passwords or keys.",
		Schema: json.RawMessage(`{
  "type": "object",
  "properties": {
    "question": {"type": "string", "description": "one question, complete in itself"},
    "why": {"type": "string", "description": "what depends on the answer"},
    "choices": {"type": "array", "items": {"type": "string"}, "maxItems": 6, "description": "answers to choose from"}
  },
  "required": ["question"]
}`),
	}
}

func (AskUser) Prepare(_ context.Context, _ Place, args json.RawMessage) (Call, error) {
	a, err := readArguments(args)
	if err != nil {
		return Call{}, err
	}
	question, err := a.need("question", "text", "prompt")
	if err != nil {
		return Call{}, err
	}
	if strings.TrimSpace(question) == "" {
		return Call{}, errors.New(`"question" is empty; write what you want to know`)
	}
	reason, _, err := a.text("why", "reason")
	if err != nil {
		return Call{}, err
	}
	choices, err := readChoices(a)
	if err != nil {
		return Call{}, err
	}
	ask := chat.Ask{Kind: chat.Question, Title: strings.TrimSpace(question), Why: strings.TrimSpace(reason), Choices: choices}
	return Call{Run: func(ctx context.Context, t Turn) (Result, error) {
		answer, err := t.Ask(ctx, ask)
		if err != nil {
			return Result{}, err
		}
		_, err = fmt.Fprintln(t, inWords(ask, answer))
		return Facts{Kind: "answer"}.Result(), err
	}}, nil
}

// readChoices reads what a person may choose from: strings, or objects with a
// label.
func readChoices(a arguments) ([]chat.Choice, error) {
	items, err := a.list("choices", "options")
	if err != nil {
		return nil, err
	}
	var labels []string
	for i, item := range items {
		label, err := choiceLabel(item)
		if err != nil {
			return nil, fmt.Errorf("choice %d: %w", i+1, err)
		}
		if label != "" && !slices.Contains(labels, label) {
			labels = append(labels, label)
		}
	}
	if len(labels) > maxChoices {
		return nil, fmt.Errorf(`"choices" has %d items; give at most %d, the user can always answer in own words`, len(labels), maxChoices)
	}
	choices := make([]chat.Choice, 0, len(labels))
	for i, l := range labels {
		choices = append(choices, chat.Choice{ID: strconv.Itoa(i + 1), Label: l})
	}
	return choices, nil
}

func choiceLabel(item json.RawMessage) (string, error) {
	one := arguments{"choice": item}
	if o, ok := objectOf(item); ok {
		one = o
	}
	label, _, err := one.text("choice", "label", "text", "value")
	return strings.TrimSpace(label), err
}

// inWords returns what the model is told of an answer.
func inWords(ask chat.Ask, a agent.Answer) string {
	var said []string
	for _, c := range ask.Choices {
		if c.ID == a.Choice {
			said = append(said, c.Label)
		}
	}
	if text := strings.TrimSpace(a.Text); text != "" {
		said = append(said, text)
	}
	if len(said) == 0 {
		return "The user gave no answer. Go on as seems best, and say what you assumed."
	}
	return "The user answered: " + strings.Join(said, "\n")
}
