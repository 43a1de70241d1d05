package hermes

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/hermes/gateway"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// commandLimit is how long a command may take: the agent gives most of them 45 s.
const commandLimit = 90 * time.Second

// aliasesMost is how often a command may stand for another one.
const aliasesMost = 5

// elsewhere are commands that the page does in its own way, or that are of a
// terminal. Some change what the agent holds of a session behind our back.
var elsewhere = strings.Fields(`new clear redraw history save retry prompt undo title rename handoff branch fork
	compress stop queue q steer resume sessions copy paste image model statusbar timestamps verbose footer yolo skin
	indicator voice busy reasoning quit exit compact logs mouse help commands details theme pet hatch codex-runtime update`)

var _ agent.Commander = (*Driver)(nil)

type catalog struct {
	Pairs      [][2]string         `json:"pairs"`
	Words      map[string][]string `json:"sub"`
	Categories []struct {
		Name  string      `json:"name"`
		Pairs [][2]string `json:"pairs"`
	} `json:"categories"`
}

// Commands lists the agent's commands, those of skills at the end. It starts the
// agent where it does not run.
func (d *Driver) Commands(ctx context.Context, s chat.Session) ([]agent.Command, error) {
	var c catalog
	if err := d.call(ctx, s, "commands.catalog", nil, &c); err != nil {
		return nil, err
	}
	list, seen := []agent.Command{}, map[string]bool{}
	add := func(category string, pairs [][2]string) {
		for _, p := range pairs {
			name := strings.TrimPrefix(p[0], "/")
			if !seen[name] && !slices.Contains(elsewhere, name) {
				list = append(list, agent.Command{Name: "/" + name, About: p[1], Category: category, Words: c.Words["/"+name]})
			}
			seen[name] = true
		}
	}
	for _, group := range c.Categories {
		add(group.Name, group.Pairs)
	}
	add("Skills", c.Pairs)
	return list, nil
}

// Complete says how a command may go on.
func (d *Driver) Complete(ctx context.Context, s chat.Session, text string) ([]agent.Completion, error) {
	var answer struct {
		Items []struct{ Text, Meta string }
		From  int `json:"replace_from"` // in characters
	}
	if err := d.call(ctx, s, "complete.slash", map[string]any{"text": text}, &answer); err != nil {
		return nil, err
	}
	runes := []rune(text)
	from := chat.UTF16Len(string(runes[:max(0, min(answer.From, len(runes)))]))
	list := []agent.Completion{}
	for _, i := range answer.Items {
		if from > 1 || !slices.Contains(elsewhere, strings.TrimPrefix(i.Text, "/")) {
			list = append(list, agent.Completion{Text: strings.TrimPrefix(i.Text, "/"), About: i.Meta, From: from})
		}
	}
	return list, nil
}

// call asks the process of the session's profile.
func (d *Driver) call(ctx context.Context, s chat.Session, method string, params, result any) error {
	ctx, cancel := context.WithTimeout(ctx, commandLimit)
	defer cancel()
	h, err := d.host(ctx, s.Profile)
	if err != nil {
		return err
	}
	client, err := h.Client(ctx)
	if err == nil {
		err = client.Call(ctx, method, params, result)
	}
	return commandFault(err)
}

// Command does a command in the agent's session, which it need not hold.
func (d *Driver) Command(ctx context.Context, s chat.Session, text string) (agent.Outcome, error) {
	ctx, cancel := context.WithTimeout(ctx, commandLimit)
	defer cancel()
	if name, _, err := commandOf(text); err != nil {
		return agent.Outcome{}, err
	} else if slices.Contains(elsewhere, name) {
		return agent.Outcome{}, fault.New(fault.Invalid, fault.CodeInvalid, "The command /"+name+" is of a terminal, or this page does the same in its own way.")
	}
	l, done, err := d.borrow(ctx, s)
	if err != nil {
		return agent.Outcome{}, commandFault(err)
	}
	defer done()
	out, err := l.command(ctx, text)
	return out, commandFault(err)
}

func commandOf(text string) (name, rest string, err error) {
	name, rest, _ = strings.Cut(strings.TrimSpace(text), " ")
	name, ok := strings.CutPrefix(name, "/")
	if !ok || name == "" {
		return "", "", fault.New(fault.Invalid, fault.CodeInvalid, "A command begins with a slash and a name, e.g. /status.")
	}
	return strings.ToLower(name), strings.TrimSpace(rest), nil
}

// dispatched is the agent's answer to command.dispatch; type says what of it
// counts.
type dispatched struct{ Type, Output, Target, Message, Notice string }

// command does a command, and what it stands for.
func (l *line) command(ctx context.Context, text string) (agent.Outcome, error) {
	for range aliasesMost {
		name, rest, err := commandOf(text)
		if err != nil {
			return agent.Outcome{}, err
		}
		var d dispatched
		err = l.client.Call(ctx, "command.dispatch", map[string]any{"session_id": l.id, "name": name, "arg": rest}, &d)
		if refusedWith(err, gateway.CodeGoneTarget) && notDispatched(err) {
			return l.exec(ctx, name, rest)
		}
		switch {
		case err != nil:
			return agent.Outcome{}, err
		case d.Type == "alias":
			text = strings.TrimSpace("/" + strings.TrimPrefix(d.Target, "/") + " " + rest)
		case d.Type == "skill" || d.Type == "send":
			return agent.Outcome{Kind: agent.Submit, Text: d.Message, Notice: d.Notice}, nil
		case d.Type == "prefill":
			return agent.Outcome{Kind: agent.Prefill, Text: d.Message, Notice: d.Notice}, nil
		default:
			return agent.Outcome{Kind: agent.Output, Text: clean(d.Output), Notice: d.Notice}, nil
		}
	}
	return agent.Outcome{}, fault.New(fault.Invalid, fault.CodeInvalid, "The command stands for itself, by way of others. Change quick_commands in Hermes' config.yaml.")
}

// notDispatched reports whether a refusal only says that the command is none of
// those that are dispatched.
func notDispatched(err error) bool {
	var refused *gateway.Error
	return errors.As(err, &refused) && strings.HasPrefix(refused.Message, "not a ")
}

// exec does a command as a terminal does, and returns what that would show.
func (l *line) exec(ctx context.Context, name, rest string) (agent.Outcome, error) {
	var raw json.RawMessage
	params := map[string]any{"session_id": l.id, "command": strings.TrimSpace("/" + name + " " + rest)}
	if err := l.client.Call(ctx, "slash.exec", params, &raw); err != nil {
		return agent.Outcome{}, err
	}
	var answer struct{ Output, Warning string }
	if err := json.Unmarshal(raw, &answer); err != nil {
		return agent.Outcome{}, err
	}
	return agent.Outcome{Kind: agent.Output, Text: clean(answer.Output), Notice: clean(answer.Warning)}, nil
}

// clean takes out what only a terminal understands.
func clean(text string) string { return strings.TrimSpace(ansi.ReplaceAllString(text, "")) }

func commandFault(err error) error {
	var known *fault.Error
	var refused *gateway.Error
	if err == nil || errors.As(err, &known) || errors.Is(err, context.Canceled) {
		return err
	}
	f := failureOf(err)
	kind := fault.Unavailable
	if errors.As(err, &refused) {
		kind = fault.Invalid
	}
	return fault.Wrap(err, kind, fault.CodeAgentFailed, f.Text)
}
