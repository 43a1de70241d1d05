package direct

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/direct/modeltest"
	"hermes-webui/server/agent/direct/tool"
	"hermes-webui/server/chat"
)

// line is a model server and the exchange that asks it.
type line struct {
	t      *testing.T
	server *modeltest.Server
	x      *exchange
}

func lineTo(t *testing.T, kind Kind, answer func(modeltest.Request) modeltest.Script) *line {
	t.Helper()
	s, err := modeltest.Start(answer)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	d, ok := dialectOf(kind)
	if !ok {
		t.Fatal("no such protocol")
	}
	client := newClient(nil)
	t.Cleanup(client.CloseIdleConnections)
	e := Endpoint{ID: "x", Name: "Testers", Kind: kind, BaseURL: s.URL, Key: func() string { return "" }}
	return &line{t, s, &exchange{client: client, endpoint: e, dialect: d, quiet: 10 * time.Second}}
}

// heard is what a scribe made of an answer.
type heard struct {
	*scribe
	steps []string
	err   error
}

// ask asks and returns the steps as "open kind name", "append text" and "close".
func (l *line) ask(q question) *heard {
	l.t.Helper()
	h := &heard{}
	h.scribe = newScribe(func(b agent.StepBody) error {
		h.steps = append(h.steps, spelled(b))
		return nil
	})
	l.x.take = h.take
	_, h.err = l.x.ask(l.t.Context(), q, false)
	if err := h.settle(); err != nil && h.err == nil {
		h.err = err
	}
	return h
}

func spelled(b agent.StepBody) string {
	switch b := b.(type) {
	case agent.Open:
		if c, ok := b.Part.(*chat.ToolCall); ok {
			return fmt.Sprintf("open %s %s", c.State, c.Name)
		}
		return "open " + string(b.Part.Kind())
	case agent.Append:
		return "append " + b.Text
	case agent.Close:
		return "close"
	default:
		return fmt.Sprintf("%T", b)
	}
}

func (h *heard) wanted() string {
	var out []string
	for _, o := range h.calls() {
		out = append(out, o.call.name+" "+string(o.call.args))
	}
	return strings.Join(out, "; ")
}

func (l *line) asked(n int) modeltest.Asked { return l.server.Requests()[n].Asked() }

var lookTool = []tool.Spec{{Name: "look", About: "Looks.", Schema: json.RawMessage(`{"type":"object","properties":{"at":{"type":"string"}}}`)}}

func hello(tools []tool.Spec, more ...message) question {
	return question{model: "small", system: "Be brief.", messages: append([]message{say(user, "hello")}, more...), tools: tools}
}

func eachKind(t *testing.T, f func(*testing.T, Kind)) {
	for _, k := range []Kind{OpenAI, Anthropic} {
		t.Run(string(k), func(t *testing.T) { f(t, k) })
	}
}

// results answers all calls of a message.
func results(m message, failed bool) message {
	out := message{role: user}
	for _, p := range m.pieces {
		if c, ok := p.(call); ok {
			out.pieces = append(out.pieces, result{id: c.id, name: c.name, text: "saw " + c.name, failed: failed})
		}
	}
	return out
}

func TestCallsComeWithTheirArgumentsAndGoBackWithTheirResults(t *testing.T) {
	eachKind(t, func(t *testing.T, kind Kind) {
		first := modeltest.Use("look", `{"at":"the 👩‍👩‍👧 in the \"corner\""}`, "listen", "")
		first.Tokens = []string{"Let me ", "see."}
		l := lineTo(t, kind, modeltest.Dialogue(first, modeltest.Say("Done.")))
		h := l.ask(hello(lookTool))
		if h.err != nil || !h.said || h.wanted() != `look {"at":"the 👩‍👩‍👧 in the \"corner\""}; listen {}` {
			t.Fatalf("wants %s, %v", h.wanted(), h.err)
		}
		want := []string{"open text", "append Let me ", "append see.", "close", "open pending look", "open pending listen"}
		if !slices.Equal(h.steps, want) {
			t.Errorf("steps %q", h.steps)
		}
		if h = l.ask(hello(lookTool, h.message(), results(h.message(), true))); h.err != nil || h.message().text() != "Done." {
			t.Fatalf("%v %+v", h.err, h.message())
		}
		a := l.asked(1)
		lines := []string{"user: hello", "assistant: Let me see.", `assistant call: look {"at":"the 👩‍👩‍👧 in the \"corner\""}`, "assistant call: listen {}",
			"user result: saw look", "user result: saw listen"}
		if !slices.Equal(a.Lines(), lines) || a.System != "Be brief." || !slices.Equal(a.Tools, []string{"look"}) {
			t.Errorf("asked %q %q %q", a.System, a.Tools, a.Lines())
		}
		for i, c := range a.Messages[1].Calls {
			if r := a.Messages[2].Results[i]; r.ID != c.ID || len(c.ID) != 9 || r.Failed != (kind == Anthropic) {
				t.Errorf("call %+v, result %+v", c, r)
			}
		}
	})
}

func TestArgumentsThatAreNoObjectAreNotSentBack(t *testing.T) {
	eachKind(t, func(t *testing.T, kind Kind) {
		l := lineTo(t, kind, modeltest.Dialogue(modeltest.Use("look", `{"at": "half`, "look", `["no"]`), modeltest.Say("ok")))
		h := l.ask(hello(lookTool))
		if h.wanted() != `look {"at": "half; look ["no"]` {
			t.Fatalf("wants %s", h.wanted())
		}
		l.ask(hello(lookTool, h.message(), results(h.message(), true)))
		for _, c := range l.asked(1).Messages[1].Calls {
			if c.Args != "{}" {
				t.Errorf("sent %s", c.Args)
			}
		}
	})
}

func TestNamesThatProvidersRefuseAreNotSentBack(t *testing.T) {
	for name, want := range map[string]string{
		"shell": "shell", "a-b_C9": "a-b_C9", "functions.shell": "functions_shell", "Read file": "Read_file", "größe": "gr____e", "": "_",
		strings.Repeat("x", 200): strings.Repeat("x", 64),
	} {
		if got := (call{name: name}).sent(); got != want {
			t.Errorf("%q is sent as %q, want %q", name, got, want)
		}
	}
	eachKind(t, func(t *testing.T, kind Kind) {
		l := lineTo(t, kind, modeltest.Always(modeltest.Say("ok")))
		tools := []tool.Spec{{Name: "shell", About: "runs"}}
		l.ask(hello(tools,
			message{role: assistant, pieces: []piece{call{id: "c1", name: "functions.shell"}}},
			message{role: user, pieces: []piece{result{id: "c1", name: "functions.shell", text: "no such tool", failed: true}}}))
		if raw := string(l.server.Requests()[0].Body); strings.Contains(raw, "functions.shell") || !strings.Contains(raw, "functions_shell") {
			t.Errorf("sent %s", raw)
		}
	})
}

// The pieces of a stream grow into one detail; what cannot be read is left out.
func TestPiecesOfDetailsAreOneDetail(t *testing.T) {
	var m memory
	for range 20000 {
		m.add(thought{field: detailsField, raw: json.RawMessage(`[{"type":"reasoning.text","index":0,"text":"word "}]`)})
	}
	m.add(thought{field: detailsField, raw: json.RawMessage(`{"none":1}`)})
	m.add(thought{field: detailsField, raw: json.RawMessage(`[{"type":"reasoning.text","index":0,"text":"","signature":"s"}]`)})
	got := m.thoughts()
	var list []map[string]any
	if len(got) != 1 || json.Unmarshal(got[0].raw, &list) != nil || len(list) != 1 || len(list[0]["text"].(string)) != 100000 || list[0]["signature"] != "s" {
		t.Errorf("%d thoughts, %d details", len(got), len(list))
	}
}

func TestAConnectionThatBreaksInsideACallKeepsWhatCame(t *testing.T) {
	eachKind(t, func(t *testing.T, kind Kind) {
		s := modeltest.Use("look", `{"at":"everything there is"}`)
		s.BreakIn = 2
		h := lineTo(t, kind, modeltest.Always(s)).ask(hello(lookTool))
		r, ok := errors.AsType[*refusal](h.err)
		if !ok || !strings.Contains(r.text, "broke off") || !h.said || h.wanted() != `look {"at":"everyth` {
			t.Errorf("wants %s, said %v, %v", h.wanted(), h.said, h.err)
		}
	})
}

func TestACallWithoutEndIsEnded(t *testing.T) {
	s := modeltest.Use("look", "x")
	s.Calls[0].Args = ""
	piece := strings.Repeat("x", 1<<20)
	body := `data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"look","arguments":"` + piece + `"}}]}}]}` + "\n\n"
	h := lineTo(t, OpenAI, modeltest.Always(modeltest.Raw(strings.Repeat(body, 12)))).ask(hello(lookTool))
	if !errors.Is(h.err, errEndless) {
		t.Errorf("got %v", h.err)
	}
}

func streamOf(deltas ...string) string {
	var b strings.Builder
	for _, d := range deltas {
		b.WriteString(`data: {"choices":[{"index":0,"delta":` + d + `}]}` + "\n\n")
	}
	return b.String() + `data: {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}` + "\n\ndata: [DONE]\n\n"
}

// How servers write calls, from their documentation and their bug reports.
func TestOdditiesOfCalls(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"no index":                   {streamOf(`{"tool_calls":[{"id":"a","function":{"name":"look","arguments":"{\"at\":"}}]}`, `{"tool_calls":[{"function":{"arguments":"1}"}}]}`), `look {"at":1}`},
		"no index, two in one piece": {streamOf(`{"tool_calls":[{"id":"a","function":{"name":"look","arguments":"{}"}},{"id":"b","function":{"name":"look","arguments":"{\"at\":2}"}}]}`), `look {}; look {"at":2}`},
		"the id and the name again":  {streamOf(`{"tool_calls":[{"index":0,"id":"a","function":{"name":"look","arguments":"{\"at\":"}}]}`, `{"tool_calls":[{"index":0,"id":"a","function":{"name":"look","arguments":"1}"}}]}`), `look {"at":1}`},
		"a new id for every piece":   {streamOf(`{"tool_calls":[{"index":0,"id":"a","function":{"name":"look","arguments":"{\"at\":"}}]}`, `{"tool_calls":[{"index":0,"id":"b","function":{"name":"look","arguments":"1}"}}]}`), `look {"at":1}`},
		"a name in pieces":           {streamOf(`{"tool_calls":[{"index":0,"id":"a","function":{"name":"lo"}}]}`, `{"tool_calls":[{"index":0,"function":{"name":"ok"}}]}`, `{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]}`), `look {}`},
		"a name that comes twice":    {streamOf(`{"tool_calls":[{"index":0,"id":"a","function":{"name":"look","arguments":""}}]}`, `{"tool_calls":[{"index":0,"function":{"name":"look","arguments":"{}"}}]}`), `look {}`},
		"arguments as an object":     {streamOf(`{"tool_calls":[{"index":0,"id":"a","function":{"name":"look","arguments":{"at":1}}}]}`), `look {"at":1}`},
		"no arguments":               {streamOf(`{"tool_calls":[{"index":0,"id":"a","function":{"name":"look","arguments":null}}]}`), `look {}`},
		"one index, other ids":       {streamOf(`{"tool_calls":[{"index":0,"id":"a","function":{"name":"look","arguments":"{\"at\":1}"}}]}`, `{"tool_calls":[{"index":0,"id":"b","function":{"name":"look","arguments":"{\"at\":2}"}}]}`), `look {"at":1}; look {"at":2}`},
		"one index, no ids":          {streamOf(`{"tool_calls":[{"index":0,"function":{"name":"look","arguments":"{\"at\":1}"}}]}`, `{"tool_calls":[{"index":0,"function":{"name":"look","arguments":"{\"at\":2}"}}]}`), `look {"at":1}; look {"at":2}`},
		"all of it again at the end": {streamOf(`{"tool_calls":[{"index":0,"id":"a","function":{"name":"look","arguments":"{\"at\""}}]}`, `{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]}`,
			`{"tool_calls":[{"index":0,"id":"a","function":{"name":"look","arguments":"{\"at\":1}"}}]}`), `look {"at":1}`},
		"one id for all":        {streamOf(`{"tool_calls":[{"index":0,"id":"a","function":{"name":"look","arguments":"{\"at\":1}"}}]}`, `{"tool_calls":[{"index":1,"id":"a","function":{"name":"look","arguments":"{\"at\":2}"}}]}`), `look {"at":1}; look {"at":2}`},
		"an empty object first": {streamOf(`{"tool_calls":[{"index":0,"id":"a","function":{"name":"look","arguments":"{}"}}]}`, `{"tool_calls":[{"index":0,"function":{"arguments":"{\"at\":1}"}}]}`), `look {"at":1}`},
		"a string in a string":  {streamOf(`{"tool_calls":[{"index":0,"id":"a","function":{"name":"look","arguments":"\"{\\\"at\\\":1}\""}}]}`), `look {"at":1}`},
		"mixed":                 {streamOf(`{"tool_calls":[{"index":0,"id":"a","function":{"name":"look"}},{"index":1,"id":"b","function":{"name":"look"}}]}`, `{"tool_calls":[{"index":1,"function":{"arguments":"{\"at\":2}"}},{"index":0,"function":{"arguments":"{\"at\":1}"}}]}`), `look {"at":1}; look {"at":2}`},
		"half a character":      {streamOf(`{"tool_calls":[{"index":0,"id":"a","function":{"name":"look","arguments":"{\"at\":\"\ud83d"}}]}`, `{"tool_calls":[{"index":0,"function":{"arguments":"\udc4d\"}"}}]}`), `look {"at":"👍"}`},
		"the older protocol":    {streamOf(`{"function_call":{"name":"look","arguments":""}}`, `{"function_call":{"arguments":"{\"at\":"}}`, `{"function_call":{"arguments":"1}"}}`), `look {"at":1}`},
		"one piece":             {`{"choices":[{"message":{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"look","arguments":"{\"at\":1}"}}]},"finish_reason":"tool_calls"}]}`, `look {"at":1}`},
		"not a list":            {streamOf(`{"tool_calls":{"id":"a","function":{"name":"look","arguments":"{}"}}}`), `look {}`},
		"nonsense":              {streamOf(`{"tool_calls":[7,null,{"index":0,"id":"a","function":{"arguments":"{}"}}],"content":"hi"}`), ``},
		"a reason that lies":    {strings.Replace(streamOf(`{"tool_calls":[{"index":0,"id":"a","function":{"name":"look","arguments":"{}"}}]}`), `"tool_calls"}]`, `"stop"}]`, 1), `look {}`},
	} {
		t.Run(name, func(t *testing.T) {
			h := lineTo(t, OpenAI, modeltest.Always(modeltest.Raw(c.body))).ask(hello(lookTool))
			if h.err != nil || h.wanted() != c.want {
				t.Errorf("wants %s, %v", h.wanted(), h.err)
			}
			opened := 0
			for _, s := range h.steps {
				if strings.HasPrefix(s, "open pending") {
					opened++
				}
			}
			if opened != len(h.calls()) || strings.Count(strings.Join(h.steps, "\n"), "open pending look") != opened {
				t.Errorf("steps %q", h.steps)
			}
		})
	}
}

func TestWordsBehindACallAreWords(t *testing.T) {
	body := streamOf(`{"reasoning":"hm"}`, `{"tool_calls":[{"index":0,"id":"a","function":{"name":"look","arguments":"{}"}}]}`, `{"content":"there"}`)
	h := lineTo(t, OpenAI, modeltest.Always(modeltest.Raw(body))).ask(hello(lookTool))
	want := []string{"open reasoning", "append hm", "close", "open pending look", "open text", "append there", "close"}
	if !slices.Equal(h.steps, want) {
		t.Errorf("steps %q", h.steps)
	}
}

func TestThoughtsOfTheCallsThatAreUnderWayGoBackAsTheyCame(t *testing.T) {
	use := `{"tool_calls":[{"index":0,"id":"a","function":{"name":"look","arguments":"{}"},"extra_content":{"google":{"thought_signature":"sig"}}}]}`
	for name, c := range map[string]struct{ body, want string }{
		"reasoning_content": {streamOf(`{"reasoning_content":"hm"}`, `{"reasoning_content":"m"}`, use), `"reasoning_content":"hmm"`},
		"reasoning":         {streamOf(`{"reasoning":"hm"}`, use), `"reasoning":"hm"`},
		"details": {streamOf(`{"reasoning":"h","reasoning_details":[{"type":"reasoning.text","index":0,"text":"h"}]}`,
			`{"reasoning":"m","reasoning_details":[{"type":"reasoning.text","index":0,"text":"m","signature":"s"}]}`, use),
			`"reasoning_details":[{"index":0,"signature":"s","text":"hm","type":"reasoning.text"}]`},
		"extra":    {streamOf(use), `"extra_content":{"google":{"thought_signature":"sig"}}`},
		"no words": {streamOf(use), `"content":null`},
	} {
		t.Run(name, func(t *testing.T) {
			l := lineTo(t, OpenAI, modeltest.InOrder(modeltest.Raw(c.body), modeltest.Say("ok")))
			h := l.ask(hello(lookTool))
			l.ask(hello(lookTool, h.message(), results(h.message(), false)))
			if body := string(l.server.Requests()[1].Body); !strings.Contains(body, c.want) {
				t.Errorf("%s lacks %s", body, c.want)
			}
		})
	}
}

const signedUse = `data: {"type":"message_start","message":{}}

data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}

data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"proof"}}

data: {"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"dark"}}

data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_1","name":"look","input":{}}}

data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":""}}

data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"at\":1}"}}

data: {"type":"message_delta","delta":{"stop_reason":"tool_use"}}

data: {"type":"message_stop"}

`

func TestSignedThoughtsGoBackAndOthersSwitchThinkingOff(t *testing.T) {
	l := lineTo(t, Anthropic, modeltest.InOrder(modeltest.Raw(signedUse), modeltest.Say("ok")))
	q := hello(lookTool)
	q.effort = "low"
	h := l.ask(q)
	if h.wanted() != `look {"at":1}` || l.asked(0).Thinking == nil {
		t.Fatalf("wants %s, thinking %s", h.wanted(), l.asked(0).Thinking)
	}
	q.messages = append(q.messages, h.message(), results(h.message(), false))
	l.ask(q)
	if a := l.asked(1); a.Thinking == nil || a.Messages[1].Thought != "hm/proofdark" {
		t.Errorf("thinking %s, thought %q", a.Thinking, a.Messages[1].Thought)
	}
	later := message{role: assistant, pieces: []piece{call{id: "call_abcd", name: "look"}}}
	q.messages = append(q.messages, later, results(later, false))
	l.ask(q)
	if a := l.asked(2); a.Thinking == nil {
		t.Error("an answer in the middle of signed calls switches thinking off")
	}
	q.messages = []message{say(user, "hello"), later, results(later, false)}
	l.ask(q)
	if a := l.asked(3); a.Thinking != nil || a.Messages[1].Thought != "" {
		t.Errorf("thinking %s", a.Thinking)
	}
}

func TestAnthropicIsAskedToKeepWhatStaysTheSame(t *testing.T) {
	l := lineTo(t, Anthropic, modeltest.Always(modeltest.Say("ok")))
	l.ask(hello(lookTool))
	if body := string(l.server.Requests()[0].Body); strings.Count(body, `"cache_control":{"type":"ephemeral"}`) != 3 {
		t.Errorf("sent %s", body)
	}
	l.x.take = func(delta) error { return nil }
	if _, err := l.x.ask(t.Context(), hello(lookTool), true); err != nil {
		t.Fatal(err)
	}
	if body := string(l.server.Requests()[1].Body); strings.Contains(body, "cache_control") || !strings.Contains(body, `"system":"Be brief."`) {
		t.Errorf("sent %s", body)
	}
}

func TestWithoutToolsCallsAreToldInWords(t *testing.T) {
	eachKind(t, func(t *testing.T, kind Kind) {
		l := lineTo(t, kind, modeltest.Always(modeltest.Say("ok")))
		c := message{role: assistant, pieces: []piece{words("I look."), call{id: "call_abcd", name: "look", args: json.RawMessage(`{"at":1}`)}}}
		mute := message{role: assistant, pieces: []piece{call{id: "call_efgh", name: "look"}}}
		l.ask(hello(nil, c, results(c, false), mute, results(mute, true), say(user, "go on")))
		want := []string{"user: hello", "assistant: I look.", "user: [Tool call look with {\"at\":1}: result: saw look]\n\n[Tool call look with no arguments: failed: saw look]\n\ngo on"}
		if a := l.asked(0); !slices.Equal(a.Lines(), want) || len(a.Tools) > 0 {
			t.Errorf("asked %q", a.Lines())
		}
	})
}

func TestPicturesAreSent(t *testing.T) {
	eachKind(t, func(t *testing.T, kind Kind) {
		l := lineTo(t, kind, modeltest.Always(modeltest.Say("ok")))
		l.ask(question{model: "m", messages: []message{{role: user, pieces: []piece{words("see"), image{"image/png", []byte{1, 2, 3}}}}}})
		if got := l.asked(0).Lines(); !slices.Equal(got, []string{"user: see", "user image: image/png"}) {
			t.Errorf("asked %q", got)
		}
		if body := string(l.server.Requests()[0].Body); !strings.Contains(body, "AQID") {
			t.Errorf("sent %s", body)
		}
	})
}

func TestAPlainQuestionHasNoOptionsAndSeparatesResultsFromWords(t *testing.T) {
	l := lineTo(t, OpenAI, modeltest.Always(modeltest.Say("ok")))
	l.x.take = func(delta) error { return nil }
	c := message{role: assistant, pieces: []piece{thought{text: "hm", field: "reasoning"}, call{id: "call_abcd", name: "look"}}}
	q := hello(lookTool, c, results(c, false), say(user, "wait"))
	q.effort, q.limit = "high", 99
	if _, err := l.x.ask(t.Context(), q, true); err != nil {
		t.Fatal(err)
	}
	a := l.asked(0)
	want := []string{"user: hello", "assistant call: look {}", "user result: saw look", "assistant: I have the results.", "user: wait"}
	if a.StreamOptions != nil || a.Effort != "" || a.MaxTokens != 0 || a.Messages[1].Thought != "" || !slices.Equal(a.Lines(), want) {
		t.Errorf("asked %+v", a)
	}
}

func TestAnAnswerAsText(t *testing.T) {
	eachKind(t, func(t *testing.T, kind Kind) {
		s := modeltest.Say("A ", "title")
		s.Reasoning = []string{"hm"}
		l := lineTo(t, kind, func(r modeltest.Request) modeltest.Script {
			if r.Asked().StreamOptions != nil {
				return modeltest.Refuse(400, `{"error":"unknown field"}`)
			}
			return s
		})
		text, u, err := l.x.text(t.Context(), hello(nil))
		if text != "A title" || err != nil || u == nil || u.Input != 7 {
			t.Errorf("got %q %+v %v", text, u, err)
		}
	})
	l := lineTo(t, OpenAI, modeltest.Always(modeltest.Refuse(401, `{}`)))
	if text, _, err := l.x.text(t.Context(), hello(nil)); text != "" || err == nil || len(l.server.Requests()) != 1 {
		t.Errorf("got %q %v", text, err)
	}
}

func TestRefusalsOfToolsAndPictures(t *testing.T) {
	for name, c := range map[string]struct {
		script      modeltest.Script
		tools, eyes bool
	}{
		"Ollama":              {modeltest.Refuse(400, `{"error":{"message":"registry.ollama.ai/library/gemma3:4b does not support tools","type":"api_error"}}`), true, false},
		"vLLM":                {modeltest.Refuse(400, `{"object":"error","message":"\"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set","code":400}`), true, false},
		"llama.cpp":           {modeltest.Refuse(500, `{"error":{"code":500,"message":"tools param requires --jinja flag","type":"server_error"}}`), true, false},
		"OpenRouter":          {modeltest.Refuse(404, `{"error":{"message":"No endpoints found that support tool use.","code":404}}`), true, false},
		"Gemini":              {modeltest.Refuse(400, `[{"error":{"code":400,"message":"Function calling is not enabled for models/gemma-3-27b-it","status":"INVALID_ARGUMENT"}}]`), true, false},
		"OpenRouter pictures": {modeltest.Refuse(404, `{"error":{"message":"No endpoints found that support image input","code":404}}`), false, true},
		"DeepSeek":            {modeltest.Refuse(400, "{\"error\":{\"message\":\"Failed to deserialize the JSON body: messages[0]: unknown variant `image_url`, expected `text`\"}}"), false, true},
		"llama.cpp pictures":  {modeltest.Refuse(500, `{"error":{"code":500,"message":"image input is not supported - hint: if this is unexpected, you may need to provide the mmproj"}}`), false, true},
		"vLLM pictures":       {modeltest.Refuse(400, `{"object":"error","message":"At most 0 image(s) may be provided in one prompt.","code":400}`), false, true},
		"strings only":        {modeltest.Refuse(422, `{"detail":[{"loc":["body","messages",0,"content"],"msg":"content: Input should be a valid string"}]}`), false, true},
		"a wrong key":         {modeltest.Refuse(401, `{"error":{"message":"key may not use tools: not supported, nor image input"}}`), false, false},
		"another reason":      {modeltest.Refuse(400, `{"error":{"message":"temperature is not supported"}}`), false, false},
		"too many":            {modeltest.Busy("1"), false, false},
	} {
		t.Run(name, func(t *testing.T) {
			h := lineTo(t, OpenAI, modeltest.Always(c.script)).ask(hello(lookTool))
			why, ok := errors.AsType[trouble](h.err)
			if !ok || noTools(why) != c.tools || blindOf(why) != c.eyes {
				t.Errorf("%+v: no tools %v, no eyes %v", why, noTools(why), blindOf(why))
			}
		})
	}
	for who, s := range modeltest.Overflows() {
		h := lineTo(t, OpenAI, modeltest.Always(s)).ask(hello(lookTool))
		if why, ok := errors.AsType[trouble](h.err); !ok || noTools(why) || blindOf(why) {
			t.Errorf("%s: length is taken for something else", who)
		}
	}
}
