package direct_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/direct"
	"hermes-webui/server/agent/direct/modeltest"
	"hermes-webui/server/chat"
)

const key = "sk-test-abcdef1234567890"

type providers []direct.Endpoint

func (p providers) Endpoints() []direct.Endpoint { return p }

func endpoint(kind direct.Kind, url string) direct.Endpoint {
	return direct.Endpoint{
		ID: string(kind), Name: "Testers", Kind: kind, BaseURL: url, Model: "small",
		Key: func() string { return key }, KeyAt: "under Settings, Models and providers",
	}
}

// bench is a driver, a model server behind it, and what came of it.
type bench struct {
	t      *testing.T
	server *modeltest.Server
	driver *direct.Driver
	conn   agent.Conn
	log    *bytes.Buffer
	mu     sync.Mutex
	steps  []agent.Step
	ended  chan agent.Ended
	spoke  chan string
	status chan agent.Status
}

func newBench(t *testing.T, kind direct.Kind, answer func(modeltest.Request) modeltest.Script) *bench {
	t.Helper()
	s, err := modeltest.Start(answer)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	b := benchAt(t, endpoint(kind, s.URL))
	b.server = s
	return b
}

func benchAt(t *testing.T, es ...direct.Endpoint) *bench {
	t.Helper()
	b := &bench{
		t: t, log: &bytes.Buffer{},
		ended: make(chan agent.Ended, 9), spoke: make(chan string, 10000), status: make(chan agent.Status, 99),
	}
	b.driver = direct.New(direct.Config{
		Providers: providers(es), Slog: slog.New(slog.NewTextHandler(b.log, nil)), Quiet: 2 * time.Second,
	})
	conn, err := b.driver.Open(t.Context(), chat.Session{ID: "ses_1"}, b.out)
	if err != nil {
		t.Fatal(err)
	}
	b.conn = conn
	t.Cleanup(func() {
		_ = conn.Close()
		b.driver.Close()
		if strings.Contains(b.log.String()+fmt.Sprintf("%+v", b.steps), key) {
			t.Error("the key was shown or logged")
		}
	})
	return b
}

func (b *bench) out(s agent.Step) error {
	b.mu.Lock()
	b.steps = append(b.steps, s)
	b.mu.Unlock()
	switch body := s.Body.(type) {
	case agent.Append:
		b.spoke <- body.Text
	case agent.Status:
		b.status <- body
	case agent.Ended:
		b.ended <- body
	}
	return nil
}

func (b *bench) start(task agent.Task) {
	b.t.Helper()
	if task.Turn == "" {
		task.Turn = chat.TurnID(chat.NewID(chat.PrefixTurn))
	}
	if task.Prompt.Text == "" {
		task.Prompt.Text = "hello"
	}
	if err := b.conn.Start(b.t.Context(), task); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) end() agent.Ended {
	b.t.Helper()
	select {
	case e := <-b.ended:
		return e
	case <-time.After(20 * time.Second):
		b.t.Fatal("the turn did not end")
		return agent.Ended{}
	}
}

func (b *bench) run(task agent.Task) agent.Ended {
	b.t.Helper()
	b.start(task)
	return b.end()
}

// said returns the turn's parts as "[kind]text", joined.
func (b *bench) said() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	kinds, out := map[chat.PartID]string{}, ""
	last := chat.PartID("")
	for _, s := range b.steps {
		switch body := s.Body.(type) {
		case agent.Open:
			kinds[body.Part.Common().ID] = string(body.Part.Kind())
			if n, ok := body.Part.(*chat.Notice); ok {
				out += "[notice]" + n.Text
			}
		case agent.Append:
			if last != body.Part {
				out += "[" + kinds[body.Part] + "]"
			}
			last = body.Part
			out += body.Text
		}
	}
	return out
}

func (b *bench) usage() chat.Usage {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.steps {
		if u, ok := s.Body.(agent.Used); ok {
			return u.Usage
		}
	}
	return chat.Usage{}
}

func (b *bench) wantDone(said string) {
	b.t.Helper()
	e := b.run(agent.Task{})
	if e.State != chat.Done || e.Error != nil || b.said() != said {
		b.t.Fatalf("got %s %+v %q, want %q", e.State, e.Error, b.said(), said)
	}
}

func (b *bench) wantFailed(code string, words ...string) *chat.Failure {
	b.t.Helper()
	e := b.run(agent.Task{})
	if e.State != chat.Failed || e.Error == nil || e.Error.Code != code {
		b.t.Fatalf("got %s %+v, want %s", e.State, e.Error, code)
	}
	for _, w := range words {
		if !strings.Contains(e.Error.Text, w) {
			b.t.Errorf("%q lacks %q", e.Error.Text, w)
		}
	}
	return e.Error
}

func TestAnAnswerWithThoughtsAndUsage(t *testing.T) {
	for _, kind := range []direct.Kind{direct.OpenAI, direct.Anthropic} {
		t.Run(string(kind), func(t *testing.T) {
			s := modeltest.Say("Hel", "lo 👩‍👩‍👧", " é́")
			s.Reasoning = []string{"hm", "m"}
			b := newBench(t, kind, modeltest.Always(s))
			b.wantDone("[reasoning]hmm[text]Hello 👩‍👩‍👧 é́")
			if u := b.usage(); u.Input != 7 || u.Output != 3 || u.Context != 10 {
				t.Errorf("usage %+v", u)
			}
			r := b.server.Requests()[0]
			if a := r.Asked(); a.Model != "small" || !a.Stream || a.Messages[0].Content != "hello" {
				t.Errorf("asked %s", r.Body)
			}
			sent := r.Header.Get("Authorization") + r.Header.Get("X-Api-Key")
			if !strings.HasSuffix(sent, key) {
				t.Error("the key was not sent")
			}
		})
	}
}

func TestTheFirstTokenIsThereBeforeTheSecondIsSent(t *testing.T) {
	b := newBench(t, direct.OpenAI, modeltest.Always(modeltest.Script{Tokens: []string{"first", "second"}, HoldAt: 1}))
	b.start(agent.Task{})
	if got := <-b.spoke; got != "first" {
		t.Errorf("got %q", got)
	}
}

func TestStopClosesTheSocketAndSaysNothingMore(t *testing.T) {
	for _, kind := range []direct.Kind{direct.OpenAI, direct.Anthropic} {
		t.Run(string(kind), func(t *testing.T) {
			b := newBench(t, kind, modeltest.InOrder(modeltest.Script{Tokens: []string{"a", "b"}, HoldAt: 1}, modeltest.Say("next")))
			b.start(agent.Task{})
			<-b.spoke
			if err := b.conn.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
			select {
			case <-b.server.Left:
			case <-time.After(5 * time.Second):
				t.Fatal("the server does not see it")
			}
			if b.said() != "[text]a" || len(b.ended) != 0 {
				t.Errorf("got %q", b.said())
			}
			if e := b.run(agent.Task{}); e.State != chat.Done || !strings.HasSuffix(b.said(), "next") {
				t.Errorf("the next turn: %+v %q", e, b.said())
			}
		})
	}
}

func TestStopDoesNotWaitForALogThatIsBehind(t *testing.T) {
	s, err := modeltest.Start(modeltest.Always(modeltest.Script{Tokens: []string{"a", "b"}, HoldAt: 2}))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	d := direct.New(direct.Config{Providers: providers{endpoint(direct.OpenAI, s.URL)}})
	defer d.Close()
	full, free := make(chan struct{}), make(chan struct{})
	var once sync.Once
	conn, _ := d.Open(t.Context(), chat.Session{}, func(agent.Step) error {
		once.Do(func() { close(full) })
		<-free
		return nil
	})
	_ = conn.Start(t.Context(), agent.Task{Turn: "trn_1", Prompt: chat.Prompt{Text: "x"}})
	<-full
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if err := conn.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	<-s.Left
	_ = conn.Close()
	close(free)
}

func TestAnAnswerThatBreaksOffIsKeptAndNotAskedForAgain(t *testing.T) {
	for _, kind := range []direct.Kind{direct.OpenAI, direct.Anthropic} {
		t.Run(string(kind), func(t *testing.T) {
			b := newBench(t, kind, modeltest.Always(modeltest.Script{Tokens: []string{"par", "tial", "never"}, BreakAt: 2}))
			b.wantFailed("provider_down", "broke off", "Testers", "127.0.0.1")
			if b.said() != "[text]partial" || len(b.server.Requests()) != 1 {
				t.Errorf("got %q after %d requests", b.said(), len(b.server.Requests()))
			}
		})
	}
}

func TestAnAnswerWithoutEndIsEndedAndItsBeginningKept(t *testing.T) {
	tokens := make([]string, 40)
	for i := range tokens {
		tokens[i] = strings.Repeat("x", 1<<20)
	}
	b := newBench(t, direct.OpenAI, modeltest.Always(modeltest.Say(tokens...)))
	b.wantFailed("provider_other", "8 MB", "kept")
	if got := len(b.said()) - len("[text]"); got != 8<<20 {
		t.Errorf("%d bytes are kept", got)
	}
	if n := len(b.server.Requests()); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

func TestASilentProviderIsGivenUp(t *testing.T) {
	b := newBench(t, direct.OpenAI, modeltest.Always(modeltest.Script{Tokens: []string{"a", "b"}, HoldAt: 1}))
	b.wantFailed("provider_down", "sent nothing for 2 s")
	<-b.server.Left
}

func TestABusyProviderIsAskedAgain(t *testing.T) {
	busy := modeltest.Refuse(429, `{"error":{"message":"slow down"}}`, "Retry-After-Ms", "30")
	b := newBench(t, direct.OpenAI, modeltest.InOrder(busy, busy, modeltest.Say("ok")))
	b.wantDone("[text]ok")
	s := <-b.status
	if s.Text != "Provider is busy, trying again in 1 s" || s.Until.IsZero() {
		t.Errorf("status %+v", s)
	}
}

func TestABusyProviderIsNotAskedForEver(t *testing.T) {
	busy := modeltest.Refuse(429, `{"error":{"message":"slow down"}}`, "Retry-After-Ms", "30")
	b := newBench(t, direct.OpenAI, modeltest.Always(busy))
	b.wantFailed("provider_limit", "slow down", "429")
	if n := len(b.server.Requests()); n != 3 {
		t.Errorf("asked %d times", n)
	}
}

func TestALongWaitIsToldAndNotWaited(t *testing.T) {
	date := time.Now().Add(time.Hour).UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")
	for _, h := range []string{"3600", date} {
		b := newBench(t, direct.OpenAI, modeltest.Always(modeltest.Refuse(429, `{"error":"later"}`, "Retry-After", h)))
		f := b.wantFailed("provider_limit", "later")
		if f.RetryAt == nil || time.Until(f.RetryAt.Time) < 59*time.Minute || time.Until(f.RetryAt.Time) > 61*time.Minute {
			t.Errorf("%s: retry at %v", h, f.RetryAt)
		}
		if n := len(b.server.Requests()); n != 1 {
			t.Errorf("asked %d times", n)
		}
	}
}

func TestAQuotaThatIsUsedUpIsNotWaitedFor(t *testing.T) {
	b := newBench(t, direct.OpenAI, modeltest.Always(modeltest.Refuse(429, `{"error":{"code":"insufficient_quota","message":"no money"}}`)))
	b.wantFailed("provider_limit", "used up")
	if n := len(b.server.Requests()); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

func TestAStopEndsThePauseBetweenTries(t *testing.T) {
	b := newBench(t, direct.OpenAI, modeltest.Always(modeltest.Refuse(429, `{}`, "Retry-After", "15")))
	b.start(agent.Task{})
	<-b.status
	if err := b.conn.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestAProviderInTroubleIsAskedOnceMore(t *testing.T) {
	for _, status := range []int{500, 502, 503, 529} {
		bad := modeltest.Refuse(status, "<html>Bad gateway</html>", "Retry-After-Ms", "10")
		b := newBench(t, direct.Anthropic, modeltest.InOrder(bad, modeltest.Say("ok")))
		b.wantDone("[text]ok")
		b = newBench(t, direct.Anthropic, modeltest.Always(bad))
		f := b.wantFailed("provider_down", fmt.Sprint(status))
		if strings.Contains(f.Text, "<") || len(b.server.Requests()) != 2 {
			t.Errorf("%q after %d requests", f.Text, len(b.server.Requests()))
		}
	}
}

func TestNobodyThere(t *testing.T) {
	s, err := modeltest.Start(nil)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	b := benchAt(t, endpoint(direct.OpenAI, s.URL))
	b.wantFailed("provider_down", "cannot be reached", "Testers", "127.0.0.1")
	if st := <-b.status; !strings.Contains(st.Text, "trying again") {
		t.Errorf("status %+v", st)
	}
}

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		script modeltest.Script
		code   string
		words  []string
	}{
		"wrong key":       {modeltest.Refuse(401, `{"error":{"message":"Incorrect API key provided: `+key+`"}}`), "provider_auth", []string{"401", "under Settings, Models and providers"}},
		"forbidden":       {modeltest.Refuse(403, `{"error":{"message":"not for key `+key+`"}}`), "provider_auth", []string{"403", "not for key [key]"}},
		"no such model":   {modeltest.Refuse(404, `{"error":{"message":"model 'small' not found"}}`), "provider_other", []string{"model 'small' not found"}},
		"detail":          {modeltest.Refuse(418, `{"detail":[{"msg":"short and stout"}]}`), "provider_other", []string{"short and stout", "418"}},
		"plain words":     {modeltest.Refuse(402, "pay\r\n\x1b[31mfirst"), "provider_other", []string{"pay [31mfirst"}},
		"a list":          {modeltest.Refuse(410, `[{"error":{"code":410,"message":"gone","status":"X"}}]`), "provider_other", []string{"gone"}},
		"nothing":         {modeltest.Refuse(409, ``), "provider_other", []string{"refuses the request (409)."}},
		"redirect":        {modeltest.Refuse(307, ``, "Location", "http://127.0.0.1:1/evil"), "provider_other", []string{"another address (307)"}},
		"a web page":      {modeltest.Script{Body: "<!doctype html><p>hi", Type: "text/html"}, "provider_other", []string{"not a model's answer"}},
		"garbage":         {modeltest.Raw("data: {nonsense}\n\n"), "provider_other", []string{"not a model's answer"}},
		"an empty stream": {modeltest.Raw("data: [DONE]\n\n"), "provider_other", []string{"without a word"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, direct.OpenAI, modeltest.Always(c.script))
			f := b.wantFailed(c.code, append(c.words, "Testers", "127.0.0.1")...)
			if strings.Contains(f.Text, key) {
				t.Error("the key is shown")
			}
		})
	}
}

func TestLongWordsOfAServerAreCut(t *testing.T) {
	b := newBench(t, direct.OpenAI, modeltest.Always(modeltest.Refuse(400, strings.Repeat("é", 100000))))
	if f := b.wantFailed("provider_other", "…"); len([]rune(f.Text)) > 450 {
		t.Errorf("%d characters", len(f.Text))
	}
}
