package direct_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/direct"
	"hermes-webui/server/agent/direct/modeltest"
	"hermes-webui/server/chat"
)

// wish is a turn that a person shortened the context with.
func wish(parts ...chat.Part) *chat.Turn {
	t := past(chat.Done, "the numbers", parts...)
	t.Compress = true
	return t
}

func longPast() []*chat.Turn {
	return []*chat.Turn{
		past(chat.Done, "What is in the garden?", text("Peas. "+strings.Repeat("Beans and more beans. ", 40))),
		past(chat.Stopped, "Water them.", text("I water")),
	}
}

// compress runs a turn that shortens, and returns its notice; nil = none.
func (b *bench) compress(focus string, history ...*chat.Turn) (agent.Ended, *chat.Notice) {
	b.t.Helper()
	task := agent.Task{Turn: chat.TurnID(chat.NewID(chat.PrefixTurn)), Prompt: chat.Prompt{Text: focus}, History: slices.Values(history)}
	if err := b.conn.(agent.Compressor).Compress(b.t.Context(), task); err != nil {
		b.t.Fatal(err)
	}
	end := b.end()
	b.mu.Lock()
	defer b.mu.Unlock()
	var n *chat.Notice
	for _, s := range b.steps {
		if o, ok := s.Body.(agent.Open); ok && s.Turn == task.Turn {
			if n != nil {
				b.t.Errorf("more than one part: %+v", o.Part)
			}
			n = o.Part.(*chat.Notice)
		}
	}
	return end, n
}

func TestShorteningPutsASummaryInThePlaceOfAllThatWas(t *testing.T) {
	for _, kind := range []direct.Kind{direct.OpenAI, direct.Anthropic} {
		t.Run(string(kind), func(t *testing.T) {
			said := modeltest.Say("They grow peas; ", "the watering was stopped.")
			said.Usage = &modeltest.Usage{Input: 500, Output: 12}
			b := newBench(t, kind, modeltest.InOrder(said, modeltest.Say("Beans.")))
			history := longPast()
			end, n := b.compress("the beans", history...)
			if end.State != chat.Done || n == nil || n.Covers != history[1].ID || n.Summary != "They grow peas; the watering was stopped." || n.Level != chat.NoticeInfo {
				t.Fatalf("%+v, %+v", end, n)
			}
			asked := b.server.Requests()[0].Asked()
			if told := asked.Messages[len(asked.Messages)-1].Content; !strings.Contains(told, "User: Water them.") || !strings.Contains(told, "The user stopped your last answer") {
				t.Errorf("asked %q", told)
			}
			if !strings.Contains(string(b.server.Requests()[0].Body), "above all: the beans") {
				t.Error("what to keep in mind was not said")
			}
			if u := b.usage(); u.Input != 500 || u.Output != 12 || u.Context == 0 || u.Context > 200 {
				t.Errorf("usage %+v", u)
			}

			b.run(agent.Task{Prompt: chat.Prompt{Text: "What grows?"}, History: slices.Values(append(history, wish(n)))})
			last := b.server.Requests()[1].Asked().Messages
			words := last[len(last)-1].Content
			if !strings.Contains(words, n.Summary) || !strings.HasSuffix(words, "What grows?") || strings.Contains(words, "garden") || strings.Contains(words, "the numbers") {
				t.Errorf("the next question has %q", words)
			}
		})
	}
}

func TestWhereThereIsNothingToShortenNothingIsAsked(t *testing.T) {
	history := longPast()
	sum := wish(&chat.Notice{Covers: history[1].ID, Summary: strings.Repeat("All of it. ", 50)})
	for name, turns := range map[string][]*chat.Turn{
		"empty": nil, "short": {past(chat.Done, "Hi", text("Hello."))}, "done before": append(history, sum, wish()),
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, direct.OpenAI, modeltest.Always(modeltest.Say("x")))
			end, n := b.compress("", turns...)
			if end.State != chat.Done || n == nil || n.Covers != "" || !strings.Contains(n.Text, "nothing to shorten") || len(b.server.Requests()) > 0 {
				t.Errorf("%+v, %+v, asked %d", end, n, len(b.server.Requests()))
			}
		})
	}
}

func TestASummaryThatSavesNothingIsNotUsed(t *testing.T) {
	b := newBench(t, direct.OpenAI, modeltest.Always(modeltest.Say(strings.Repeat("so much ", 300))))
	end, n := b.compress("", longPast()...)
	if end.State != chat.Done || n == nil || n.Covers != "" || n.Summary != "" || !strings.Contains(n.Text, "not shorter") {
		t.Errorf("%+v, %+v", end, n)
	}
	if b.usage().Input == 0 {
		t.Error("it was not free")
	}
}

func TestAModelThatDoesNotSummariseFailsTheTurnOnce(t *testing.T) {
	for name, c := range map[string]struct {
		script modeltest.Script
		text   string
	}{
		"refused": {modeltest.Refuse(http.StatusUnauthorized, `{"error":{"message":"no"}}`), "does not accept the key"},
		"silent":  {modeltest.Say("<think>hm</think> "), "without a summary"},
		"broken":  {modeltest.Script{Tokens: []string{"They grow", " peas"}, BreakAt: 1}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, direct.OpenAI, modeltest.Always(c.script))
			end, n := b.compress("", longPast()...)
			if end.State != chat.Failed || end.Error == nil || !strings.Contains(end.Error.Text, c.text) || n != nil {
				t.Errorf("%+v, %+v", end.Error, n)
			}
		})
	}
}

func TestABusyProviderIsAskedAgainForASummary(t *testing.T) {
	b := newBench(t, direct.OpenAI, modeltest.InOrder(modeltest.Busy("0"), modeltest.Say("They grow peas.")))
	if end, n := b.compress("", longPast()...); end.State != chat.Done || n == nil || n.Summary != "They grow peas." {
		t.Errorf("%+v, %+v", end, n)
	}
}

func TestAServerThatFindsThePastTooLongGetsItInPieces(t *testing.T) {
	refusal := modeltest.Refuse(http.StatusBadRequest, `{"error":{"message":"This model's maximum context length is 4096 tokens. However, you requested 20000 tokens."}}`)
	b := newBench(t, direct.OpenAI, func(r modeltest.Request) modeltest.Script {
		if len(r.Body) > 12_000 {
			return refusal
		}
		return modeltest.Say("A piece of it.")
	})
	long := past(chat.Done, "Tell me all.", text(strings.Repeat("All of it, and more.\n\n", 150)))
	end, n := b.compress("", long, long, long, long, long, long, past(chat.Done, "And?", text("No.")))
	if end.State != chat.Done || n == nil || n.Summary != "A piece of it." || len(b.server.Requests()) < 4 {
		t.Errorf("%+v, %+v, asked %d", end, n, len(b.server.Requests()))
	}
}

func TestStoppingAShorteningLeavesNothing(t *testing.T) {
	b := newBench(t, direct.OpenAI, modeltest.Always(modeltest.Script{Tokens: []string{"They", " grow"}, HoldAt: 1}))
	task := agent.Task{Turn: chat.TurnID(chat.NewID(chat.PrefixTurn)), History: slices.Values(longPast())}
	if err := b.conn.(agent.Compressor).Compress(t.Context(), task); err != nil {
		t.Fatal(err)
	}
	<-b.status
	if err := b.conn.Steer(t.Context(), "hurry"); err == nil {
		t.Error("words into it were taken, and nobody would have heard them")
	}
	if err := b.conn.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if b.said() != "" {
		t.Errorf("it said %q", b.said())
	}
}
