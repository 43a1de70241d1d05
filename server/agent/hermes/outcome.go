package hermes

import (
	"encoding/json"
	"regexp"
	"strings"

	"hermes-webui/server/chat"
)

// outcome is what a call came to, in the shapes that the page knows (kind exit,
// diff; see server/agent/direct/tool).
type outcome struct {
	state  chat.ToolState
	out    string
	result json.RawMessage
	err    string
}

func outcomeOf(t *tool, raw json.RawMessage, diff string) outcome {
	o := outcome{state: chat.ToolDone}
	var words string
	var object map[string]json.RawMessage
	switch {
	case len(raw) == 0 || string(raw) == "null":
	case json.Unmarshal(raw, &words) == nil:
		o.out = words
	case json.Unmarshal(raw, &object) == nil:
		o.fromObject(object, raw)
	default:
		o.fromOther(raw)
	}
	if clean := strings.TrimSpace(ansi.ReplaceAllString(diff, "")); clean != "" {
		o.changed(t, clean)
	}
	return o
}

// fromObject reads a result. Commands give output and exit_code; whatever failed
// says error.
func (o *outcome) fromObject(object map[string]json.RawMessage, raw json.RawMessage) {
	var exit *int
	var failed, output, approval string
	_ = json.Unmarshal(object["error"], &failed)
	_ = json.Unmarshal(object["output"], &output)
	_ = json.Unmarshal(object["approval"], &approval)
	if json.Unmarshal(object["exit_code"], &exit) == nil && exit != nil {
		o.out = output
		o.result = mustJSON(map[string]any{"kind": "exit", "exit_code": *exit, "note": approval})
		if *exit != 0 {
			o.state = chat.ToolFailed
		}
	} else if !o.fromText(object, raw) {
		o.fromOther(raw)
	}
	if failed != "" {
		o.state, o.err = chat.ToolFailed, failed
	}
}

// fromText reads a result that is too long as it is: the text in it is what there
// is to read, the rest says what the text is.
func (o *outcome) fromText(object map[string]json.RawMessage, raw json.RawMessage) bool {
	if len(raw) <= resultLimit {
		return false
	}
	for _, name := range []string{"content", "matches_text"} {
		var text string
		if json.Unmarshal(object[name], &text) != nil || len(raw)-len(object[name]) > resultLimit {
			continue
		}
		delete(object, name)
		if name == "content" {
			object["lines"] = mustJSON(strings.Count(afterLast.ReplaceAllString(text, ""), "\n") + 1)
		}
		o.out, o.result = text, mustJSON(object)
		return true
	}
	return false
}

func (o *outcome) fromOther(raw json.RawMessage) {
	if len(raw) <= resultLimit {
		o.result = raw
		return
	}
	o.out = string(raw)
}

// changed makes the diff the result.
func (o *outcome) changed(t *tool, diff string) {
	added, removed := 0, 0
	for line := range strings.Lines(diff) {
		switch {
		case strings.HasPrefix(line, "+++"), strings.HasPrefix(line, "---"):
		case strings.HasPrefix(line, "+"):
			added++
		case strings.HasPrefix(line, "-"):
			removed++
		}
	}
	if len(diff) > 8*resultLimit {
		o.out = diff
		return
	}
	o.result = mustJSON(map[string]any{"kind": "diff", "path": field(t.args, "path"), "diff": diff, "added": added, "removed": removed})
}

// afterLast is what follows the last line of a file: its end, which the agent
// numbers as a line.
var afterLast = regexp.MustCompile(`\n( *[0-9]+\|)?$`)

var ansi = regexp.MustCompile("\x1b\\[[0-9;:?]*[ -/]*[@-~]|\x1b\\][^\x07\x1b]*(?:\x07|\x1b\\\\)")

func mustJSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage("null")
	}
	return b
}
