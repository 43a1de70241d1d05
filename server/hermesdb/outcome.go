package hermesdb

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"hermes-webui/server/chat"
)

// outcome is what a call came to, in the shapes that the page knows and the
// driver makes of the agent's events (server/agent/hermes).
type outcome struct {
	state   chat.ToolState
	out     string
	gap     int   // byte offset in out
	missing int64 // bytes missing there
	result  json.RawMessage
	err     string
}

// resultLimit is the longest result that is kept as it is, in bytes. A longer one
// is shown as text, whose middle may be left out.
const resultLimit = 32 << 10

func outcomeOf(c content) outcome {
	o := outcome{state: chat.ToolDone}
	var object map[string]json.RawMessage
	var words string
	switch {
	case c.missing == 0 && strings.HasPrefix(c.text, "{") && json.Unmarshal([]byte(c.text), &object) == nil:
		o.fromObject(object, c)
	case c.missing == 0 && strings.HasPrefix(c.text, `"`) && json.Unmarshal([]byte(c.text), &words) == nil:
		o.show(content{text: words})
	case c.missing == 0 && strings.HasPrefix(c.text, "[") && json.Valid([]byte(c.text)):
		o.fromOther(c)
	default:
		o.show(c)
	}
	return o
}

// fromObject reads a result. Commands give output and exit_code; whatever failed
// says error.
func (o *outcome) fromObject(object map[string]json.RawMessage, c content) {
	var exit *int
	var failed, output, approval string
	_ = json.Unmarshal(object["error"], &failed)
	_ = json.Unmarshal(object["output"], &output)
	_ = json.Unmarshal(object["approval"], &approval)
	if json.Unmarshal(object["exit_code"], &exit) == nil && exit != nil {
		o.show(content{text: output})
		o.result, _ = json.Marshal(map[string]any{"kind": "exit", "exit_code": *exit, "note": approval})
		if *exit != 0 {
			o.state = chat.ToolFailed
		}
	} else if !o.fromText(object, c) {
		o.fromOther(c)
	}
	if failed != "" {
		o.state, o.err = chat.ToolFailed, failed
	}
}

// fromText reads a result that is too long as it is: the text in it is what there
// is to read, the rest says what the text is.
func (o *outcome) fromText(object map[string]json.RawMessage, c content) bool {
	if len(c.text) <= resultLimit {
		return false
	}
	for _, name := range []string{"content", "matches_text"} {
		var text string
		if json.Unmarshal(object[name], &text) != nil || len(c.text)-len(object[name]) > resultLimit {
			continue
		}
		delete(object, name)
		if name == "content" {
			object["lines"] = json.RawMessage(strconv.Itoa(strings.Count(afterLast.ReplaceAllString(text, ""), "\n") + 1))
		}
		o.show(content{text: text})
		o.result, _ = json.Marshal(object) // it was JSON
		return true
	}
	return false
}

// afterLast is what follows the last line of a file: its end, which the agent
// numbers as a line.
var afterLast = regexp.MustCompile(`\n( *[0-9]+\|)?$`)

func (o *outcome) fromOther(c content) {
	if len(c.text) <= resultLimit {
		o.result = json.RawMessage(c.text)
		return
	}
	o.show(c)
}

func (o *outcome) show(c content) { o.out, o.gap, o.missing = c.cut() }

// argsLimit is how long arguments may be, in bytes; of longer ones the long texts
// are shortened.
const argsLimit, argLimit = 64 << 10, 8 << 10

// jsonOf returns arguments that are JSON, nil = they are not.
func jsonOf(args string) json.RawMessage {
	if !json.Valid([]byte(args)) {
		return nil
	}
	if len(args) <= argsLimit {
		return json.RawMessage(args)
	}
	var object map[string]any
	if json.Unmarshal([]byte(args), &object) != nil {
		return nil
	}
	for name, value := range object {
		switch v := value.(type) {
		case string:
			if len(v) > argLimit {
				object[name] = strings.ToValidUTF8(v[:argLimit], "") + "\n[…]"
			}
		default:
			if b, err := json.Marshal(v); err != nil || len(b) > argLimit {
				object[name] = "[…]"
			}
		}
	}
	b, err := json.Marshal(object)
	if err != nil {
		return nil
	}
	return b
}

// titles names the argument that says most of a call, as the agent does
// (agent/display.py).
var titles = map[string]string{
	"terminal": "command", "web_search": "query", "read_file": "path", "write_file": "path", "patch": "path",
	"search_files": "pattern", "browser_navigate": "url", "browser_click": "ref", "browser_type": "text",
	"image_generate": "prompt", "text_to_speech": "text", "vision_analyze": "question", "skill_view": "name",
	"skills_list": "category", "cronjob": "action", "execute_code": "code", "clarify": "question", "skill_manage": "name",
}

// titleOf is a call in a line; "" = the page makes one of the arguments.
func titleOf(name string, args json.RawMessage) string {
	var object map[string]json.RawMessage
	var s string
	if json.Unmarshal(args, &object) != nil || json.Unmarshal(object[titles[name]], &s) != nil {
		return ""
	}
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 80 {
		return string(r[:79]) + "…"
	}
	return s
}
