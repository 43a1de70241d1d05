package turn

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// tape folds what a recorder hands out, as every reader does.
type tape struct {
	t    *testing.T
	r    *recorder
	now  time.Time
	turn *chat.Turn
	log  []chat.Body
}

func newTape(t *testing.T) *tape {
	return &tape{t: t, r: newRecorder(), now: time.Unix(1000, 0), turn: &chat.Turn{}}
}

func (p *tape) put(bodies []chat.Body) int {
	p.t.Helper()
	for _, b := range bodies {
		if err := chat.FoldTurn(p.turn, chat.Event{Body: b}); err != nil {
			p.t.Fatalf("%s: %v", chat.KindOf(b), err)
		}
	}
	p.log = append(p.log, bodies...)
	return len(bodies)
}

func (p *tape) take(s agent.StepBody) int {
	p.t.Helper()
	bodies, err := p.r.take(p.now, s)
	if err != nil {
		p.t.Fatal(err)
	}
	return p.put(bodies)
}

func (p *tape) after(d time.Duration) int {
	p.t.Helper()
	p.now = p.now.Add(d)
	return p.put(p.r.tick(p.now))
}

func (p *tape) text(id chat.PartID) string {
	switch part := p.turn.Part(id).(type) {
	case *chat.Text:
		return part.Text.String()
	case *chat.ToolCall:
		return part.Out.String()
	default:
		p.t.Fatalf("no text in %T", part)
		return ""
	}
}

func prose(id chat.PartID) agent.Open {
	return agent.Open{Part: &chat.Text{PartBase: chat.PartBase{ID: id}}}
}

func tool(id chat.PartID) agent.Open {
	return agent.Open{Part: &chat.ToolCall{PartBase: chat.PartBase{ID: id}, State: chat.ToolRunning}}
}

func delta(id chat.PartID, s string) agent.Append {
	return agent.Append{Part: id, Stream: chat.Main, At: -1, Text: s}
}

func printed(id chat.PartID, s string) agent.Append {
	return agent.Append{Part: id, Stream: chat.Out, At: -1, Text: s}
}

func TestTextWaitsOnlyInsideOfAWindow(t *testing.T) {
	p := newTape(t)
	p.take(prose("a"))
	if n := p.take(delta("a", "one ")); n != 1 {
		t.Fatalf("the first token made %d bodies, want it at once", n)
	}
	p.now = p.now.Add(10 * time.Millisecond)
	if n := p.take(delta("a", "two ")); n != 0 {
		t.Fatal("text inside of the window did not wait")
	}
	if n := p.after(19 * time.Millisecond); n != 0 {
		t.Fatal("the window was cut short")
	}
	if n := p.after(time.Millisecond); n != 1 {
		t.Fatal("the window did not end")
	}
	if n := p.take(delta("a", strings.Repeat("x", 4<<10))); n != 1 {
		t.Fatal("a burst waited")
	}
	p.take(delta("a", "end"))
	if n := p.take(agent.Close{Part: "a"}); n != 2 {
		t.Fatalf("closing made %d bodies, want text before the close", n)
	}
	if _, ok := p.r.due(); ok {
		t.Error("something is due after all was handed out")
	}
}

func TestTextOfAnotherPartFlushesFirst(t *testing.T) {
	p := newTape(t)
	p.take(prose("a"))
	p.take(prose("b"))
	p.take(delta("a", "1"))
	p.take(delta("a", "2"))
	p.take(delta("b", "3"))
	p.put(p.r.finish(p.now, chat.ToolUnknown))
	if p.text("a") != "12" || p.text("b") != "3" {
		t.Errorf("got %q and %q", p.text("a"), p.text("b"))
	}
}

func TestTextSplitAnywhereIsWhole(t *testing.T) {
	const want = "né 👩‍👩‍👧 e\u0301 漢字 🇩🇪 end"
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		p := newTape(t)
		p.take(prose("a"))
		for rest := want; rest != ""; {
			n := 1 + random.IntN(min(5, len(rest)))
			p.take(delta("a", rest[:n]))
			p.after(time.Duration(random.IntN(40)) * time.Millisecond)
			rest = rest[n:]
		}
		p.take(agent.Close{Part: "a"})
		if got := p.text("a"); got != want {
			t.Fatalf("got %q, want %q", got, want)
		}
		for _, b := range p.log {
			if b, ok := b.(chat.TextAppended); ok && strings.ContainsRune(b.Text, '\uFFFD') {
				t.Fatalf("a character was torn: %q", b.Text)
			}
		}
	}
}

func TestBytesThatAreNoTextAreReplaced(t *testing.T) {
	p := newTape(t)
	p.take(prose("a"))
	p.take(delta("a", "a\xffb"))
	p.take(delta("a", "c\xe2\x82"))
	p.take(agent.Close{Part: "a"})
	if got := p.text("a"); got != "a\uFFFDbc\uFFFD" {
		t.Errorf("got %q", got)
	}
}

func TestAbsoluteTextNeverShrinksWhatIsKnown(t *testing.T) {
	p := newTape(t)
	p.take(prose("a"))
	p.take(delta("a", "Grüße 😀, world"))
	at := func(n int, s string) {
		p.take(agent.Append{Part: "a", Stream: chat.Main, At: n, Text: s})
		p.after(time.Second)
	}
	for _, again := range []struct {
		at   int
		text string
		want string
	}{
		{0, "Grüße", "Grüße 😀, world"},
		{5, " 😀,", "Grüße 😀, world"},
		{8, ", world!", "Grüße 😀, world!"},
		{16, "?", "Grüße 😀, world!?"},
		{6, "😁.", "Grüße 😁."},
	} {
		at(again.at, again.text)
		if got := p.text("a"); got != again.want {
			t.Fatalf("after %q at %d: %q, want %q", again.text, again.at, got, again.want)
		}
	}
	if _, err := p.r.take(p.now, agent.Append{Part: "a", Stream: chat.Main, At: 99, Text: "x"}); err == nil {
		t.Error("a gap was taken")
	}
}

func TestLongOutputKeepsItsEnds(t *testing.T) {
	p := newTape(t)
	p.take(tool("a"))
	var whole strings.Builder
	for i := range 40000 {
		line := "line é " + string(rune('a'+i%26)) + "\n"
		whole.WriteString(line)
		p.take(printed("a", line))
		if i%100 == 0 {
			p.after(10 * time.Millisecond)
		}
	}
	p.take(agent.Close{Part: "a"})
	got, call := p.text("a"), p.turn.Part("a").(*chat.ToolCall)
	if call.Skip == nil {
		t.Fatal("nothing says that output is missing")
	}
	if int64(len(got))+call.Skip.Bytes != int64(whole.Len()) {
		t.Errorf("kept %d and skipped %d bytes of %d", len(got), call.Skip.Bytes, whole.Len())
	}
	head, tail := got[:outputHead-8], got[len(got)-outputTail+8:]
	if !strings.HasPrefix(whole.String(), head) || !strings.HasSuffix(whole.String(), tail) {
		t.Error("the ends are not the ends")
	}
	if len(got) > outputHead+outputTail {
		t.Errorf("kept %d bytes", len(got))
	}
	told := 0
	for _, b := range p.log {
		if _, ok := b.(chat.OutputSkipped); ok {
			told++
		}
	}
	if told > 6 { // 4 s of output, and the end
		t.Errorf("said %d times that output is missing", told)
	}
}

func TestOutputALittleTooLongMissesNothing(t *testing.T) {
	p := newTape(t)
	p.take(tool("a"))
	want := strings.Repeat("0123456789", 9000)
	p.take(printed("a", want))
	p.take(agent.Close{Part: "a"})
	if got := p.text("a"); got != want {
		t.Errorf("got %d bytes of %d", len(got), len(want))
	}
	if s := p.turn.Part("a").(*chat.ToolCall).Skip; s == nil || s.Bytes != 0 {
		t.Errorf("skipped: %+v", s)
	}
}

func TestDriversThatBreakTheRules(t *testing.T) {
	for name, steps := range map[string][]agent.StepBody{
		"unknown part":        {delta("x", "a")},
		"opened twice":        {prose("a"), prose("a")},
		"append after close":  {prose("a"), agent.Close{Part: "a"}, delta("a", "x")},
		"closed twice":        {prose("a"), agent.Close{Part: "a"}, agent.Close{Part: "a"}},
		"wrong stream":        {prose("a"), printed("a", "x")},
		"no id":               {prose("")},
		"nil part":            {agent.Open{}},
		"nil pointer":         {agent.Open{Part: (*chat.Text)(nil)}},
		"text when opened":    {agent.Open{Part: &chat.Text{PartBase: chat.PartBase{ID: "a"}, Text: chat.SpanOf("x")}}},
		"tool that is a text": {prose("a"), agent.Tool{Part: "a", State: chat.ToolDone}},
		"unknown state":       {tool("a"), agent.Tool{Part: "a", State: "odd"}},
		"arguments not JSON":  {tool("a"), agent.Tool{Part: "a", State: chat.ToolDone, Args: []byte("{")}},
		"plan of a text":      {prose("a"), agent.SetPlan{Part: "a"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRecorder()
			var err error
			for _, s := range steps {
				if err != nil {
					t.Fatalf("too early: %v", err)
				}
				_, err = r.take(time.Unix(1, 0), s)
			}
			if err == nil {
				t.Error("was taken")
			}
		})
	}
}

func TestWhatIsOpenAtTheEndIsClosed(t *testing.T) {
	p := newTape(t)
	p.take(tool("a"))
	p.take(prose("b"))
	p.take(delta("b", "x"))
	p.take(delta("b", "y"))
	p.put(p.r.finish(p.now, chat.ToolStopped))
	if p.text("b") != "xy" || p.turn.Part("a").(*chat.ToolCall).State != chat.ToolStopped {
		t.Errorf("got %+v", p.turn.Parts)
	}
	for _, part := range p.turn.Parts {
		if part.Common().ClosedAt == nil {
			t.Errorf("%s is open", part.Common().ID)
		}
	}
}
