package gatewaytest

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
)

// approved asks whether a command may run.
func (t *turn) approved(command string) bool {
	var a struct{ Choice string }
	_ = json.Unmarshal(t.person("approval", map[string]any{
		"command": command, "pattern_key": "delete in root path", "pattern_keys": []string{"delete in root path"},
		"description": "delete in root path", "allow_permanent": true, "choices": []string{"once", "session", "always", "deny"},
	}), &a) // no answer is no
	return a.Choice != "" && a.Choice != "deny"
}

// ask asks for something that is not an approval, and says what it got: of a
// secret only whether it is one.
func (t *turn) ask(kind string) { t.say(strings.SplitAfter(t.got(kind), " ")...) }

// alone asks while no turn runs, as work in the background does, whose end it says.
func (t *turn) alone(kind string) {
	if kind == "approval" {
		ok := t.approved("rm -rf x")
		t.event("background.complete", map[string]any{"task_id": "bg_1", "text": fmt.Sprintf("Allowed: %t.", ok)})
		return
	}
	t.event("background.complete", map[string]any{"task_id": "bg_1", "text": t.got(kind)})
}

func (t *turn) got(kind string) string {
	params := map[string]any{}
	switch kind {
	case "clarify":
		params["question"], params["choices"] = "Which colour?", []string{"red", "blue"}
		if t.agent.o.Requests {
			params = map[string]any{"questions": []any{map[string]any{
				"qid": "q1", "question": "Which colour?", "choices": []string{"red", "blue"}, "multi_select": false,
			}}}
		}
	case "secret":
		params["prompt"], params["env_var"] = "The key, please", "SOME_KEY"
	}
	var a struct {
		Answer, Value, Password string
		Answers                 map[string]any
	}
	_ = json.Unmarshal(t.person(kind, params), &a) // no answer is an empty one
	if kind == "clarify" {
		if q, ok := a.Answers["q1"].(string); ok {
			a.Answer = q
		}
		return "You said " + a.Answer + "."
	}
	return "Got " + map[bool]string{true: "nothing", false: "it"}[a.Value+a.Password == ""] + "."
}

// person asks in the style of the agent and returns the answer, null where there
// is none.
func (t *turn) person(kind string, params map[string]any) json.RawMessage {
	a := t.agent
	id := a.number("%08x")
	params = maps.Clone(params)
	var to chan json.RawMessage
	switch {
	case a.o.Requests:
		frame, _ := json.Marshal("srq-" + id) // a string always has a form
		to = a.wait(string(frame))
		params["session_id"], params["request_id"] = t.session.id, id
		a.write(map[string]any{"jsonrpc": "2.0", "id": "srq-" + id, "method": kind, "params": params})
	case kind == "approval":
		to = a.wait("approval " + t.session.id)
		t.event("approval.request", params)
	default:
		to = a.wait(id)
		params["request_id"] = id
		t.event(kind+".request", params)
	}
	select {
	case answer := <-to:
		return answer
	case <-t.stop:
		if a.o.Requests {
			a.Event("", "request.cancel", map[string]any{"id": "srq-" + id, "method": kind, "reason": "interrupted"})
		}
		return json.RawMessage("null")
	}
}
