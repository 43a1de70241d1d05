package find_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"hermes-webui/server/chat"
	"hermes-webui/server/find"
	"hermes-webui/server/store"
)

// book is a session in a real log.
type book struct {
	tb   testing.TB
	s    *store.Store
	id   chat.SessionID
	head *chat.TurnID
}

func open(tb testing.TB, opts store.Options) *store.Store {
	tb.Helper()
	if opts.FoldAfter == 0 {
		opts.FoldAfter = time.Hour
	}
	s, err := store.Open(tb.Context(), tb.TempDir(), opts)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = s.Close() })
	return s
}

func newBook(tb testing.TB, s *store.Store) *book {
	b := &book{tb: tb, s: s, id: chat.SessionID(chat.NewID(chat.PrefixSession))}
	b.put("", chat.SessionCreated{Agent: "demo"})
	return b
}

func (b *book) put(turn chat.TurnID, bodies ...chat.Body) {
	b.tb.Helper()
	if _, err := b.s.Append(b.tb.Context(), b.id, turn, nil, bodies...); err != nil {
		b.tb.Fatal(err)
	}
}

// turn adds one on the head, or beside it, with these parts; it stays live.
func (b *book) turn(parent *chat.TurnID, prompt string, parts ...chat.Part) chat.TurnID {
	b.tb.Helper()
	id := chat.TurnID(chat.NewID(chat.PrefixTurn))
	bodies := []chat.Body{
		chat.TurnQueued{Origin: chat.FromPerson, Parent: parent, Prompt: chat.Prompt{Text: prompt}},
		chat.TurnStarted{Parent: parent, Variants: []chat.TurnID{id}, Agent: "demo"},
	}
	for _, p := range parts {
		p.Common().ID = chat.PartID(chat.NewID(chat.PrefixPart))
		bodies = append(bodies, chat.PartOpened{Part: p}, chat.PartClosed{Part: p.Common().ID})
	}
	b.put(id, bodies...)
	b.head = &id
	return id
}

func (b *book) ended(parent *chat.TurnID, prompt string, parts ...chat.Part) chat.TurnID {
	b.tb.Helper()
	id := b.turn(parent, prompt, parts...)
	b.put(id, chat.TurnEnded{State: chat.Done})
	return id
}

func (b *book) find(words string, limit int) find.Found {
	b.tb.Helper()
	found, err := find.In(b.tb.Context(), b.s, b.id, words, limit)
	if err != nil {
		b.tb.Fatal(err)
	}
	return found
}

// want checks where the words stand: "turn/place/offset" of each hit.
func (b *book) want(words string, want ...string) {
	b.tb.Helper()
	found := b.find(words, find.MaxHits)
	got := make([]string, len(found.Items))
	for i, h := range found.Items {
		got[i] = fmt.Sprintf("%s/%s/%d", h.Turn, h.In, h.At)
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		b.tb.Fatalf("%q is at %v, want %v", words, got, want)
	}
	if found.Total != len(want) || found.More {
		b.tb.Fatalf("%q: total %d, more %v", words, found.Total, found.More)
	}
}

func text(s string) chat.Part { return &chat.Text{Text: chat.SpanOf(s)} }

func TestEveryTextOfAShownTurnIsSearchedInItsOrder(t *testing.T) {
	b := newBook(t, open(t, store.Options{}))
	first := b.ended(nil, "a Needle 😀 needle",
		&chat.Reasoning{Text: chat.SpanOf("think needle")},
		&chat.ToolCall{Name: "shell", Title: "Run needle", Out: chat.SpanOf("out: 😀needle")},
		&chat.ToolCall{Name: "read_file", Args: []byte(`{"limit":3,"path":"needle.go"}`)},
		&chat.ToolCall{Name: "odd", Args: []byte(`["needle"]`)},
		&chat.Subagent{Title: "needle help", Task: "needle", Summary: "no needle"},
		&chat.Notice{Text: "a needle was seen"},
		&chat.File{Name: "needle.png", Path: "/needle"},
		&chat.Plan{Items: []chat.PlanItem{{Text: "needle"}}},
		text("the **needle**"),
	)
	second := b.ended(b.head, "nothing")
	third := b.ended(b.head, "needle")
	at := func(turn chat.TurnID, places ...string) (all []string) {
		for _, p := range places {
			all = append(all, string(turn)+"/"+p)
		}
		return all
	}
	b.want("needle", append(at(first, "prompt/2", "prompt/12", "text/6", "title/4", "output/7", "title/0", "title/0", "text/3",
		"text/2", "title/0", "text/6"), at(third, "prompt/0")...)...)
	b.want("NOTHING", at(second, "prompt/0")...)
	b.want("absent")

	h := b.find("a needle 😀", 1).Items[0]
	if h.Part != nil || h.Before != "" || h.Match != "a Needle 😀" || h.After != " needle" {
		t.Fatalf("hit %+v", h)
	}
	if h := b.find("the needle", 1).Items[0]; h.At != 0 || h.Match != "the **needle" {
		t.Fatalf("hit %+v", h) // what is drawn is found
	}
	if h := b.find("**needle", 1).Items[0]; h.Part == nil || h.Before != "the " {
		t.Fatalf("hit %+v", h)
	}
}

func TestWhatIsNotShownIsNotFoundAndWhatAForkShowsIs(t *testing.T) {
	b := newBook(t, open(t, store.Options{}))
	root := b.ended(nil, "root word")
	other := b.ended(&root, "other word")
	shown := b.ended(&root, "shown word")
	b.want("word", string(root)+"/prompt/5", string(shown)+"/prompt/6")
	b.put("", chat.HeadMoved{Head: &other})
	b.want("word", string(root)+"/prompt/5", string(other)+"/prompt/6")

	fork := newBook(t, b.s)
	fork.put("", chat.SessionForked{From: chat.Ref{Session: b.id, Turn: other}})
	own := fork.ended(&other, "own word")
	fork.want("word", string(root)+"/prompt/5", string(other)+"/prompt/6", string(own)+"/prompt/4")
	b.want("own")
	b.put("", chat.HeadMoved{Head: nil})
	b.want("word")
}

func TestALiveTextIsFoundAcrossItsPiecesAndAfterFolding(t *testing.T) {
	b := newBook(t, open(t, store.Options{FoldAfter: time.Millisecond}))
	id := b.turn(nil, "go")
	part := chat.PartID(chat.NewID(chat.PrefixPart))
	b.put(id, chat.PartOpened{Part: &chat.Text{PartBase: chat.PartBase{ID: part}}},
		chat.TextAppended{Part: part, Stream: chat.Main, Text: "😀 hay nee"}, chat.TextAppended{Part: part, Stream: chat.Main, At: 10, Text: "dle hay"})
	want := string(id) + "/text/7"
	b.want("needle", want)
	b.put(id, chat.PartClosed{Part: part}, chat.TurnEnded{State: chat.Done})
	cursor := b.find("needle", 1).Seq
	for range 2000 { // until the pieces are one, and whenever we look in between
		b.want("needle", want)
		events, err := b.s.After(t.Context(), 0, chat.Filter{Sessions: []chat.SessionID{b.id}}, 100)
		if err != nil {
			t.Fatal(err)
		}
		pieces := 0
		for _, e := range events {
			if _, ok := e.Body.(chat.TextAppended); ok {
				pieces++
			}
		}
		if pieces == 1 {
			if b.find("needle", 1).Seq != cursor {
				t.Fatal("folding moved the seq")
			}
			return
		}
	}
	t.Fatal("the turn was never folded")
}

func TestTooManyHitsEndAtTheNewest(t *testing.T) {
	b := newBook(t, open(t, store.Options{}))
	b.ended(nil, "x old")
	b.ended(b.head, "middle", text(strings.Repeat("x ", find.MaxHits+500)))
	b.ended(b.head, "x x last")
	found := b.find("x", 3)
	if found.Total != find.MaxHits || !found.More || len(found.Items) != 3 {
		t.Fatalf("total %d, more %v, %d items", found.Total, found.More, len(found.Items))
	}
	if found.Items[0].At != 2*(find.MaxHits+499) || found.Items[2].At != 2 || found.Items[2].In != find.Prompt {
		t.Fatalf("items %+v", found.Items)
	}
	exact := newBook(t, b.s)
	exact.ended(nil, "no", text(strings.Repeat("y ", find.MaxHits)))
	if found := exact.find("y", 1); found.Total != find.MaxHits || found.More {
		t.Fatalf("total %d, more %v", found.Total, found.More)
	}
	exact.ended(exact.head, "y")
	if found := exact.find("y", 1); found.Total != find.MaxHits || !found.More {
		t.Fatalf("one too many: total %d, more %v", found.Total, found.More)
	}
}

func TestALongPathIsReadWhole(t *testing.T) {
	b := newBook(t, open(t, store.Options{}))
	first := b.ended(nil, "the first needle")
	for range 100 {
		b.ended(b.head, "hay")
	}
	b.want("needle", string(first)+"/prompt/10")
	if n := b.find("hay", 10); n.Total != 100 || len(n.Items) != 10 || n.Items[9].Turn != *b.head {
		t.Fatalf("found %+v", n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := find.In(ctx, b.s, b.id, "hay", 10); err != context.Canceled {
		t.Fatalf("cancelled: %v", err)
	}
}

// A session of 2,000 messages: 1,000 prompts and as many answers, half of them
// with tool calls.
func BenchmarkFindIn2000Messages(b *testing.B) {
	for _, folded := range []bool{true, false} {
		name := map[bool]string{true: "folded", false: "fresh"}[folded]
		b.Run(name, func(b *testing.B) {
			s := open(b, store.Options{})
			book := newBook(b, s)
			prose := strings.Repeat("The quick brown fox jumps over the lazy dog, and “then” some more. ", 22)
			for i := range 1000 {
				book.long(i, prose, folded)
			}
			b.ReportAllocs()
			for b.Loop() {
				if found := book.find("needle", find.MaxHits); found.Total != 10 {
					b.Fatalf("found %d", found.Total)
				}
			}
		})
	}
}

func (b *book) long(i int, prose string, folded bool) {
	if i%100 == 0 {
		prose += "needle"
	}
	var parts []chat.Part
	if i%2 == 0 {
		parts = append(parts, &chat.ToolCall{Name: "shell", Title: "go test ./...", Out: chat.SpanOf(strings.Repeat("ok  \thermes-webui/server\t0.2s\n", 60))})
	}
	id := b.turn(b.head, fmt.Sprintf("question %d", i), parts...)
	part := chat.PartID(chat.NewID(chat.PrefixPart))
	bodies := []chat.Body{chat.PartOpened{Part: &chat.Text{PartBase: chat.PartBase{ID: part}}}}
	step, at := len(prose), 0
	if !folded {
		step = 60
	}
	for rest := []rune(prose); len(rest) > 0; {
		piece := string(rest[:min(step, len(rest))])
		rest = rest[min(step, len(rest)):]
		bodies = append(bodies, chat.TextAppended{Part: part, Stream: chat.Main, At: at, Text: piece})
		at += chat.UTF16Len(piece)
	}
	b.put(id, append(bodies, chat.PartClosed{Part: part}, chat.TurnEnded{State: chat.Done})...)
}
