package turn_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// A commit that the database refuses for what is in it is no full disk.
func TestWhatCanNeverBeRecordedFailsTheTurnAndNotTheSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, disk := newFlakyHouse(t)
		disk.refuses = func(e chat.Event) bool {
			b, ok := e.Body.(chat.TextAppended)
			return ok && strings.Contains(b.Text, "poison")
		}
		k := h.begin("1")
		waits := h.send("2")
		p, tool := newPart(), newPart()
		h.ok(k.say(opened(p), text(p, "good")))
		time.Sleep(time.Second)
		h.ok(k.say(agent.Close{Part: p}, openedTool(tool), agent.Append{Part: tool, Stream: chat.Out, At: -1, Text: "poison"}))
		time.Sleep(time.Minute)
		synctest.Wait()
		end := h.ended(k.Turn)
		if end.State != chat.Failed || !strings.Contains(end.Error.Text, "could not be recorded") {
			t.Fatalf("%s %+v", end.State, end.Error)
		}
		turn := h.turn(k.Turn)
		if s := turn.Parts[0].(*chat.Text).Text.String(); s != "good" {
			t.Errorf("the text is %q", s)
		}
		for _, part := range turn.Parts {
			if part.Common().ClosedAt == nil {
				t.Errorf("%s is open", part.Kind())
			}
		}
		if s := h.session(); !s.Held || s.Live != nil || h.row(waits.Turn.ID).State != chat.Queued {
			t.Errorf("%+v", s)
		}
		if err := k.say(text(p, "late")); err == nil {
			t.Error("the agent was not let go")
		}
		_, _, _, err := h.desk.Order(t.Context(), h.s, nil, new(bool))
		h.ok(err)
		h.ok(h.task().done())
		h.wantEnd(waits.Turn.ID, chat.Done)
		h.ok(h.desk.Close(t.Context()))
	})
}

func TestAnEndThatCannotBeRecordedWithTheRestIsRecordedAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, disk := newFlakyHouse(t)
		disk.refuses = func(e chat.Event) bool { _, ok := e.Body.(chat.PartClosed); return ok }
		k := h.begin("1")
		p := newPart()
		h.ok(k.say(opened(p), text(p, "a")))
		time.Sleep(time.Second)
		h.ok(k.done())
		time.Sleep(time.Minute)
		synctest.Wait()
		h.wantEnd(k.Turn, chat.Done)
		h.ok(h.begin("2").done())
		h.ok(h.desk.Close(t.Context()))
	})
}

func TestAnEndThatCannotBeRecordedAtAllIsFoundAtTheNextStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, disk := newFlakyHouse(t)
		disk.refuses = func(e chat.Event) bool { _, ok := e.Body.(chat.TurnEnded); return ok }
		k := h.begin("1")
		h.ok(k.done())
		time.Sleep(time.Minute)
		synctest.Wait()
		if count[chat.TurnEnded](h.all()) != 0 {
			t.Fatal("it ended")
		}
		h.ok(h.desk.Close(t.Context())) // no lane is stuck
		h.ok(h.store.Close())
		h.start()
		h.wantEnd(k.Turn, chat.Interrupted)
	})
}
