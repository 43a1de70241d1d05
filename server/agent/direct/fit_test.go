package direct

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"hermes-webui/server/chat"
)

// talk is a conversation of n turns with a call each.
func talk(n, size int) question {
	q := question{model: "m", system: "Be good."}
	for i := range n {
		id := chat.TurnID(fmt.Sprintf("trn_%d", i))
		c := call{id: fmt.Sprint(i), name: "read_file", args: json.RawMessage(`{"path":"a.go"}`)}
		r := result{id: c.id, name: c.name, text: strings.Repeat("line of a file\n", size)}
		q.messages = append(q.messages,
			message{user, []piece{words(fmt.Sprintf("question %d", i))}, id},
			message{assistant, []piece{words("I look."), c}, id},
			message{user, []piece{r}, id},
			message{assistant, []piece{words(strings.Repeat(fmt.Sprintf("answer %d ", i), size))}, id})
	}
	q.messages = append(q.messages, message{user, []piece{words("the last question")}, "trn_now"})
	return q
}

func never(*testing.T) func(context.Context, question) (string, error) {
	return func(context.Context, question) (string, error) { return "", errors.New("nobody is there") }
}

// wantSound checks what every provider demands of messages.
func wantSound(t *testing.T, q question) {
	t.Helper()
	open := map[string]bool{}
	for i, m := range q.messages {
		if want := []role{user, assistant}[i%2]; m.role != want {
			t.Fatalf("message %d is of the %s", i, m.role)
		}
		for _, p := range m.pieces {
			switch p := p.(type) {
			case call:
				open[p.id] = true
				if !json.Valid(p.args) {
					t.Errorf("arguments are no JSON: %s", p.args)
				}
			case result:
				if !open[p.id] {
					t.Errorf("a result without its call: %s", p.id)
				}
				delete(open, p.id)
			}
		}
	}
	if len(open) > 0 {
		t.Errorf("calls without results: %v", open)
	}
	if last := q.messages[len(q.messages)-1].text(); !strings.Contains(last, "the last question") {
		t.Errorf("the last question is gone: %.200s", last)
	}
}

func TestWhatFitsIsNotTouched(t *testing.T) {
	for _, window := range []int64{0, 100_000} {
		q := talk(3, 10)
		got, n, err := newFitter(window, never(t)).fit(t.Context(), q)
		if err != nil || n != nil || len(got.messages) != len(q.messages) {
			t.Errorf("%v, %v", n, err)
		}
	}
}

func TestOldResultsGoFirst(t *testing.T) {
	q := talk(4, 300)
	f := newFitter(0, never(t))
	f.window = f.estimate(q) * 4 / 3 * 95 / 100
	got, n, err := f.fit(t.Context(), q)
	if err != nil || n == nil || n.Covers != "" || !strings.Contains(n.Text, "Older results") {
		t.Fatalf("%+v, %v", n, err)
	}
	wantSound(t, got)
	if f.estimate(got) > f.room(got) {
		t.Error("it does not fit")
	}
	if r := q.messages[2].pieces[0].(result); strings.Contains(r.text, "left out") {
		t.Error("the caller's question was changed")
	}
	if _, n, _ := f.fit(t.Context(), q); n != nil {
		t.Error("the same is said twice")
	}
}

func TestTheOldestTurnsAreSummarised(t *testing.T) {
	q := talk(20, 200)
	asked := 0
	f := newFitter(6000, func(_ context.Context, s question) (string, error) {
		asked++
		if s.limit == 0 || s.system == "" || len(s.messages) != 1 || len(s.tools) > 0 {
			t.Errorf("%+v", s)
		}
		return "<think>hm</think>They read a.go.", nil
	})
	got, n, err := f.fit(t.Context(), q)
	if err != nil || n == nil || n.Summary != "They read a.go." || n.Covers == "" || n.Covers == "trn_now" || n.Level != chat.NoticeInfo {
		t.Fatalf("%+v, %v", n, err)
	}
	wantSound(t, got)
	if asked < 2 || !strings.Contains(got.messages[0].text(), "They read a.go.") || f.estimate(got) > f.room(got) {
		t.Errorf("asked %d: %.200s", asked, got.messages[0].text())
	}
}

func TestAPersonSetsHowFullAWindowGets(t *testing.T) {
	q := talk(6, 30)
	early := func(summarise func(context.Context, question) (string, error)) *fitter {
		f := newFitter(0, summarise)
		f.window = f.estimate(q) * 2
		f.share = 0.3
		return f
	}
	if _, n, err := newFitter(early(nil).window, never(t)).fit(t.Context(), q); err != nil || n != nil {
		t.Fatalf("it fits, and yet: %+v, %v", n, err)
	}
	f := early(func(context.Context, question) (string, error) { return "They read a.go.", nil })
	got, n, err := f.fit(t.Context(), q)
	if err != nil || n == nil || n.Summary != "They read a.go." || !strings.Contains(n.Text, "settings") || f.estimate(got) > f.room(got)*3/10 {
		t.Fatalf("%d of %d tokens: %+v, %v", f.estimate(got), f.room(got), n, err)
	}
	wantSound(t, got)

	// What fits is not dropped because of a wish, and not tried again and again.
	asked := 0
	f = early(func(context.Context, question) (string, error) { asked++; return "", errors.New("nobody is there") })
	for range 2 {
		got, n, err = f.fit(t.Context(), q)
		if err != nil || len(got.messages) != len(q.messages) || n != nil && n.Level == chat.NoticeWarn {
			t.Errorf("%d of %d messages, %+v, %v", len(got.messages), len(q.messages), n, err)
		}
	}
	if asked != 1 {
		t.Errorf("%d summaries were tried", asked)
	}
}

func TestWithoutASummaryTurnsAreDroppedHonestly(t *testing.T) {
	got, n, err := newFitter(6000, never(t)).fit(t.Context(), talk(20, 200))
	if err != nil || n == nil || n.Level != chat.NoticeWarn || n.Covers != "" || n.Summary != "" || !strings.Contains(n.Text, "could not be summarised") {
		t.Fatalf("%+v, %v", n, err)
	}
	wantSound(t, got)
	ctx, stop := context.WithCancelCause(t.Context())
	stop(errStopped)
	if _, _, err := newFitter(6000, never(t)).fit(ctx, talk(20, 200)); !errors.Is(err, errStopped) {
		t.Errorf("got %v", err)
	}
}

func TestALastTurnThatIsTooLongIsCutOrRefused(t *testing.T) {
	q := question{messages: []message{{user, []piece{words("the last question " + strings.Repeat("é", 100_000) + " end")}, "trn_now"}}}
	f := newFitter(4096, never(t))
	got, n, err := f.fit(t.Context(), q)
	if err != nil || n == nil || n.Level != chat.NoticeWarn || f.estimate(got) > f.room(got) || !strings.HasSuffix(got.messages[0].text(), "end") {
		t.Fatalf("%+v, %v", n, err)
	}
	wantSound(t, got)
	q.system = strings.Repeat("rules ", 10_000)
	_, _, err = f.fit(t.Context(), q)
	if r, ok := errors.AsType[*refusal](err); !ok || !strings.Contains(r.text, "larger window") {
		t.Errorf("got %v", err)
	}
}

func TestARefusedQuestionGetsSmallerEachTimeAndThatEnds(t *testing.T) {
	f, q, last := newFitter(0, never(t)), talk(30, 200), int64(1<<40)
	for range 100 {
		got, _, err := f.fit(t.Context(), q)
		if err != nil {
			return
		}
		wantSound(t, got)
		now := f.estimate(got)
		if now >= last {
			t.Fatalf("%d after %d", now, last)
		}
		last, q = now, got
		if !f.refused(got, trouble{status: 400, kind: "context_length_exceeded"}) {
			return
		}
	}
	t.Fatal("it does not end")
}

func TestLearningCorrectsTheGuess(t *testing.T) {
	f, q := newFitter(0, never(t)), talk(5, 100)
	f.learn(q, chat.Usage{Input: 5000})
	if e := f.estimate(q); e < 4900 || e > 5100 {
		t.Errorf("estimates %d", e)
	}
}

// refusals are what servers say, with the numbers in it.
var refusals = []struct {
	said         string
	status       int
	sent, window int64
}{
	{`{"error":{"message":"This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens. Please reduce the length of the messages.","type":"invalid_request_error","code":"context_length_exceeded"}}`, 400, 9001, 8192},
	{`{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 208310 tokens > 200000 maximum"}}`, 400, 208310, 200000},
	{"{\"error\":{\"type\":\"invalid_request_error\",\"message\":\"input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000, decrease input length\"}}", 400, 0, 200000},
	{`{"error":{"code":400,"message":"the request exceeds the available context size. try increasing the context size","type":"exceed_context_size_error","n_prompt_tokens":5000,"n_ctx":4096}}`, 400, 0, 4096},
	{`{"error":{"code":400,"message":"request (5000 tokens) exceeds the available context size (4096 tokens), try increasing it","type":"exceed_context_size_error"}}`, 400, 5000, 4096},
	{`{"object":"error","message":"This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (4900 in the messages, 100 in the completion).","code":400}`, 400, 4900, 4096},
	{`{"error":{"message":"This endpoint's maximum context length is 131072 tokens. However, you requested about 140000 tokens","code":400}}`, 400, 140000, 131072},
	{`{"error":"input length exceeds the context length"}`, 400, 0, 0},
	{`{"error":{"message":"Please reduce the length of the messages or completion.","code":"context_length_exceeded"}}`, 400, 0, 0},
	{`{"error":{"message":"Request too large for model x on tokens per minute (TPM): Limit 6,000, Requested 8,123","code":"rate_limit_exceeded"}}`, 413, 8123, 6000},
	{`{"message":"Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length"}`, 400, 40000, 32768},
	{`{"error":{"message":"The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).","code":400}}`, 400, 1200000, 1048576},
	{`{"error":"Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens"}`, 400, 0, 4096},
}

func TestServersSayInManyWordsThatItIsTooLong(t *testing.T) {
	for _, r := range refusals {
		tr := troubleIn([]byte(r.said))
		tr.status = r.status
		e, ok := excessOf(tr)
		if !ok || e.sent != r.sent || e.window != r.window {
			t.Errorf("%s\n%+v %v", r.said, e, ok)
		}
	}
	for said, status := range map[string]int{
		`{"error":{"message":"Rate limit reached: Limit 10000"}}`:                              429,
		`{"error":{"message":"max_tokens is too large: 16384"}}`:                               400,
		`{"error":{"message":"You have no access to the model with the long context window"}}`: 403,
		`{"error":{"message":"Invalid image"}}`:                                                400,
	} {
		tr := troubleIn([]byte(said))
		tr.status = status
		if _, ok := excessOf(tr); ok {
			t.Errorf("taken for too long: %s", said)
		}
	}
}

func FuzzRefused(f *testing.F) {
	for _, r := range refusals {
		f.Add([]byte(r.said), r.status)
	}
	q := talk(4, 50)
	f.Fuzz(func(t *testing.T, said []byte, status int) {
		tr := troubleIn(said)
		tr.status = status
		fit := newFitter(0, never(t))
		for range maxRefusals {
			if !fit.refused(q, tr) {
				return
			}
			if fit.ceiling < minQuestion || fit.ceiling >= fit.estimate(q) {
				t.Fatalf("room for %d of %d", fit.ceiling, fit.estimate(q))
			}
		}
	})
}

func FuzzParseModels(f *testing.F) {
	f.Add([]byte(`{"data":[{"id":"a","pricing":{"prompt":"0.1","completion":"-1"},"capabilities":[],"context_length":"x"}]}`))
	f.Add([]byte(`[{"id":"b","max_model_len":1e300,"architecture":{"input_modalities":null}}]`))
	e := Endpoint{ID: "p", Kind: OpenAI, BaseURL: "http://127.0.0.1:1"}
	f.Fuzz(func(t *testing.T, raw []byte) {
		list, err := parseModels(e, raw)
		if err != nil {
			return
		}
		for _, m := range list {
			if m.ID == "p/" || m.Window < 0 || m.Window > maxWindow || m.Efforts == nil {
				t.Fatalf("%+v", m)
			}
			if _, err := json.Marshal(m.Model); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestTitlesAreCleaned(t *testing.T) {
	for said, want := range map[string]string{
		"  \"Fixing the build.\"\n\nMore": "Fixing the build", "**Title:** Go tests": "Go tests", "# A plan": "A plan",
		"<think>hm</think>\nMy trip": "My trip", "<think>never ends": "", "": "", "...": "",
		"Sure, here is one": "", strings.Repeat("long ", 20): "", "«Привет, мир»": "Привет, мир",
	} {
		if got := cleanTitle(said); got != want {
			t.Errorf("%q: %q", said, got)
		}
	}
}
