package store_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"hermes-webui/server/chat"
	"hermes-webui/server/store"
)

// world makes random events that could have happened.
type world struct {
	t        *testing.T
	s        *store.Store
	rnd      *rand.Rand
	sessions []*chatter
}

// chatter is what the generator knows of a session.
type chatter struct {
	id      chat.SessionID
	queue   []chat.TurnID
	live    chat.TurnID
	parts   []*openPart
	asks    []chat.AskID
	started []chat.TurnID
	head    *chat.TurnID
	kids    map[chat.TurnID][]chat.TurnID // variants by parent; "" is the root
}

type openPart struct {
	id     chat.PartID
	stream chat.Stream
	at     int
}

func newWorld(t *testing.T, s *store.Store, seed uint64) *world {
	return &world{t: t, s: s, rnd: rand.New(rand.NewPCG(seed, seed))}
}

func (w *world) steps(n int) {
	for range n {
		if len(w.sessions) == 0 || len(w.sessions) < 6 && w.rnd.IntN(50) == 0 {
			w.sessions = append(w.sessions, &chatter{id: session(w.t, w.s), kids: map[chat.TurnID][]chat.TurnID{}})
			continue
		}
		w.step(w.sessions[w.rnd.IntN(len(w.sessions))])
	}
}

func (w *world) step(c *chatter) {
	switch n := w.rnd.IntN(20); {
	case n < 2:
		w.enqueue(c)
	case n == 2:
		w.rearrange(c)
	case n == 3:
		title := fmt.Sprintf("title %d", w.rnd.IntN(100))
		pinned := w.rnd.IntN(4) == 0
		put(w.t, w.s, c.id, "", chat.SessionChanged{Title: &title, Pinned: &pinned, Tags: &[]string{title}})
	case n == 4 && w.rnd.IntN(3) == 0:
		put(w.t, w.s, c.id, "", chat.SessionTrashed{})
		put(w.t, w.s, c.id, "", chat.SessionRestored{})
	case c.live == "":
		w.begin(c)
	case n == 5 && len(c.asks) < 2:
		ask := chat.AskID(chat.NewID(chat.PrefixAsk))
		put(w.t, w.s, c.id, c.live, chat.AskRaised{Ask: chat.Ask{ID: ask, Kind: chat.Question, Title: "which?"}})
		c.asks = append(c.asks, ask)
	case n == 6 && len(c.asks) > 0:
		put(w.t, w.s, c.id, c.live, chat.AskClosed{Ask: c.asks[0], How: chat.Answered, Text: "that"})
		c.asks = c.asks[1:]
	case n == 7:
		w.end(c)
	default:
		w.talk(c)
	}
}

func (w *world) enqueue(c *chatter) {
	turn := newTurn()
	b := chat.TurnQueued{Origin: chat.FromPerson, First: w.rnd.IntN(3) == 0, Prompt: chat.Prompt{Text: "ask " + string(turn)}}
	if len(c.started) > 0 && w.rnd.IntN(4) == 0 {
		old := c.started[w.rnd.IntN(len(c.started))]
		b.Replaces = &old
	}
	put(w.t, w.s, c.id, turn, b)
	if b.First {
		c.queue = slices.Insert(c.queue, 0, turn)
	} else {
		c.queue = append(c.queue, turn)
	}
}

func (w *world) rearrange(c *chatter) {
	if len(c.queue) == 0 {
		return
	}
	i := w.rnd.IntN(len(c.queue))
	switch w.rnd.IntN(3) {
	case 0:
		put(w.t, w.s, c.id, c.queue[i], chat.TurnEdited{Prompt: chat.Prompt{Text: "better"}})
	case 1:
		put(w.t, w.s, c.id, c.queue[i], chat.TurnWithdrawn{})
		c.queue = slices.Delete(c.queue, i, i+1)
	default:
		w.rnd.Shuffle(len(c.queue), func(i, j int) { c.queue[i], c.queue[j] = c.queue[j], c.queue[i] })
		put(w.t, w.s, c.id, "", chat.QueueChanged{Order: c.queue, Held: w.rnd.IntN(2) == 0})
	}
}

func (w *world) begin(c *chatter) {
	if len(c.started) > 1 && w.rnd.IntN(6) == 0 {
		head := c.started[w.rnd.IntN(len(c.started))]
		put(w.t, w.s, c.id, "", chat.HeadMoved{Head: &head})
		c.head = &head
	}
	if len(c.queue) == 0 {
		return
	}
	turn := c.queue[0]
	key := chat.TurnID("")
	if c.head != nil {
		key = *c.head
	}
	c.queue, c.live = c.queue[1:], turn
	c.kids[key] = append(c.kids[key], turn)
	put(w.t, w.s, c.id, turn, chat.TurnStarted{Parent: c.head, Variants: c.kids[key], Agent: "demo", Model: "m"})
	c.started, c.head = append(c.started, turn), &turn
}

func (w *world) end(c *chatter) {
	states := []chat.TurnState{chat.Done, chat.Stopped, chat.Failed, chat.Interrupted}
	put(w.t, w.s, c.id, c.live, chat.TurnEnded{State: states[w.rnd.IntN(len(states))]})
	c.live, c.parts, c.asks = "", nil, nil
}

var scraps = []string{"a", "word ", "ünï", "😀", "👩‍👩‍👧", "\n", "e\u0301", "日本"}

func (w *world) talk(c *chatter) {
	if len(c.parts) == 0 || w.rnd.IntN(6) == 0 {
		w.openPart(c)
		return
	}
	p := c.parts[w.rnd.IntN(len(c.parts))]
	n := w.rnd.IntN(12)
	switch {
	case n == 0:
		put(w.t, w.s, c.id, c.live, chat.UsageReported{Usage: chat.Usage{Output: w.rnd.Int64N(99)}})
	case n == 1 && p.stream == chat.Out:
		put(w.t, w.s, c.id, c.live, chat.ToolUpdated{Part: p.id, State: chat.ToolRunning, Title: scraps[w.rnd.IntN(len(scraps))]})
	case n == 2 && p.stream == chat.Out:
		put(w.t, w.s, c.id, c.live, chat.OutputSkipped{Part: p.id, At: p.at, Bytes: w.rnd.Int64N(99)})
	case n == 3: // after a re-attach the text is said again from its beginning
		p.at = 0
		fallthrough
	default:
		text := scraps[w.rnd.IntN(len(scraps))]
		put(w.t, w.s, c.id, c.live, chat.TextAppended{Part: p.id, Stream: p.stream, At: p.at, Text: text})
		p.at += chat.UTF16Len(text)
	}
}

func (w *world) openPart(c *chatter) {
	p := &openPart{id: newPart(), stream: chat.Main}
	base := chat.PartBase{ID: p.id}
	var part chat.Part
	switch w.rnd.IntN(3) {
	case 0:
		part = &chat.Text{PartBase: base}
	case 1:
		part = &chat.Reasoning{PartBase: base}
	default:
		part, p.stream = &chat.ToolCall{PartBase: base, Name: "ls", State: chat.ToolPending}, chat.Out
	}
	put(w.t, w.s, c.id, c.live, chat.PartOpened{Part: part})
	c.parts = append(c.parts, p)
}
