package turn_test

import (
	"slices"
	"sync"
	"testing"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
	"hermes-webui/server/turn"
)

func TestHundredEqualRequestsMakeOneTurn(t *testing.T) {
	h := newHouse(t)
	n := turn.NewTurn{ID: chat.TurnID(chat.NewID(chat.PrefixTurn)), Text: "hello"}
	var mu sync.Mutex
	var wg sync.WaitGroup
	fresh := 0
	for range 100 {
		wg.Go(func() {
			a, err := h.desk.Send(t.Context(), h.s, n)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
			}
			if !a.Again {
				fresh++
			}
			if a.Turn.ID != n.ID || a.Seq == 0 {
				t.Errorf("got %s at %d", a.Turn.ID, a.Seq)
			}
		})
	}
	wg.Wait()
	if fresh != 1 {
		t.Errorf("%d were new", fresh)
	}
	if got := count[chat.TurnQueued](h.all()); got != 1 {
		t.Errorf("%d turns queued", got)
	}
	h.ok(h.task().done())
	h.wantEnd(n.ID, chat.Done)
}

func TestOneIDInTwoSessionsAtOnceMakesOneTurn(t *testing.T) {
	h := newHouse(t)
	other, _, _, err := h.desk.Create(t.Context(), turn.NewSession{})
	h.ok(err)
	n := turn.NewTurn{ID: chat.TurnID(chat.NewID(chat.PrefixTurn)), Text: "hello"}
	errs := make(chan error, 2)
	for _, s := range []chat.SessionID{h.s, other.ID} {
		go func() { _, err := h.desk.Send(t.Context(), s, n); errs <- err }()
	}
	a, b := receive(t, errs), receive(t, errs)
	if a == nil {
		a, b = b, a
	}
	if b != nil {
		t.Fatal("both were refused")
	}
	h.code(a, fault.CodeIDReused)
}

func TestSendAgain(t *testing.T) {
	h := newHouse(t)
	other, _, _, err := h.desk.Create(t.Context(), turn.NewSession{})
	h.ok(err)
	k := h.begin("hello")
	same := turn.NewTurn{ID: k.Turn, Text: "hello", WhenBusy: turn.Interrupt}
	a, err := h.desk.Send(t.Context(), h.s, same)
	h.ok(err)
	if !a.Again || a.Turn.State != chat.Running {
		t.Errorf("got %+v", a)
	}
	h.ok(k.done())
	h.wantEnd(k.Turn, chat.Done)
	if a, err = h.desk.Send(t.Context(), h.s, same); err != nil || a.Turn.State != chat.Done {
		t.Errorf("after the end: %+v, %v", a, err)
	}

	_, err = h.desk.Send(t.Context(), h.s, turn.NewTurn{ID: k.Turn, Text: "other"})
	h.code(err, fault.CodeIDReused)
	_, err = h.desk.Send(t.Context(), h.s, turn.NewTurn{ID: k.Turn, Text: "hello", Continues: &k.Turn})
	h.code(err, fault.CodeIDReused)
	_, err = h.desk.Send(t.Context(), other.ID, same)
	h.code(err, fault.CodeIDReused)
	_, err = h.desk.Send(t.Context(), chat.SessionID(chat.NewID(chat.PrefixSession)), same)
	h.code(err, fault.CodeNoSession)
	_, err = h.desk.Send(t.Context(), h.s, turn.NewTurn{ID: "trn_1", Text: "x"})
	h.code(err, fault.CodeInvalid)
	_, err = h.desk.Send(t.Context(), h.s, turn.NewTurn{Text: "  "})
	h.code(err, fault.CodeInvalid)

	_, err = h.desk.Trash(t.Context(), h.s)
	h.ok(err)
	_, err = h.desk.Send(t.Context(), h.s, same)
	h.code(err, fault.CodeTrashed)
	_, err = h.desk.Restore(t.Context(), h.s)
	h.ok(err)
	_, err = h.desk.Purge(t.Context(), h.s)
	h.ok(err)
	_, err = h.desk.Send(t.Context(), h.s, turn.NewTurn{Text: "x"})
	h.code(err, fault.CodePurged)
}

func TestAPromptStartsAndNamesItsSessionAtOnce(t *testing.T) {
	h := newHouse(t)
	a := h.send("# What   is\n\n the answer?")
	if a.Turn.State != chat.Running || h.session().Title != "# What is the answer?" || h.session().TitleBy != chat.TitlePrompt {
		t.Errorf("state %s, title %q by %q", a.Turn.State, h.session().Title, h.session().TitleBy)
	}
	if len(a.Turn.Variants) != 1 || a.Turn.Parent != nil {
		t.Errorf("got %+v", a.Turn)
	}
	k := h.task()
	h.ok(k.say(agent.Titled{Title: "The answer"}, agent.Ended{State: chat.Done}))
	h.wantEnd(a.Turn.ID, chat.Done)
	if got := h.session(); got.Title != "The answer" || got.TitleBy != chat.TitleAgent {
		t.Errorf("title %q by %q", got.Title, got.TitleBy)
	}
	mine := "Mine"
	_, _, err := h.desk.Change(t.Context(), h.s, chat.SessionChanged{Title: &mine})
	h.ok(err)
	k = h.begin("more")
	h.ok(k.say(agent.Titled{Title: "Not this"}, agent.Ended{State: chat.Done}))
	h.wantEnd(k.Turn, chat.Done)
	if got := h.session(); got.Title != mine {
		t.Errorf("a person's title was replaced by %q", got.Title)
	}
}

func TestATitleMayComeAfterTheTurn(t *testing.T) {
	h := newHouse(t)
	a := h.send("first words")
	k := h.task()
	h.ok(k.done())
	h.wantEnd(a.Turn.ID, chat.Done)
	h.ok(k.say(agent.Titled{Title: "A late one"}))
	h.event(func(e chat.Event) bool {
		b, ok := e.Body.(chat.SessionChanged)
		return ok && b.Title != nil && *b.Title == "A late one"
	})
	if got := h.session(); got.Title != "A late one" || got.TitleBy != chat.TitleAgent {
		t.Errorf("title %q by %q", got.Title, got.TitleBy)
	}
	mine := "Mine"
	_, _, err := h.desk.Change(t.Context(), h.s, chat.SessionChanged{Title: &mine})
	h.ok(err)
	h.ok(k.say(agent.Titled{Title: "Too late"}))
	_, _, err = h.desk.Change(t.Context(), h.s, chat.SessionChanged{}) // comes after it
	h.ok(err)
	if got := h.session(); got.Title != mine {
		t.Errorf("a person's title was replaced by %q", got.Title)
	}
}

func TestTheProfileIsChosenBeforeTheFirstPrompt(t *testing.T) {
	h := newHouse(t)
	work, home := "work", "home"
	s, _, err := h.desk.Change(t.Context(), h.s, chat.SessionChanged{Profile: &work})
	h.ok(err)
	if s.Profile != work {
		t.Errorf("profile %q, want %q", s.Profile, work)
	}
	k := h.begin("words")
	h.ok(k.done())
	h.wantEnd(k.Turn, chat.Done)
	_, _, err = h.desk.Change(t.Context(), h.s, chat.SessionChanged{Profile: &home})
	h.code(err, fault.CodeProfileFixed)
	_, _, err = h.desk.Change(t.Context(), h.s, chat.SessionChanged{Profile: &work}) // as it is
	h.ok(err)
	if got := h.session().Profile; got != work {
		t.Errorf("profile %q, want %q", got, work)
	}
}

func TestTreeOfTurns(t *testing.T) {
	h := newHouse(t)
	finish := func(k task) chat.TurnID { h.ok(k.done()); h.wantEnd(k.Turn, chat.Done); return k.Turn }
	a := finish(h.begin("a"))
	b := finish(h.begin("b"))
	edited := h.send("b2", func(n *turn.NewTurn) { n.Replaces = &b })
	k := h.task()
	if got := texts(k.History); !slices.Equal(got, []string{"a"}) {
		t.Errorf("history of the edit: %v", got)
	}
	if !slices.Equal(edited.Turn.Variants, []chat.TurnID{b, k.Turn}) || *edited.Turn.Parent != a {
		t.Errorf("variants %v under %v", edited.Turn.Variants, *edited.Turn.Parent)
	}
	_, err := h.desk.MoveHead(t.Context(), h.s, &b)
	h.code(err, fault.CodeTurnLive)
	finish(k)
	_, err = h.desk.MoveHead(t.Context(), h.s, &b)
	h.ok(err)
	k = h.begin("c")
	if got := texts(k.History); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("history after the choice: %v", got)
	}
	c := finish(k)
	h.send("", func(n *turn.NewTurn) { n.Continues = &c })
	k = h.task()
	if k.Continues == nil || k.Continues.ID != c || *h.row(k.Turn).Parent != c {
		t.Errorf("continues %+v", k.Continues)
	}
	finish(k)
	root := h.send("root", func(n *turn.NewTurn) { n.Root = true })
	if root.Turn.Parent != nil || len(root.Turn.Variants) != 2 {
		t.Errorf("a new beginning has parent %v, variants %v", root.Turn.Parent, root.Turn.Variants)
	}
	finish(h.task())
	unknown := chat.TurnID(chat.NewID(chat.PrefixTurn))
	_, err = h.desk.Send(t.Context(), h.s, turn.NewTurn{Text: "x", Parent: &unknown})
	h.code(err, fault.CodeNoTurn)
}

func TestAgentsThatKeepTheirHistory(t *testing.T) {
	h := newHouse(t)
	var ids []chat.TurnID
	for _, text := range []string{"a", "b"} {
		k := h.begin(text)
		h.ok(k.done())
		h.wantEnd(k.Turn, chat.Done)
		ids = append(ids, k.Turn)
	}
	h.puppet.info.Can.Rewind = agent.RewindNone
	_, err := h.desk.Send(t.Context(), h.s, turn.NewTurn{Text: "x", Replaces: &ids[1]})
	h.code(err, fault.CodeCannot)
	_, err = h.desk.MoveHead(t.Context(), h.s, &ids[0])
	h.code(err, fault.CodeCannot)
	h.send("on", func(n *turn.NewTurn) { n.Parent = &ids[1] })
	k := h.task()
	h.ok(k.done())
	h.wantEnd(k.Turn, chat.Done)

	h.puppet.info.Can.Rewind = agent.RewindTruncate
	_, err = h.desk.MoveHead(t.Context(), h.s, &ids[0])
	h.ok(err)
	_, err = h.desk.MoveHead(t.Context(), h.s, &ids[1])
	h.code(err, fault.CodeCannot)
}

func TestForkGoesOnFromItsOrigin(t *testing.T) {
	h := newHouse(t)
	k := h.begin("a")
	_, _, _, err := h.desk.Fork(t.Context(), chat.Ref{Session: h.s, Turn: k.Turn}, "")
	h.code(err, fault.CodeTurnLive)
	h.ok(k.done())
	h.wantEnd(k.Turn, chat.Done)
	second := h.begin("b")
	h.ok(second.done())
	h.wantEnd(second.Turn, chat.Done)

	id := chat.SessionID(chat.NewID(chat.PrefixSession))
	from := chat.Ref{Session: h.s, Turn: k.Turn}
	for i, again := range []bool{false, true} {
		s, seq, got, err := h.desk.Fork(t.Context(), from, id)
		h.ok(err)
		if got != again || seq == 0 || s.ForkOf == nil || *s.ForkOf != from {
			t.Errorf("fork %d: again %v, %+v", i, got, s)
		}
	}
	_, _, _, err = h.desk.Fork(t.Context(), chat.Ref{Session: h.s, Turn: second.Turn}, id)
	h.code(err, fault.CodeIDReused)

	origin := h.s
	h.s = id
	k2 := h.begin("in the fork")
	if got := texts(k2.History); !slices.Equal(got, []string{"a"}) {
		t.Errorf("history: %v", got)
	}
	h.ok(k2.done())
	h.wantEnd(k2.Turn, chat.Done)
	_, err = h.desk.MoveHead(t.Context(), id, &k.Turn)
	h.ok(err)
	_, err = h.desk.MoveHead(t.Context(), id, &second.Turn)
	h.code(err, fault.CodeNoTurn)
	_, err = h.desk.Send(t.Context(), origin, turn.NewTurn{Text: "x", Parent: &k2.Turn})
	h.code(err, fault.CodeNoTurn)
}

func TestCreateAgain(t *testing.T) {
	h := newHouse(t)
	n := turn.NewSession{ID: chat.SessionID(chat.NewID(chat.PrefixSession)), Model: "x/y"}
	fresh := 0
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			s, _, again, err := h.desk.Create(t.Context(), n)
			mu.Lock()
			defer mu.Unlock()
			if err != nil || s.ID != n.ID || s.Agent != "puppet" {
				t.Errorf("%+v, %v", s, err)
			}
			if !again {
				fresh++
			}
		})
	}
	wg.Wait()
	if fresh != 1 {
		t.Errorf("%d were new", fresh)
	}
	n.Model = "x/z"
	_, _, _, err := h.desk.Create(t.Context(), n)
	h.code(err, fault.CodeIDReused)
	_, _, _, err = h.desk.Create(t.Context(), turn.NewSession{Agent: "nobody"})
	h.code(err, fault.CodeNoAgent)
}

func TestTrashStopsTheTurn(t *testing.T) {
	h := newHouse(t)
	k := h.begin("a")
	waits := h.send("b")
	_, err := h.desk.Trash(t.Context(), h.s)
	h.ok(err)
	h.wantEnd(k.Turn, chat.Stopped)
	receive(t, k.conn.closed)
	if got := h.row(waits.Turn.ID).State; got != chat.Queued || !h.session().Held {
		t.Errorf("the queued turn is %s", got)
	}
	if k.say(agent.Begun{}) == nil {
		t.Error("a step was taken from an agent that was let go")
	}
}

func TestForkOfAPurgedSessionStillTakesPromptsAboutWhatItShows(t *testing.T) {
	h := newHouse(t)
	first := h.begin("a")
	h.ok(first.done())
	h.wantEnd(first.Turn, chat.Done)
	second := h.begin("b")
	h.ok(second.done())
	h.wantEnd(second.Turn, chat.Done)
	unshown := h.begin("c")
	h.ok(unshown.done())
	h.wantEnd(unshown.Turn, chat.Done)
	source := h.s
	fork, _, _, err := h.desk.Fork(t.Context(), chat.Ref{Session: source, Turn: second.Turn}, "")
	h.ok(err)
	_, err = h.desk.Purge(t.Context(), source)
	h.ok(err)
	_, err = h.store.Purge(t.Context(), source) // returns when all is gone
	h.ok(err)
	h.s = fork.ID

	regenerated := h.send("b", func(n *turn.NewTurn) { n.Replaces = &second.Turn })
	k := h.task()
	if got := texts(k.History); k.Turn != regenerated.Turn.ID || !slices.Equal(got, []string{"a"}) {
		t.Errorf("regenerated on %v", got)
	}
	h.ok(k.done())
	h.wantEnd(k.Turn, chat.Done)
	_, err = h.desk.MoveHead(t.Context(), h.s, &first.Turn) // undo
	h.ok(err)
	again, _, _, err := h.desk.Fork(t.Context(), chat.Ref{Session: h.s, Turn: first.Turn}, "")
	h.ok(err)
	if again.Head == nil || *again.Head != first.Turn {
		t.Errorf("the fork of the fork shows %v", again.Head)
	}

	_, err = h.desk.MoveHead(t.Context(), h.s, &unshown.Turn)
	h.code(err, fault.CodeNoTurn)
	_, _, err = h.desk.Stop(t.Context(), first.Turn) // by id it is nobody's
	h.code(err, fault.CodePurged)
}
