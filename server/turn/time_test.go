package turn_test

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
	"hermes-webui/server/turn"
)

func TestAnIdleConnIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		k := h.begin("1")
		h.ok(k.done())
		h.wantEnd(k.Turn, chat.Done)
		time.Sleep(19 * time.Minute)
		select {
		case <-k.conn.closed:
			t.Fatal("closed too early")
		default:
		}
		time.Sleep(2 * time.Minute)
		<-k.conn.closed
		k = h.begin("2") // a new one
		h.ok(k.done())
		h.wantEnd(k.Turn, chat.Done)
	})
}

func TestAnAgentThatHangsIsLetGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		block := make(chan struct{})
		defer close(block)
		h.puppet.stop = func(*conn) error { <-block; return nil }
		k := h.begin("1")
		began := time.Now()
		_, _, err := h.desk.Stop(t.Context(), k.Turn)
		h.ok(err)
		if took := time.Since(began); took < 9*time.Second || took > 12*time.Second {
			t.Errorf("took %v", took)
		}
		<-k.conn.closed
		h.wantEnd(k.Turn, chat.Stopped)
	})
}

// urgent raises an approval that waits five minutes.
func (h *house) urgent(k task) chat.Ask {
	h.t.Helper()
	ask := approval()
	soon := chat.At(time.Now().Add(5 * time.Minute))
	ask.Deadline = &soon
	return h.raised(k, ask)
}

func TestAnApprovalThatNobodyAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		k := h.begin("1")
		ask := h.urgent(k)
		time.Sleep(4 * time.Minute)
		if h.row(k.Turn).State != chat.Waiting {
			t.Fatal("expired too early")
		}
		time.Sleep(2 * time.Minute)
		if h.closed(ask.ID).How != chat.Expired || receive(t, h.puppet.answers).answer.Choice != turn.Refused {
			t.Error("did not expire")
		}
	})
}

// The agent has a clock of its own, and may be the first to give an ask up.
func TestAnAskThatExpiresOnBothSides(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.puppet.deaf = fault.New(fault.NotFound, fault.CodeNoAsk, "The agent does not wait for this answer.")
		k := h.begin("1")
		ask := h.urgent(k)
		time.Sleep(6 * time.Minute)
		if h.closed(ask.ID).How != chat.Expired {
			t.Error("did not expire")
		}
		h.ok(k.done())
		h.wantEnd(k.Turn, chat.Done)
	})
}

// flaky is a log on a disk that is full at times, and that never takes what it
// refuses.
type flaky struct {
	chat.Log
	full    atomic.Bool
	refuses func(chat.Event) bool // set before anything runs
}

func (f *flaky) Commit(ctx context.Context, s chat.SessionID, g chat.Guard, events ...chat.Event) (chat.Seq, error) {
	if f.full.Load() {
		return 0, errFull
	}
	if f.refuses != nil && slices.ContainsFunc(events, f.refuses) {
		return 0, errBroken
	}
	return f.Log.Commit(ctx, s, g, events...)
}

var errFull = fault.New(fault.Unavailable, fault.CodeDiskFull, "The disk is full.")

// newFlakyHouse is newHouse with a desk that writes to a disk which can be full.
func newFlakyHouse(t *testing.T) (*house, *flaky) {
	t.Helper()
	h := newHouse(t)
	h.ok(h.desk.Close(t.Context()))
	disk := &flaky{Log: h.store}
	var err error
	h.desk, err = turn.Open(t.Context(), turn.Config{Log: disk, Reader: h.store, Agents: agents{"puppet": h.puppet}})
	h.ok(err)
	return h, disk
}

func TestAFullDiskHoldsTheAgentBackAndLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, disk := newFlakyHouse(t)
		k := h.begin("1")
		p := newPart()
		h.ok(k.say(opened(p), text(p, "a")))
		synctest.Wait() // else what came so far may already meet the full disk
		disk.full.Store(true)
		time.Sleep(time.Second)
		h.ok(k.say(text(p, "b")))
		said := make(chan error, 1)
		go func() { said <- k.say(text(p, "c"), agent.Ended{State: chat.Done}) }()
		time.Sleep(5 * time.Second)
		if len(said) != 0 {
			t.Error("the agent was not held back")
		}
		disk.full.Store(false)
		h.ok(<-said)
		h.wantEnd(k.Turn, chat.Done)
		if s := h.turn(k.Turn).Parts[0].(*chat.Text).Text.String(); s != "abc" {
			t.Errorf("the text is %q", s)
		}
		h.ok(h.desk.Close(t.Context()))
	})
}

func TestAnExpiredAskIsToldToTheAgentOnlyOnceItIsRecorded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, disk := newFlakyHouse(t)
		k := h.begin("1")
		ask := h.urgent(k)
		disk.full.Store(true)
		time.Sleep(6 * time.Minute)
		synctest.Wait()
		if len(h.puppet.answers) != 0 {
			t.Error("the agent was told what is not recorded")
		}
		disk.full.Store(false)
		if h.closed(ask.ID).How != chat.Expired || receive(t, h.puppet.answers).answer.Choice != turn.Refused {
			t.Error("the agent was not told after the disk had room")
		}
		h.ok(k.done())
		h.wantEnd(k.Turn, chat.Done)
		h.ok(h.desk.Close(t.Context()))
	})
}

// blind is a reader that cannot find asks at times.
type blind struct {
	chat.Reader
	dark atomic.Bool
}

func (b *blind) Ask(ctx context.Context, id chat.AskID) (chat.AskRow, error) {
	if b.dark.Load() {
		return chat.AskRow{}, errBroken
	}
	return b.Reader.Ask(ctx, id)
}

func TestADatabaseThatCannotBeReadIsNotTheAgentsFault(t *testing.T) {
	h := newHouse(t)
	h.ok(h.desk.Close(t.Context()))
	disk := &blind{Reader: h.store}
	var err error
	h.desk, err = turn.Open(t.Context(), turn.Config{Log: h.store, Reader: disk, Agents: agents{"puppet": h.puppet}})
	h.ok(err)
	k := h.begin("1")
	disk.dark.Store(true)
	h.ok(k.say(agent.Asked{Ask: approval()}))
	end := h.ended(k.Turn)
	if end.State != chat.Failed || end.Error.Code != string(fault.CodeInternal) || !strings.Contains(end.Error.Text, "database") {
		t.Errorf("ended %s: %+v", end.State, end.Error)
	}
	if count[chat.AskRaised](h.all()) != 0 {
		t.Error("the ask was raised")
	}
}
