package wholetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hermes-webui/server/agent/direct/modeltest"
	"hermes-webui/server/chat"
)

// oddTokens are pieces of text that go wrong where bytes, code points and
// UTF-16 units are mixed up.
var oddTokens = []string{"plain ", "👩", "\u200d", "👩", "\u200d👧 ", "e\u0301 ", "ع ", "漢", "字 ", "🇨", "🇿 ", "\n\n", "a\tb ", "<b>&\u2028 ", "`x` "}

// talker returns an answer of n odd tokens, and its whole text.
func talker(n int, gap time.Duration) (modeltest.Script, string) {
	tokens := make([]string, n)
	for i := range tokens {
		tokens[i] = oddTokens[i%len(oddTokens)]
	}
	return modeltest.Script{Tokens: tokens, Gap: gap}, strings.Join(tokens, "")
}

// Two clients that are never cut and one that is cut 200 times, at random
// bytes, see the same events in the same order, and all end with what the
// model sent, also after the log was folded.
func TestEveryClientSeesTheSame(t *testing.T) {
	t.Parallel()
	answer, whole := talker(1500, 6*time.Millisecond)
	p := Start(t, Options{Env: []string{"OPENAI_BASE_URL=" + Model(t, answer)}})
	s := p.Session("direct", "openai/scripted")

	const cuts = 200
	var mu sync.Mutex
	made := 0
	rnd := rand.New(rand.NewPCG(1, 2))
	cut := p.WatchCut(t.Context(), s, func() int64 {
		mu.Lock()
		defer mu.Unlock()
		if made == cuts {
			return 0
		}
		made++
		return 1 + rnd.Int64N(500)
	})
	clients := []*Watcher{p.Watch(t.Context(), s), p.Watch(t.Context(), s), cut}
	turn := p.Send(s, "Go")
	for _, c := range clients {
		c.Until(func(f *chat.Fold) bool { x := find(f, turn); return x != nil && x.State.Ended() })
	}

	want := clients[0].IDs()
	for i, c := range clients[1:] {
		if got := c.IDs(); !slices.Equal(got, want) {
			t.Errorf("client %d saw %d events, the first one %d", i+1, len(got), len(want))
		}
	}
	t.Logf("%d events, %d connections of the client that was cut", len(want), cut.Connections())
	if n := cut.Connections(); n <= cuts {
		t.Errorf("only %d connections: not all cuts happened during the run", n)
	}
	check := func(when string) {
		snap := p.Snapshot(s)
		if got := TextOf(find(&chat.Fold{Snapshot: snap}, turn)); got != whole {
			t.Errorf("%s: the snapshot has %d bytes of text, the model sent %d", when, len(got), len(whole))
		}
		for i, c := range clients {
			c.See(func(f *chat.Fold) {
				if got, want := Shown(t, f.Snapshot), Shown(t, snap); got != want {
					t.Errorf("%s: client %d shows\n%s\nthe snapshot is\n%s", when, i, got, want)
				}
			})
		}
	}
	check("after the end")
	for _, c := range clients {
		c.Close()
	}
	before := len(want)
	for events := before; events >= before/2; { // folding comes a minute after the end
		time.Sleep(time.Second) // the log of another process
		events = countEvents(t, p, s, want[len(want)-1])
	}
	check("after folding")
	late := p.Watch(t.Context(), s)
	late.See(func(f *chat.Fold) {
		if got, want := Shown(t, f.Snapshot), Shown(t, p.Snapshot(s)); got != want {
			t.Errorf("a new client shows\n%s\nthe snapshot is\n%s", got, want)
		}
	})
	late.Close()
}

// countEvents reads the log of a session from its beginning to the event last.
func countEvents(t *testing.T, p *Program, s chat.SessionID, last string) int {
	t.Helper()
	st, err := p.Open(t.Context(), []string{string(s)}, "0", "")
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	for n := 0; ; {
		f, err := st.Next()
		if err != nil {
			t.Fatal(err)
		}
		if _, ok, _ := f.Event(); ok {
			n++
		}
		if f.ID == last {
			return n
		}
	}
}

// Two live sessions and a client that opens and closes them at random, by the
// cursor rule of the API: what it has open is never behind.
func TestOpeningAndClosingAtRandomMissesNothing(t *testing.T) {
	answer, whole := talker(700, 8*time.Millisecond)
	p := Start(t, Options{Env: []string{"OPENAI_BASE_URL=" + Model(t, answer)}})
	ids := []chat.SessionID{p.Session("direct", "openai/scripted"), p.Session("direct", "openai/scripted")}
	turns := []chat.TurnID{p.Send(ids[0], "a"), p.Send(ids[1], "b")}

	rnd := rand.New(rand.NewPCG(3, 4))
	open := map[chat.SessionID]*chat.Fold{}
	cursor := chat.Seq(0)
	rounds := 0
	for deadline := time.Now().Add(60 * time.Second); ; rounds++ {
		if time.Now().After(deadline) {
			t.Fatal("the turns did not end")
		}
		toggle(p, open, ids[rnd.IntN(2)])
		if len(open) == 0 {
			continue
		}
		if tail(t, p, open, &cursor, 1+rnd.IntN(40)) == len(ids) {
			break
		}
	}
	for i, id := range ids {
		if got := TextOf(find(open[id], turns[i])); got != whole {
			t.Errorf("session %d: %d bytes of text, want %d", i, len(got), len(whole))
		}
		if got, want := Shown(t, open[id].Snapshot), Shown(t, p.Snapshot(id)); got != want {
			t.Errorf("session %d:\n%s\n%s", i, got, want)
		}
	}
	t.Logf("%d connections", rounds)
}

func toggle(p *Program, open map[chat.SessionID]*chat.Fold, id chat.SessionID) {
	if open[id] != nil {
		delete(open, id)
		return
	}
	open[id] = chat.NewFold(p.Snapshot(id))
}

// tail reads n events into what is open and returns how many of it have ended.
func tail(t *testing.T, p *Program, open map[chat.SessionID]*chat.Fold, cursor *chat.Seq, n int) int {
	t.Helper()
	var names []string
	after := *cursor
	for id, f := range open {
		names = append(names, string(id))
		if after == 0 || f.Seq < after {
			after = f.Seq
		}
	}
	st, err := p.Open(t.Context(), names, fmt.Sprint(after), "")
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	for n > 0 {
		ended := 0
		for _, f := range open {
			if len(f.Turns) > 0 && f.Turns[len(f.Turns)-1].State.Ended() {
				ended++
			}
		}
		if ended == len(open) {
			return ended
		}
		f, err := st.Next()
		if err != nil {
			t.Fatal(err)
		}
		e, ok, err := f.Event()
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			continue
		}
		n--
		*cursor = max(*cursor, e.Seq)
		if fold := open[e.Session]; fold != nil {
			if err := fold.Apply(e); err != nil {
				t.Fatalf("%s at %d (session covers %d): %v", chat.KindOf(e.Body), e.Seq, fold.Seq, err)
			}
		}
	}
	return 0
}

func TestAHundredIdenticalRequestsMakeOneTurn(t *testing.T) {
	answer, _ := talker(3, time.Millisecond)
	p := Start(t, Options{Env: []string{"OPENAI_BASE_URL=" + Model(t, answer)}})
	s := p.Session("direct", "openai/scripted")
	turn := chat.NewID(chat.PrefixTurn)
	var wg sync.WaitGroup
	got := make([]int, 100)
	for i := range got {
		wg.Go(func() {
			a, err := p.Try(t.Context(), "POST", "/api/sessions/"+string(s)+"/turns", map[string]any{"id": turn, "text": "once"})
			if err != nil {
				t.Error(err)
			}
			got[i] = a.Status
		})
	}
	wg.Wait()
	slices.Sort(got)
	if got[0] != 200 || got[98] != 200 || got[99] != 202 {
		t.Errorf("statuses: %v", got)
	}
	p.Ended(s, chat.TurnID(turn))
	if snap := p.Snapshot(s); len(snap.Turns) != 1 || len(snap.Queue.Turns) != 0 {
		t.Errorf("%d turns, %d queued", len(snap.Turns), len(snap.Queue.Turns))
	}

	other := p.Session("direct", "openai/scripted")
	reused := func(session chat.SessionID, text string) Answer {
		return p.Do(409, "POST", "/api/sessions/"+string(session)+"/turns", map[string]any{"id": turn, "text": text})
	}
	for _, a := range []Answer{reused(other, "once"), reused(s, "twice")} {
		var problem struct{ Code string }
		a.Into(t, &problem)
		if problem.Code != "id_reused" {
			t.Errorf("code %q", problem.Code)
		}
	}
	p.Do(200, "DELETE", "/api/sessions/"+string(s), nil)
	p.Do(410, "POST", "/api/sessions/"+string(s)+"/turns", map[string]any{"id": chat.NewID(chat.PrefixTurn), "text": "late"})
}
