package hermes

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/hermes/gateway"
	"hermes-webui/server/fault"
)

// prefer has the agent use the model and the effort of the task, for this
// session only.
func (c *conn) prefer(ctx context.Context, l *line, t agent.Task) error {
	want := told{t.Model, t.Effort}
	if want.model == "" && c.told.model != "" || want.effort == "" && c.told.effort != "" { // back to what it does by itself
		usual, err := usualOf(ctx, l)
		if err != nil {
			return err
		}
		want = told{cmp.Or(want.model, usual.model), cmp.Or(want.effort, usual.effort)}
	}
	if want.model != "" && want.model != c.told.model {
		provider, model, ok := strings.Cut(want.model, "/")
		if !ok {
			return fault.New(fault.Invalid, fault.CodeNoModel, fmt.Sprintf("Hermes knows its models as provider/model; %q is none. Choose another one.", want.model))
		}
		if err := c.set(ctx, l, "model", model+" --provider "+provider+" --session"); err != nil {
			return err
		}
		c.told.model = want.model
	}
	if want.effort != "" && want.effort != c.told.effort {
		if err := c.set(ctx, l, "reasoning", want.effort); err != nil {
			return err
		}
		c.told.effort = want.effort
	}
	return nil
}

// settings is config.yaml, as far as it is of use.
type settings struct {
	Config struct {
		Approvals struct{ Timeout float64 }
		Model     struct{ Default, Provider string }
		Agent     struct {
			Effort string `json:"reasoning_effort"`
		}
	}
}

func settingsOf(ctx context.Context, l *line) (s settings, err error) {
	ctx, cancel := context.WithTimeout(ctx, callGrace)
	defer cancel()
	err = l.client.Call(ctx, "config.get", map[string]any{"key": "full"}, &s)
	return s, err
}

// usualOf is what the agent uses where nobody chose.
func usualOf(ctx context.Context, l *line) (told, error) {
	s, err := settingsOf(ctx, l)
	if err != nil {
		return told{}, err
	}
	usual := told{effort: cmp.Or(s.Config.Agent.Effort, "medium")}
	if m := s.Config.Model; m.Default != "" && m.Provider != "" {
		usual.model = m.Provider + "/" + m.Default
	}
	return usual, nil
}

func (c *conn) set(ctx context.Context, l *line, key, value string) error {
	var answer struct {
		Confirm string `json:"confirm_message"`
		Needed  bool   `json:"confirm_required"`
	}
	params := map[string]any{"session_id": l.id, "key": key, "value": value}
	err := l.client.Call(ctx, "config.set", params, &answer)
	if err == nil && answer.Needed { // it is dear: the person has chosen it here, with its price
		params["confirm_expensive_model"] = true
		err = l.client.Call(ctx, "config.set", params, nil)
	}
	var refused *gateway.Error
	if errors.As(err, &refused) {
		return fault.Wrap(err, fault.Unavailable, fault.CodeNoModel, "Hermes does not take this choice: "+firstUp(refused.Message))
	}
	return err
}
