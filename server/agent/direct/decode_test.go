package direct

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

func FuzzDecode(f *testing.F) {
	f.Add("", []byte(`{"choices":[{"delta":{"content":[{"type":"text","text":"a"}]}}],"usage":{"prompt_tokens":1e300}}`))
	f.Add("error", []byte(`{"error":{"error":{"error":[{"message":{"message":"x"}}]}},"code":"429"}`))
	f.Add("", []byte(`{"type":"content_block_start","content_block":null,"delta":null,"message":null,"usage":null}`))
	f.Add("message_delta", []byte("{\"delta\":{}}\n[DONE]\n{}"))
	f.Add("", []byte(`{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"x","arguments":"{\\ud83d"}},{"function":{"name":"x","arguments":{"a":1}}},null,7],"function_call":{"name":"y"}}}]}`))
	f.Add("", []byte("{\"choices\":[{\"message\":{\"tool_calls\":{\"index\":-9,\"function\":{\"name\":\"x\"}},\"reasoning_details\":[{\"index\":[],\"type\":{}}]}}]}\n[DONE]"))
	f.Add("", []byte(`{"type":"content_block_start","index":3,"content_block":{"type":"tool_use","name":"x","input":{"a":1}}}`))
	f.Add("", []byte(`{"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"\udc4d","signature":"s"}}`))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		for _, d := range []dialect{openAI{}, anthropic{}} {
			got, err := d.decode(name, data)
			var j joiner
			if text := j.put(got.text+got.reasoning) + j.rest(); err == nil && !utf8.ValidString(text) {
				t.Errorf("%T: text that is not UTF-8", d)
			}
			whole, _ := d.whole(data)
			checkScribe(t, got, whole, got)
		}
		words := shown(troubleIn(data).words+" key-0123456789", "key-0123456789")
		if strings.Contains(words, "key-0123456789") || len([]rune(words)) > maxWords+1 {
			t.Errorf("shown as %q", words)
		}
	})
}

// checkScribe takes what was decoded and asks that all calls and steps are text.
func checkScribe(t *testing.T, list ...delta) {
	open := map[chat.PartID]bool{}
	s := newScribe(func(b agent.StepBody) error {
		switch b := b.(type) {
		case agent.Open:
			open[b.Part.Common().ID] = true
		case agent.Append:
			if !open[b.Part] || !utf8.ValidString(b.Text) {
				t.Errorf("appends %q", b.Text)
			}
		case agent.Close:
			delete(open, b.Part)
		}
		return nil
	})
	for _, d := range list {
		if s.take(d) != nil {
			return
		}
	}
	if err := s.settle(); err != nil {
		t.Error(err)
	}
	if len(open) != len(s.calls()) {
		t.Errorf("%d parts are open, there are %d calls", len(open), len(s.calls()))
	}
	for _, o := range s.calls() {
		if !open[o.part] || len(o.call.args) == 0 || !utf8.Valid(o.call.args) || !json.Valid(o.call.object()) {
			t.Errorf("call %+v", o.call)
		}
	}
	q := question{messages: []message{say(user, "x"), s.message()}, tools: lookTool}
	for _, d := range []dialect{openAI{}, anthropic{}} {
		_, body := d.request(q, false)
		if _, err := json.Marshal(body); err != nil {
			t.Errorf("%T: %v", d, err)
		}
	}
}
