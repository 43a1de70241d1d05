package turn_test

import (
	"context"
	"testing"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
	"hermes-webui/server/turn"
)

// drain begins to drain and tells how many turns were left.
func (h *house) drain(ctx context.Context) <-chan int {
	left := make(chan int, 1)
	go func() { left <- h.desk.Drain(ctx, h.store.Bell()) }()
	return left
}

func TestDrainWaitsForTheTurnThatRunsAndBeginsNone(t *testing.T) {
	h := newHouse(t)
	k := h.begin("1")
	queued := h.send("2")
	left := h.drain(t.Context())
	h.refusesSoon()
	select {
	case n := <-left:
		t.Fatalf("did not wait for the turn, %d left", n)
	default:
	}
	h.ok(k.done())
	if n := receive(t, left); n != 0 {
		t.Errorf("%d left", n)
	}
	h.wantEnd(k.Turn, chat.Done)
	if row := h.row(queued.Turn.ID); row.State != chat.Queued || !h.session().Held {
		t.Errorf("the queued turn is %s, held %v", row.State, h.session().Held)
	}
	_, _, _, err := h.desk.Order(t.Context(), h.s, nil, new(false))
	h.code(err, fault.CodeStopping)
	h.restart()
	_, _, _, err = h.desk.Order(t.Context(), h.s, nil, new(false))
	h.ok(err)
	if next := h.task(); next.Turn != queued.Turn.ID {
		t.Errorf("%s runs after the restart", next.Turn)
	}
}

// refusesSoon sends until the desk drains. What was taken before waits in the
// queue and is withdrawn again.
func (h *house) refusesSoon() {
	h.t.Helper()
	for range 1000 {
		a, err := h.desk.Send(h.t.Context(), h.s, turn.NewTurn{Text: "late"})
		if err != nil {
			h.code(err, fault.CodeStopping)
			return
		}
		_, _, err = h.desk.Withdraw(h.t.Context(), a.Turn.ID)
		h.ok(err)
	}
	h.t.Fatal("it goes on taking turns")
}

func TestDrainDoesNotWaitForAPerson(t *testing.T) {
	h := newHouse(t)
	h.raised(h.begin("1"), approval())
	if n := receive(t, h.drain(t.Context())); n != 0 {
		t.Errorf("%d left", n)
	}
}

func TestDrainGivesUpWithItsContext(t *testing.T) {
	h := newHouse(t)
	k := h.begin("1")
	ctx, cancel := context.WithCancel(t.Context())
	left := h.drain(ctx)
	h.refusesSoon()
	cancel()
	if n := receive(t, left); n != 1 {
		t.Errorf("%d left", n)
	}
	if h.row(k.Turn).State != chat.Running {
		t.Error("the turn was ended")
	}
}
