package direct_test

import (
	"strings"
	"testing"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/direct"
	"hermes-webui/server/agent/direct/modeltest"
	"hermes-webui/server/chat"
)

const hi = `data: {"choices":[{"index":0,"delta":{"content":"hi"}}]}` + "\n\n"

// What servers really send, written down from their documentation and habits.
func TestOdditiesOfOpenAICompatibleServers(t *testing.T) {
	for name, c := range map[string]struct {
		body, said string
		in, out    int64
	}{
		"no end mark":               {hi, "[text]hi", 0, 0},
		"no finish reason":          {hi + "data: [DONE]\n\n", "[text]hi", 0, 0},
		"no blank line at the end":  {strings.TrimSpace(hi), "[text]hi", 0, 0},
		"no blank lines at all":     {strings.ReplaceAll(hi+hi, "\n\n", "\n") + "data: [DONE]\n", "[text]hihi", 0, 0},
		"CRLF and BOM":              {"\xef\xbb\xbf" + strings.ReplaceAll(hi, "\n", "\r\n"), "[text]hi", 0, 0},
		"no space, comments":        {": OPENROUTER PROCESSING\n\n" + strings.Replace(hi, "data: ", "data:", 1) + ": keep-alive\n\n", "[text]hi", 0, 0},
		"blank lines first":         {"\n\n" + hi, "[text]hi", 0, 0},
		"words behind the mark":     {hi + "data: [DONE]\n\n" + hi, "[text]hi", 0, 0},
		"null members":              {`data: {"choices":[{"delta":{"content":null,"reasoning":null,"refusal":null},"finish_reason":null}],"usage":null,"error":null}` + "\n\n" + hi, "[text]hi", 0, 0},
		"no choices":                {"data: {}\n\n" + `data: {"choices":null}` + "\n\n" + hi, "[text]hi", 0, 0},
		"other choices":             {hi + `data: {"choices":[{"index":1,"delta":{"content":"no"}}]}` + "\n\n", "[text]hi", 0, 0},
		"empty error":               {strings.Replace(hi, `{"ch`, `{"error":{},"ch`, 1), "[text]hi", 0, 0},
		"reasoning":                 {`data: {"choices":[{"delta":{"reasoning":"hm"}}]}` + "\n\n" + hi, "[reasoning]hm[text]hi", 0, 0},
		"reasoning twice":           {`data: {"choices":[{"delta":{"reasoning":"hm","reasoning_details":[{"type":"reasoning.text","text":"hm"}]}}]}` + "\n\n" + hi, "[reasoning]hm[text]hi", 0, 0},
		"only details":              {`data: {"choices":[{"delta":{"reasoning_details":[{"type":"reasoning.summary","summary":"hm"},{"type":"reasoning.encrypted","data":"x"}]}}]}` + "\n\n" + hi, "[reasoning]hm[text]hi", 0, 0},
		"inline thoughts":           {`data: {"choices":[{"delta":{"content":"<th"}}]}` + "\n\n" + `data: {"choices":[{"delta":{"content":"ink>hm</think>\n\n"}}]}` + "\n\n" + hi, "[reasoning]hm[text]hi", 0, 0},
		"thoughts in the middle":    {hi + `data: {"choices":[{"delta":{"content":"\n<thi"}}]}` + "\n\n" + `data: {"choices":[{"delta":{"content":"nk>hm</th"}}]}` + "\n\n" + `data: {"choices":[{"delta":{"content":"ink>\nho"}}]}` + "\n\n", "[text]hi\n[reasoning]hm[text]ho", 0, 0},
		"thoughts without an end":   {`data: {"choices":[{"delta":{"content":"<think>hm"}}]}` + "\n\n" + hi, "[reasoning]hmhi", 0, 0},
		"a tag that is none":        {`data: {"choices":[{"delta":{"content":"<th"}}]}` + "\n\n", "[text]<th", 0, 0},
		"list of parts":             {`data: {"choices":[{"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"hi"}]}}]}` + "\n\n", "[reasoning]hm[text]hi", 0, 0},
		"usage with empty choices":  {hi + `data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}` + "\n\n", "[text]hi", 3, 4},
		"usage in every event":      {strings.Replace(hi, `{"ch`, `{"usage":{"prompt_tokens":3,"completion_tokens":1},"ch`, 1) + strings.Replace(hi, `{"ch`, `{"usage":{"prompt_tokens":3,"completion_tokens":2},"ch`, 1), "[text]hihi", 3, 2},
		"usage in the choice":       {`data: {"choices":[{"delta":{"content":"hi"},"usage":{"prompt_tokens":3,"completion_tokens":4.0}}]}` + "\n\n", "[text]hi", 3, 4},
		"usage of Groq":             {hi + `data: {"x_groq":{"usage":{"prompt_tokens":3,"completion_tokens":4}},"choices":[{"delta":{},"finish_reason":"stop"}]}` + "\n\n", "[text]hi", 3, 4},
		"usage that is none":        {strings.Replace(hi, `{"ch`, `{"usage":"none","ch`, 1), "[text]hi", 0, 0},
		"message in place of delta": {`data: {"choices":[{"message":{"content":"hi"}}]}` + "\n\n", "[text]hi", 0, 0},
		"one piece":                 {` {"choices":[{"message":{"role":"assistant","content":"<think>hm</think>hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":4}}`, "[reasoning]hm[text]hi", 3, 4},
		"cut at the limit":          {hi + `data: {"choices":[{"delta":{},"finish_reason":"length"}]}` + "\n\n", "[text]hi[notice]The answer ends here because it reached the model's limit of length.", 0, 0},
		"escaped emoji":             {`data: {"choices":[{"delta":{"content":"\ud83d\udc4d"}}]}` + "\n\n", "[text]👍", 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, direct.OpenAI, modeltest.Always(modeltest.Raw(c.body)))
			b.wantDone(c.said)
			if u := b.usage(); u.Input != c.in || u.Output != c.out {
				t.Errorf("usage %+v", u)
			}
		})
	}
}

func TestErrorsInsideAStream(t *testing.T) {
	for name, c := range map[string]struct{ body, code, words, said string }{
		"behind text":      {hi + `data: {"error":{"message":"worker died","code":502}}` + "\n\n", "provider_down", "worker died", "[text]hi"},
		"as a sentence":    {hi + `data: {"error":"out of memory"}` + "\n\n", "provider_other", "out of memory", "[text]hi"},
		"as an object":     {`data: {"object":"error","message":"too long","code":400}` + "\n\n", "provider_other", "too long", ""},
		"as a named event": {"event: error\ndata: {\"message\":\"no\"}\n\n", "provider_other", "no", ""},
		"with choices":     {hi + `data: {"error":{"code":"rate_limit_exceeded","message":"slow"},"choices":[{"delta":{"content":""},"finish_reason":"error"}]}` + "\n\n", "provider_limit", "slow", "[text]hi"},
		"in one piece":     {`{"error":{"message":"bad","type":"invalid_request_error"}}`, "provider_other", "bad", ""},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, direct.OpenAI, modeltest.Always(modeltest.Raw(c.body)))
			b.wantFailed(c.code, c.words)
			if b.said() != c.said {
				t.Errorf("said %q", b.said())
			}
		})
	}
}

func TestServersThatRefuseOptionsAreAskedWithoutThem(t *testing.T) {
	b := newBench(t, direct.OpenAI, func(r modeltest.Request) modeltest.Script {
		if len(r.Asked().StreamOptions) > 0 {
			return modeltest.Refuse(400, `{"error":"unknown field stream_options"}`)
		}
		return modeltest.Say("ok")
	})
	b.wantDone("[text]ok")
	if e := b.run(agent.Task{}); e.State != chat.Done {
		t.Fatalf("%+v", e)
	}
	if n := len(b.server.Requests()); n != 3 {
		t.Errorf("asked %d times: it is not remembered", n)
	}
}

func TestOdditiesOfAnthropic(t *testing.T) {
	const start = `event: message_start` + "\n" + `data: {"type":"message_start","message":{"usage":{"input_tokens":5,"cache_read_input_tokens":2,"output_tokens":1}}}` + "\n\n"
	const text = `data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}` + "\n\n" +
		"event: ping\ndata: {\"type\":\"ping\"}\n\n" +
		`data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"hi"}}` + "\n\n" +
		`data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"x"}}` + "\n\n" +
		`data: {"type":"content_block_stop","index":0}` + "\n\n" + `data: {"type":"from_the_future","x":[]}` + "\n\n"
	const stop = `data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":9}}` + "\n\n"
	t.Run("a whole stream", func(t *testing.T) {
		b := newBench(t, direct.Anthropic, modeltest.Always(modeltest.Raw(start+text+stop+"data: {\"type\":\"message_stop\"}\n\n")))
		b.wantDone("[text]hi")
		if u := b.usage(); u.Input != 7 || u.Cached != 2 || u.Output != 9 {
			t.Errorf("usage %+v", u)
		}
	})
	t.Run("no message_stop", func(t *testing.T) {
		newBench(t, direct.Anthropic, modeltest.Always(modeltest.Raw(start+text+stop))).wantDone("[text]hi")
	})
	t.Run("no end at all", func(t *testing.T) {
		b := newBench(t, direct.Anthropic, modeltest.Always(modeltest.Raw(start+text)))
		b.wantFailed("provider_down", "broke off")
		if b.said() != "[text]hi" {
			t.Errorf("said %q", b.said())
		}
	})
	t.Run("overloaded in the middle", func(t *testing.T) {
		b := newBench(t, direct.Anthropic, modeltest.Always(modeltest.Raw(start+text+"event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n")))
		b.wantFailed("provider_down", "overloaded")
	})
	t.Run("overloaded before the first word", func(t *testing.T) {
		b := newBench(t, direct.Anthropic, modeltest.InOrder(
			modeltest.Raw("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n"), modeltest.Say("ok")))
		b.wantDone("[text]ok")
	})
	t.Run("one piece", func(t *testing.T) {
		newBench(t, direct.Anthropic, modeltest.Always(modeltest.Raw(`{"type":"message","content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"hi"}],"stop_reason":"end_turn"}`))).
			wantDone("[reasoning]hm[text]hi")
	})
}

func TestBothFormsOfAnAddressWork(t *testing.T) {
	for _, kind := range []direct.Kind{direct.OpenAI, direct.Anthropic} {
		s, err := modeltest.Start(modeltest.Always(modeltest.Say("ok")))
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		for _, u := range []string{s.URL, s.Root, s.URL + "/"} {
			benchAt(t, endpoint(kind, u)).wantDone("[text]ok")
		}
	}
}
