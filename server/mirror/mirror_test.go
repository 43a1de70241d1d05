package mirror_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
	"hermes-webui/server/mirror"
	"hermes-webui/server/store"
	"hermes-webui/server/turn"
)

// hermes is the agent over its memory: it keeps its own history and answers
// "re: " and the prompt.
type hermes struct {
	*memory
	rotate string // the id that the next turn goes on under, once
	keep   string // what it makes of the next prompt, once
	amid   string // what another program says in the middle of the next turn, once
	opened atomic.Int32
}

func (h driver) Describe(context.Context) (agent.Info, error) {
	return agent.Info{ID: "hermes", Ready: true, Can: agent.Abilities{Rewind: agent.RewindTruncate}}, nil
}

func (h driver) Open(_ context.Context, s chat.Session, out func(agent.Step) error) (agent.Conn, error) {
	h.opened.Add(1)
	return &conn{h: h.hermes, s: s, out: out}, nil
}

// driver drives it.
type driver struct{ *hermes }

type conn struct {
	h   *hermes
	s   chat.Session
	out func(agent.Step) error
	id  string
}

func (c *conn) Start(_ context.Context, t agent.Task) error {
	if c.id == "" && len(c.s.Stored) > 0 {
		c.id = c.s.Stored[len(c.s.Stored)-1]
	}
	if c.id == "" {
		c.id = c.h.begin("own-"+string(t.Turn), "webui", "")
	}
	c.h.rewind(c.id, t.History)
	prompt := t.Prompt.Text
	if c.h.keep != "" {
		prompt, c.h.keep = c.h.keep, ""
	}
	c.h.write(c.id, "user", prompt)
	if c.h.rotate != "" {
		c.h.compress(c.id, 3, c.h.rotate)
		c.id, c.h.rotate = c.h.rotate, ""
	}
	if c.h.amid != "" {
		c.h.exchange(c.id, c.h.amid)
		c.h.amid = ""
	}
	c.h.write(c.id, "assistant", "re: "+t.Prompt.Text)
	go c.speak(t)
	return nil
}

// rewind follows the head: what the history has not is taken back.
func (h *hermes) rewind(id string, history iter.Seq[*chat.Turn]) {
	n := 0
	for range history {
		n++
	}
	h.mu.Lock()
	seen := 0
	for _, r := range h.rows {
		if slices.Contains(h.lineage(id).IDs, r.session) && r.Begins && !r.Summary && r.copyOf == 0 && (r.active || r.compacted) {
			seen++
		}
	}
	h.mu.Unlock()
	if seen > n {
		h.truncate(id, h.prompts(id)-(seen-n))
	}
}

func (c *conn) speak(t agent.Task) {
	p := chat.PartID(chat.NewID(chat.PrefixPart))
	for _, b := range []agent.StepBody{
		agent.Stored{ID: c.id}, agent.Open{Part: &chat.Text{PartBase: chat.PartBase{ID: p}}},
		agent.Append{Part: p, Stream: chat.Main, At: -1, Text: "re: " + t.Prompt.Text}, agent.Close{Part: p}, agent.Ended{State: chat.Done},
	} {
		_ = c.out(agent.Step{Turn: t.Turn, Body: b})
	}
}

func (c *conn) Answer(context.Context, chat.AskID, agent.Answer) error { return nil }
func (c *conn) Steer(context.Context, string) error                    { return agent.ErrCannot }
func (c *conn) Stop(context.Context) error                             { return nil }
func (c *conn) Close() error                                           { return nil }

func (h driver) Delete(_ context.Context, s chat.Session) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lineages = slices.DeleteFunc(h.lineages, func(l *mirror.Lineage) bool { return slices.Contains(s.Stored, l.IDs[0]) })
	return nil
}

type roster struct{ h *hermes }

func (r roster) Driver(id string) (agent.Driver, bool) { return driver{r.h}, id == "hermes" }
func (r roster) Default() string                       { return "hermes" }

// house is a desk over a store and an agent with a memory of its own.
type house struct {
	t       *testing.T
	dir     string
	hermes  *hermes
	store   *store.Store
	mirror  *mirror.Mirror
	reader  mirror.Reader
	desk    *turn.Desk
	changes chan mirror.Change
	ours    chan chat.SessionID
	stop    context.CancelFunc
	done    chan struct{}
}

func newHouse(t *testing.T) *house {
	h := &house{t: t, dir: t.TempDir(), hermes: &hermes{memory: newMemory()}}
	h.start()
	t.Cleanup(h.end)
	return h
}

func (h *house) start() {
	h.t.Helper()
	var err error
	h.store, err = store.Open(context.Background(), h.dir, store.Options{FoldAfter: time.Hour})
	h.ok(err)
	h.changes, h.ours = make(chan mirror.Change, 1000), make(chan chat.SessionID, 1000)
	h.mirror = mirror.New(mirror.Config{
		Agent: "hermes", Store: h.store, Pause: time.Millisecond,
		Changed: func(c mirror.Change) { h.changes <- c }, Ours: func(id chat.SessionID) { h.ours <- id },
	})
	h.mirror.Add("", h.hermes.memory)
	h.reader = h.mirror.Over(h.store)
	h.desk, err = turn.Open(context.Background(), turn.Config{
		Log: h.store, Reader: h.reader, Agents: roster{h.hermes}, Elsewhere: h.mirror, Kept: h.store,
		Files: func(chat.BlobID) string { return "" },
	})
	h.ok(err)
	ctx, cancel := context.WithCancel(context.Background())
	h.stop, h.done = cancel, make(chan struct{})
	go func() { defer close(h.done); h.mirror.Run(ctx) }()
}

func (h *house) end() {
	h.t.Helper()
	h.stop()
	<-h.done
	h.ok(h.desk.Close(context.Background()))
	h.ok(h.store.Close())
}

func (h *house) ok(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func receive[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(20 * time.Second):
		t.Fatal("nothing came")
		panic("not reached")
	}
}

// seen waits until the list has a session as the agent has it now.
func (h *house) seen(root string) chat.SessionID {
	h.t.Helper()
	id := chat.ForeignID("", root)
	for {
		h.hermes.mu.Lock()
		is := chat.At(h.hermes.lineage(root).Updated)
		h.hermes.mu.Unlock()
		if s, _, err := h.reader.Session(h.t.Context(), id); err == nil && s.UpdatedAt == is {
			return id
		}
		receive(h.t, h.changes)
	}
}

// gone waits until the list has a session no more.
func (h *house) gone(id chat.SessionID) {
	h.t.Helper()
	for {
		if _, _, err := h.reader.Session(h.t.Context(), id); fault.CodeOf(err) == fault.CodeNoSession {
			return
		}
		receive(h.t, h.changes)
	}
}

func (h *house) session(id chat.SessionID) chat.Session {
	h.t.Helper()
	s, _, err := h.reader.Session(h.t.Context(), id)
	h.ok(err)
	return s
}

func (h *house) snapshot(id chat.SessionID) chat.Snapshot {
	h.t.Helper()
	snap, err := h.reader.Snapshot(h.t.Context(), id, "", 100)
	h.ok(err)
	return snap
}

// send does a turn of ours to its end.
func (h *house) send(id chat.SessionID, text string, more ...func(*turn.NewTurn)) chat.TurnID {
	h.t.Helper()
	n := turn.NewTurn{ID: chat.TurnID(chat.NewID(chat.PrefixTurn)), Text: text}
	for _, f := range more {
		f(&n)
	}
	_, err := h.desk.Send(h.t.Context(), id, n)
	h.ok(err)
	h.ended(id, n.ID)
	return n.ID
}

func (h *house) ended(id chat.SessionID, turn chat.TurnID) {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), 20*time.Second)
	defer cancel()
	f := chat.Filter{Sessions: []chat.SessionID{id}}
	for after := chat.Seq(0); ; {
		events, err := h.store.After(ctx, after, f, 1000)
		h.ok(err)
		for _, e := range events {
			if b, ok := e.Body.(chat.TurnEnded); ok && e.Turn == turn {
				if b.State != chat.Done {
					h.t.Fatalf("the turn ended as %s: %+v", b.State, b.Error)
				}
				return
			}
			after = e.Seq
		}
		if len(events) == 0 {
			h.ok(h.store.Bell().Wait(ctx, after, f))
		}
	}
}

// want checks that each message of these turns is there once, in order, in all
// that shows them.
func (h *house) want(id chat.SessionID, prompts ...string) {
	h.t.Helper()
	snap := h.snapshot(id)
	var got []string
	for _, t := range snap.Turns {
		got = append(got, t.Prompt.Text)
		if len(t.Parts) != 1 || t.Parts[0].(*chat.Text).Text.String() != "re: "+t.Prompt.Text {
			h.t.Errorf("%q was answered %d times, or otherwise", t.Prompt.Text, len(t.Parts))
		}
	}
	if !slices.Equal(got, prompts) {
		h.t.Fatalf("shown %q\nwant  %q", got, prompts)
	}
	var walked []string
	_, err := h.reader.Walk(h.t.Context(), id, func(t *chat.Turn) bool { walked = append(walked, t.Prompt.Text); return true })
	h.ok(err)
	path, _, err := h.reader.Path(h.t.Context(), id)
	h.ok(err)
	slices.Reverse(walked)
	if !slices.Equal(walked, prompts) || len(path) != len(prompts) {
		h.t.Fatalf("walked %q, a path of %d", walked, len(path))
	}
	for i := 1; i < len(snap.Turns); i++ {
		if p := snap.Turns[i].Parent; p == nil || *p != snap.Turns[i-1].ID {
			h.t.Fatalf("turn %d does not follow the one before", i)
		}
	}
}

func TestAForeignSessionIsShownFromTheAgentsMemory(t *testing.T) {
	h := newHouse(t)
	h.hermes.begin("s1", "telegram", "Trip")
	for _, p := range []string{"one", "two", "three"} {
		h.hermes.exchange("s1", p)
	}
	id := h.seen("s1")
	s := h.session(id)
	if s.Foreign != chat.Mirrored || s.Source != "telegram" || s.Title != "Trip" || s.Agent != "hermes" || s.Head != nil {
		t.Fatalf("got %+v", s)
	}
	h.want(id, "one", "two", "three")
	snap, err := h.reader.Snapshot(t.Context(), id, "", 2)
	h.ok(err)
	if len(snap.Turns) != 2 || snap.Before == nil || *snap.Before != snap.Turns[0].ID || *snap.Session.Head != snap.Turns[1].ID || snap.Turns[0].Parent == nil {
		t.Fatalf("got %d turns, before %v", len(snap.Turns), snap.Before)
	}
	snap, err = h.reader.Snapshot(t.Context(), id, *snap.Before, 2)
	h.ok(err)
	if len(snap.Turns) != 1 || snap.Before != nil || snap.Turns[0].Prompt.Text != "one" {
		t.Fatalf("the first page has %d turns", len(snap.Turns))
	}
	if h.store.Newest() != 0 {
		t.Error("looking wrote to the log")
	}
	// It goes on there: one change, and the page reads again.
	h.hermes.exchange("s1", "four")
	h.seen("s1")
	h.want(id, "one", "two", "three", "four")
	if s := h.session(id); s.EndedSeq <= s.ReadSeq {
		t.Error("what is new is not unread")
	}
}

func TestWhatIsAddedToAForeignSessionStaysThroughChangesThere(t *testing.T) {
	h := newHouse(t)
	h.hermes.begin("s1", "cli", "Trip")
	h.hermes.exchange("s1", "one")
	id := h.seen("s1")
	yes, title := true, "Mine"
	_, _, err := h.desk.Change(t.Context(), id, chat.SessionChanged{Pinned: &yes, Tags: &[]string{"a"}})
	h.ok(err)
	_, _, err = h.desk.Change(t.Context(), id, chat.SessionChanged{Title: &title})
	h.ok(err)
	profile := "other"
	if _, _, err := h.desk.Change(t.Context(), id, chat.SessionChanged{Profile: &profile}); fault.CodeOf(err) != fault.CodeProfileFixed {
		t.Errorf("another profile: %v", err)
	}
	h.hermes.exchange("s1", "two")
	h.seen("s1")
	h.end()
	h.start()
	s := h.session(id)
	if s.Foreign != chat.Kept || !s.Pinned || s.Title != "Mine" || !slices.Equal(s.Tags, []string{"a"}) {
		t.Fatalf("got %+v", s)
	}
	h.want(id, "one", "two")
	// Hidden here, it is neither listed nor lost there.
	_, err = h.desk.Trash(t.Context(), id)
	h.ok(err)
	page, err := h.reader.Sessions(t.Context(), chat.Query{Limit: 9})
	h.ok(err)
	if len(page.Items) != 0 || len(h.hermes.lineages) != 1 {
		t.Errorf("%d listed, %d there", len(page.Items), len(h.hermes.lineages))
	}
	_, err = h.desk.Restore(t.Context(), id)
	h.ok(err)
	_, err = h.desk.Delete(t.Context(), id)
	h.ok(err)
	if _, _, err := h.reader.Session(t.Context(), id); fault.CodeOf(err) != fault.CodePurged || len(h.hermes.lineages) != 0 {
		t.Errorf("deleted there: %v, %d left", err, len(h.hermes.lineages))
	}
}

func TestASessionThatIsGoneThereLeavesTheList(t *testing.T) {
	h := newHouse(t)
	h.hermes.begin("s1", "cli", "Trip")
	h.hermes.exchange("s1", "one")
	id := h.seen("s1")
	h.ok(driver{h.hermes}.Delete(t.Context(), h.session(id)))
	h.hermes.changed <- struct{}{}
	h.gone(id)
}

// Both sides speak in turn; every message is there once and in order, whatever
// the agent does to its rows.
func TestBothSidesSpeakInTurn(t *testing.T) {
	h := newHouse(t)
	h.hermes.begin("s1", "cli", "Trip")
	h.hermes.exchange("s1", "one")
	h.hermes.exchange("s1", "yes")
	id := h.seen("s1")
	before := h.snapshot(id).Turns

	h.send(id, "three") // adopts
	h.want(id, "one", "yes", "three")
	if s := h.session(id); s.Foreign != chat.Ours || s.Source != "cli" || !slices.Equal(s.Stored, []string{"s1"}) {
		t.Fatalf("got %+v", s)
	}
	if now := h.snapshot(id).Turns; now[0].ID != before[0].ID || now[1].Parts[0].Common().ID != before[1].Parts[0].Common().ID {
		t.Error("what was shown has other ids now")
	}

	h.hermes.exchange("s1", "four")
	h.ok(h.desk.Align(t.Context(), id))
	h.ok(h.desk.Align(t.Context(), id)) // twice is once
	h.want(id, "one", "yes", "three", "four")

	four := h.session(id).Head
	h.send(id, "4", func(n *turn.NewTurn) { n.Replaces = four }) // an edit
	h.want(id, "one", "yes", "three", "4")

	h.hermes.exchange("s1", "five")
	h.send(id, "yes") // with news on the way
	h.want(id, "one", "yes", "three", "4", "five", "yes")

	path, _, err := h.reader.Path(t.Context(), id)
	h.ok(err)
	_, err = h.desk.MoveHead(t.Context(), id, &path[4].ID) // undo
	h.ok(err)
	h.send(id, "six")
	h.want(id, "one", "yes", "three", "4", "five", "six")

	h.hermes.compress("s1", 3, "") // in place, by the other program
	h.hermes.exchange("s1", "yes")
	h.ok(h.desk.Align(t.Context(), id))
	h.want(id, "one", "yes", "three", "4", "five", "six", "yes")

	h.hermes.rotate = "s2" // in the middle of a turn of ours
	h.send(id, "seven")
	h.ok(h.desk.Align(t.Context(), id))
	h.want(id, "one", "yes", "three", "4", "five", "six", "yes", "seven")
	if s := h.session(id); s.Stored[len(s.Stored)-1] != "s2" {
		t.Errorf("stored %q", s.Stored)
	}

	h.hermes.exchange("s1", "yes")
	h.hermes.compress("s1", 4, "s3") // a new id, by the other program
	h.hermes.exchange("s1", "eight")
	h.send(id, "nine")
	h.want(id, "one", "yes", "three", "4", "five", "six", "yes", "seven", "yes", "eight", "nine")

	nine := h.session(id).Head
	h.send(id, "9", func(n *turn.NewTurn) { n.Replaces = nine }) // an edit, after compressions
	h.want(id, "one", "yes", "three", "4", "five", "six", "yes", "seven", "yes", "eight", "9")
	h.ok(h.desk.Align(t.Context(), id))
	h.hermes.truncate("s1", h.hermes.prompts("s1")-1) // an edit there
	h.hermes.exchange("s1", "neun")
	h.ok(h.desk.Align(t.Context(), id))
	h.want(id, "one", "yes", "three", "4", "five", "six", "yes", "seven", "yes", "eight", "9", "neun")

	h.hermes.undo("s1", h.hermes.prompts("s1")-1) // an undo there takes nothing here
	h.hermes.keep = "[context]\nten\n[end]"
	h.send(id, "ten")
	h.hermes.keep = "something else"
	h.send(id, "eleven")
	h.hermes.exchange("s1", "twelve")
	h.end()
	h.start()
	h.ok(h.desk.Align(t.Context(), id))
	h.want(id, "one", "yes", "three", "4", "five", "six", "yes", "seven", "yes", "eight", "9", "neun", "ten", "eleven", "twelve")
}

func TestAnEditOfATurnThatOnlyTheAgentHasAdoptsIt(t *testing.T) {
	h := newHouse(t)
	h.hermes.begin("s1", "cli", "")
	h.hermes.exchange("s1", "one")
	h.hermes.exchange("s1", "two")
	id := h.seen("s1")
	two := h.snapshot(id).Turns[1].ID
	h.send(id, "zwei", func(n *turn.NewTurn) { n.Replaces = &two })
	h.want(id, "one", "zwei")
	if v := h.snapshot(id).Turns[1].Variants; len(v) != 2 {
		t.Errorf("variants %v", v)
	}
	h.hermes.begin("s2", "cli", "")
	h.hermes.exchange("s2", "a")
	h.hermes.exchange("s2", "b")
	other := h.seen("s2")
	fork, _, _, err := h.desk.Fork(t.Context(), chat.Ref{Session: other, Turn: h.snapshot(other).Turns[0].ID}, "")
	h.ok(err)
	h.want(fork.ID, "a")
	h.want(other, "a", "b")
}

func TestATurnThatRunsElsewhereIsSaidBeforeOneStartsHere(t *testing.T) {
	h := newHouse(t)
	h.hermes.begin("s1", "telegram", "")
	h.hermes.exchange("s1", "one")
	h.hermes.write("s1", "user", "two")
	id := h.seen("s1")
	n := turn.NewTurn{ID: chat.TurnID(chat.NewID(chat.PrefixTurn)), Text: "three"}
	refused := func() {
		t.Helper()
		_, err := h.desk.Send(t.Context(), id, n)
		if fault.CodeOf(err) != fault.CodeBusyElsewhere || fault.KindOf(err) != fault.Conflict {
			t.Fatalf("got %v", err)
		}
	}
	refused()
	if h.session(id).Foreign != chat.Mirrored {
		t.Error("it was adopted without a turn")
	}
	h.hermes.write("s1", "assistant", "re: two")
	h.hermes.setOpen("Somebody has it open.")
	refused()
	h.hermes.setOpen("")
	h.send(id, "three")
	h.want(id, "one", "two", "three")

	h.hermes.write("s1", "user", "four")
	n.Text = "five"
	refused()
	h.ok(h.desk.Align(t.Context(), id)) // nothing is taken by halves
	h.want(id, "one", "two", "three")
	h.hermes.write("s1", "assistant", "re: four")
	h.ok(h.desk.Align(t.Context(), id))
	h.want(id, "one", "two", "three", "four")

	h.hermes.write("s1", "user", "half")
	n.Text, n.Anyway = "six", true
	_, err := h.desk.Send(t.Context(), id, n)
	h.ok(err)
	h.ended(id, n.ID)
	if turns := h.snapshot(id).Turns; len(turns) != 6 || turns[4].Prompt.Text != "half" || turns[5].Prompt.Text != "six" {
		t.Errorf("%d turns", len(turns))
	}
}

// What an open agent has in mind of a session is old once another program has
// gone on with it.
func TestTheAgentIsOpenedAnewAfterATurnElsewhere(t *testing.T) {
	h := newHouse(t)
	h.hermes.begin("s1", "cli", "")
	h.hermes.exchange("s1", "one")
	id := h.seen("s1")
	for i, step := range []func(){
		func() { h.send(id, "two") },
		func() { h.send(id, "three") },
		func() { h.hermes.exchange("s1", "four"); h.send(id, "five") },
		func() { h.hermes.exchange("s1", "six"); h.ok(h.desk.Align(t.Context(), id)); h.send(id, "seven") },
	} {
		step()
		if n, want := h.hermes.opened.Load(), []int32{1, 1, 2, 3}[i]; n != want {
			t.Errorf("opened %d times after step %d, want %d", n, i, want)
		}
	}
	h.want(id, "one", "two", "three", "four", "five", "six", "seven")
}

// A memory that cannot be read keeps a foreign session from going on, not one
// of ours.
func TestAMemoryThatCannotBeRead(t *testing.T) {
	h := newHouse(t)
	h.hermes.begin("s1", "cli", "")
	h.hermes.exchange("s1", "one")
	h.hermes.begin("s2", "cli", "")
	h.hermes.exchange("s2", "a")
	ours, foreign := h.seen("s1"), h.seen("s2")
	h.send(ours, "two")
	broken := errors.New("broken")
	h.hermes.mu.Lock()
	h.hermes.err = broken
	h.hermes.mu.Unlock()
	h.send(ours, "three")
	if _, err := h.desk.Send(t.Context(), foreign, turn.NewTurn{Text: "b"}); !errors.Is(err, broken) {
		t.Fatalf("got %v", err)
	}
	if n := h.session(foreign).Queued; n != 0 {
		t.Errorf("%d queued", n)
	}
	h.hermes.mu.Lock()
	h.hermes.err = nil
	h.hermes.mu.Unlock()
	h.send(foreign, "b")
	h.want(foreign, "a", "b")
	h.want(ours, "one", "two", "three")
}

// What was undone here the agent may hold still. Written anew after a compression,
// by an edit elsewhere, it is neither shown again nor in the way of the rest.
func TestWhatIsWrittenAnewWithWhatWasUndoneHereIsShownOnce(t *testing.T) {
	h := newHouse(t)
	h.hermes.begin("s1", "cli", "")
	for _, p := range []string{"one", "two", "three"} {
		h.hermes.exchange("s1", p)
	}
	id := h.seen("s1")
	h.send(id, "four")
	h.ok(h.desk.Align(t.Context(), id))
	three := h.snapshot(id).Turns[2].ID
	_, err := h.desk.MoveHead(t.Context(), id, &three)
	h.ok(err)
	h.hermes.exchange("s1", "five")
	h.hermes.exchange("s1", "six")
	h.ok(h.desk.Align(t.Context(), id))
	h.hermes.compress("s1", 6, "")
	h.hermes.truncate("s1", h.hermes.prompts("s1")-1)
	h.hermes.exchange("s1", "seven")
	h.ok(h.desk.Align(t.Context(), id))
	h.want(id, "one", "two", "three", "five", "six", "seven")
	h.send(id, "eight")
	h.want(id, "one", "two", "three", "five", "six", "seven", "eight")
}

// Two programs speak at once: each answer stands at its own prompt.
func TestATurnElsewhereInTheMiddleOfOurs(t *testing.T) {
	h := newHouse(t)
	h.hermes.begin("s1", "cli", "")
	h.hermes.exchange("s1", "one")
	id := h.seen("s1")
	h.send(id, "two")
	h.hermes.amid = "four"
	h.send(id, "three")
	h.ok(h.desk.Align(t.Context(), id))
	h.want(id, "one", "two", "three", "four")
	h.send(id, "five")
	h.want(id, "one", "two", "three", "four", "five")
}
