package turn_test

import (
	"context"
	"slices"
	"testing"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
	"hermes-webui/server/turn"
)

func TestQueueRunsInOrderAfterDone(t *testing.T) {
	h := newHouse(t)
	k := h.begin("1")
	two, three := h.send("2"), h.send("3")
	if two.Turn.State != chat.Queued {
		t.Fatalf("the second is %s", two.Turn.State)
	}
	order, held, _, err := h.desk.Order(t.Context(), h.s, []chat.TurnID{three.Turn.ID, two.Turn.ID}, nil)
	h.ok(err)
	if held || order[0] != three.Turn.ID {
		t.Errorf("order %v, held %v", order, held)
	}
	_, _, _, err = h.desk.Order(t.Context(), h.s, []chat.TurnID{three.Turn.ID}, nil)
	h.code(err, fault.CodeQueueStale)
	row, _, err := h.desk.Edit(t.Context(), two.Turn.ID, chat.Prompt{Text: "two"})
	h.ok(err)
	if row.Prompt.Text != "two" {
		t.Errorf("edited to %q", row.Prompt.Text)
	}
	h.ok(k.done())
	for _, want := range []string{"3", "two"} {
		k = h.task()
		if k.Prompt.Text != want {
			t.Fatalf("next is %q, want %q", k.Prompt.Text, want)
		}
		_, _, err = h.desk.Edit(t.Context(), k.Turn, chat.Prompt{Text: "x"})
		h.code(err, fault.CodeTurnNotQueued)
		h.ok(k.done())
		h.wantEnd(k.Turn, chat.Done)
	}
	if *h.row(two.Turn.ID).Parent != three.Turn.ID {
		t.Error("a queued turn does not go on from the one before it")
	}
	if count[chat.QueueChanged](h.all()) != 1 {
		t.Error("the queue was held or changed without a reason")
	}
}

func TestQueueIsHeldAfterABadEnd(t *testing.T) {
	for name, end := range map[string]func(*house, task){
		"stopped": func(h *house, k task) {
			row, _, err := h.desk.Stop(h.t.Context(), k.Turn)
			h.ok(err)
			if row.State != chat.Stopped {
				h.t.Errorf("stopped turn is %s", row.State)
			}
			again, _, err := h.desk.Stop(h.t.Context(), k.Turn)
			h.ok(err)
			if again.State != chat.Stopped {
				h.t.Errorf("stopped again: %s", again.State)
			}
		},
		"failed": func(h *house, k task) { h.ok(k.say(agent.Ended{State: chat.Failed})) },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			k := h.begin("1")
			two, three := h.send("2"), h.send("3")
			_, _, err := h.desk.Stop(t.Context(), two.Turn.ID)
			h.code(err, fault.CodeTurnNotLive)
			end(h, k)
			h.ended(k.Turn)
			if !h.session().Held || h.session().Queued != 2 {
				t.Fatalf("session %+v", h.session())
			}
			four := h.send("4")
			if four.Turn.State != chat.Queued {
				t.Error("a prompt went past those that wait")
			}
			_, _, err = h.desk.Withdraw(t.Context(), three.Turn.ID)
			h.ok(err)
			_, _, err = h.desk.Withdraw(t.Context(), three.Turn.ID)
			h.ok(err)
			no := false
			order, held, _, err := h.desk.Order(t.Context(), h.s, nil, &no)
			h.ok(err)
			if held || !slices.Equal(order, []chat.TurnID{four.Turn.ID}) {
				t.Errorf("order %v, held %v", order, held)
			}
			for _, want := range []chat.TurnID{two.Turn.ID, four.Turn.ID} {
				k := h.task()
				if k.Turn != want {
					t.Fatalf("got %q", k.Prompt.Text)
				}
				h.ok(k.done())
				h.wantEnd(want, chat.Done)
			}
		})
	}
}

func TestWhatIsAboutTheLastTurnStartsBeforeAHeldQueue(t *testing.T) {
	h := newHouse(t)
	k := h.begin("1")
	waits := h.send("2")
	h.ok(k.say(agent.Ended{State: chat.Failed}))
	h.ended(k.Turn)
	for _, about := range []func(*turn.NewTurn){
		func(n *turn.NewTurn) { n.Continues = &k.Turn },
		func(n *turn.NewTurn) { n.Replaces = &k.Turn },
		busy(turn.Interrupt),
	} {
		a := h.send("now", about)
		if a.Turn.State != chat.Running {
			t.Fatalf("the turn is %s", a.Turn.State)
		}
		h.ok(h.task().done())
		h.wantEnd(a.Turn.ID, chat.Done)
	}
	if h.row(waits.Turn.ID).State != chat.Queued || !h.session().Held {
		t.Error("the held queue went on by itself")
	}
}

func TestNothingIsHeldWhereNothingWaits(t *testing.T) {
	h := newHouse(t)
	k := h.begin("1")
	two := h.send("2")
	h.ok(k.say(agent.Ended{State: chat.Failed}))
	h.ended(k.Turn)
	_, _, err := h.desk.Withdraw(t.Context(), two.Turn.ID)
	h.ok(err)
	if h.session().Held {
		t.Error("an empty queue is held")
	}
	k = h.begin("3")
	four := h.send("4")
	h.ok(k.done())
	if k := h.task(); k.Turn != four.Turn.ID {
		t.Error("the next one did not start")
	}
}

func TestInterruptGoesFirstAndTheOthersFollow(t *testing.T) {
	h := newHouse(t)
	k := h.begin("1")
	two := h.send("2")
	three := h.send("3", busy(turn.Interrupt))
	next := h.task()
	h.wantEnd(k.Turn, chat.Stopped)
	if next.Turn != three.Turn.ID {
		t.Fatalf("next is %q", next.Prompt.Text)
	}
	h.ok(next.done())
	if next = h.task(); next.Turn != two.Turn.ID {
		t.Fatalf("then came %q", next.Prompt.Text)
	}
}

func TestSteerGoesIntoTheRunningTurn(t *testing.T) {
	h := newHouse(t)
	said := make(chan string, 10)
	h.puppet.steer = func(_ *conn, text string) error { said <- text; return nil }
	k := h.begin("1")
	s, err := h.desk.Steer(t.Context(), k.Turn, "left")
	h.ok(err)
	if s.Outcome != turn.OutcomeSteered || s.Turn.ID != k.Turn || receive(t, said) != "left" {
		t.Errorf("got %+v", s)
	}
	n := turn.NewTurn{ID: chat.TurnID(chat.NewID(chat.PrefixTurn)), Text: "right", WhenBusy: turn.Steer}
	a, err := h.desk.Send(t.Context(), h.s, n)
	h.ok(err)
	if a.Turn.ID != k.Turn || a.Again || receive(t, said) != "right" {
		t.Errorf("got %+v", a)
	}
	for _, after := range []func(){func() {}, func() { h.ok(k.done()); h.wantEnd(k.Turn, chat.Done) }} {
		after()
		a, err = h.desk.Send(t.Context(), h.s, n)
		h.ok(err)
		if !a.Again || a.Turn.ID != k.Turn {
			t.Errorf("the same words again: %+v", a)
		}
	}
	if got := count[chat.Steered](h.all()); got != 2 || len(said) != 0 {
		t.Errorf("%d times steered", got)
	}
	s, err = h.desk.Steer(t.Context(), k.Turn, "late")
	h.ok(err)
	if s.Outcome != turn.OutcomeQueued || h.task().Turn != s.Turn.ID {
		t.Errorf("after the end: %+v", s)
	}
}

func TestSteerThatTheAgentCannotBecomesATurn(t *testing.T) {
	h := newHouse(t)
	k := h.begin("1")
	s, err := h.desk.Steer(t.Context(), k.Turn, "left")
	h.ok(err)
	if s.Outcome != turn.OutcomeQueued || s.Turn.State != chat.Queued {
		t.Errorf("got %+v", s)
	}
	if count[chat.Steered](h.all()) != 0 {
		t.Error("words that the agent did not take are in the turn")
	}
}

func TestARequestThatGoesAwayStopsNothing(t *testing.T) {
	h := newHouse(t)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := h.desk.Send(ctx, h.s, turn.NewTurn{Text: "1"})
	h.ok(err)
	cancel()
	k := h.task()
	h.ok(k.done())
	h.wantEnd(k.Turn, chat.Done)
}

func TestStopWhileTheAgentStarts(t *testing.T) {
	h := newHouse(t)
	entered, release := make(chan struct{}, 2), make(chan struct{})
	h.puppet.open = func() error { entered <- struct{}{}; <-release; return nil }
	a := h.send("1")
	waits := h.send("2")
	receive(t, entered)
	row, _, err := h.desk.Stop(t.Context(), a.Turn.ID)
	h.ok(err)
	if row.State != chat.Stopped {
		t.Errorf("the turn is %s", row.State)
	}
	close(release)
	late := receive(t, h.puppet.conns)
	receive(t, late.closed) // an agent that nobody waits for is not left behind
	if h.row(waits.Turn.ID).State != chat.Queued || len(h.puppet.tasks) != 0 {
		t.Error("something started after the stop")
	}
}

func TestSteerWaitsForAnAgentThatStarts(t *testing.T) {
	h := newHouse(t)
	release := make(chan struct{})
	h.puppet.open = func() error { <-release; return nil }
	said := make(chan string, 1)
	h.puppet.steer = func(_ *conn, text string) error { said <- text; return nil }
	a := h.send("1")
	got := make(chan turn.Steered, 1)
	go func() {
		s, err := h.desk.Steer(t.Context(), a.Turn.ID, "left")
		if err != nil {
			t.Error(err)
		}
		got <- s
	}()
	close(release)
	if s := receive(t, got); s.Outcome != turn.OutcomeSteered || receive(t, said) != "left" {
		t.Errorf("got %+v", s)
	}
}
