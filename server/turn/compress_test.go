package turn_test

import (
	"strings"
	"testing"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
	"hermes-webui/server/turn"
)

func newShrinkingHouse(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	h.puppet.info.Can.Compress, h.puppet.shrinks = true, true
	return h
}

func compressing(n *turn.NewTurn) { n.Compress = true }

func TestShorteningIsATurnOfItsOwn(t *testing.T) {
	h := newShrinkingHouse(t)
	first := h.begin("Count.")
	waiting := h.send("the numbers", compressing, busy(turn.Steer)) // never words for the running turn
	if waiting.Turn.State != chat.Queued || !waiting.Turn.Compress {
		t.Fatalf("got %+v", waiting.Turn)
	}
	h.ok(first.done())
	k := h.task()
	if k.Turn != waiting.Turn.ID || !k.compress || k.Prompt.Text != "the numbers" || strings.Join(texts(k.History), "") != "Count." {
		t.Fatalf("the agent got %+v", k)
	}
	note := &chat.Notice{PartBase: chat.PartBase{ID: newPart()}, Level: chat.NoticeInfo, Text: "Shortened.", Covers: first.Turn, Summary: "They count."}
	h.ok(k.say(agent.Open{Part: note}, agent.Close{Part: note.ID}))
	h.ok(k.done())
	h.wantEnd(k.Turn, chat.Done)
	got := h.turn(k.Turn)
	if n, ok := got.Parts[0].(*chat.Notice); !got.Compress || !ok || n.Summary != "They count." || n.Covers != first.Turn {
		t.Errorf("got %+v", got)
	}
	if s := h.session(); s.Title != "Count." {
		t.Errorf("the title is %q", s.Title)
	}

	again, err := h.desk.Send(t.Context(), h.s, turn.NewTurn{ID: k.Turn, Text: "the numbers", Compress: true})
	h.ok(err)
	if !again.Again {
		t.Error("the same request made another turn")
	}
	_, err = h.desk.Send(t.Context(), h.s, turn.NewTurn{ID: k.Turn, Text: "the numbers"})
	h.code(err, fault.CodeIDReused)
}

func TestShorteningNeedsNoWordsAndNothingElse(t *testing.T) {
	h := newShrinkingHouse(t)
	_, err := h.desk.Send(t.Context(), h.s, turn.NewTurn{Compress: true})
	h.code(err, fault.CodeInvalid) // nothing is there yet
	if len(h.all()) > 1 {
		t.Errorf("an empty session has now %v", h.kinds())
	}
	h.ok(h.begin("Count.").done())
	head := h.session().Head
	for name, n := range map[string]turn.NewTurn{
		"files": {Compress: true, Attachments: []chat.Attachment{{ID: "att_1"}}}, "parent": {Compress: true, Parent: head},
		"replaces": {Compress: true, Replaces: head}, "continues": {Compress: true, Continues: head}, "root": {Compress: true, Root: true},
	} {
		if _, err := h.desk.Send(t.Context(), h.s, n); fault.CodeOf(err) != fault.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	live := h.begin("On.")
	waits := h.send("", compressing)
	if _, _, err := h.desk.Edit(t.Context(), waits.Turn.ID, chat.Prompt{Attachments: []chat.Attachment{{ID: "att_1"}}}); fault.CodeOf(err) != fault.CodeInvalid {
		t.Errorf("files in the queue: %v", err)
	}
	_, _, err = h.desk.Edit(t.Context(), waits.Turn.ID, chat.Prompt{Text: "the end"})
	h.ok(err)
	_, _, err = h.desk.Edit(t.Context(), waits.Turn.ID, chat.Prompt{})
	h.ok(err)
	h.ok(live.done())
	k := h.task()
	_, _, err = h.desk.Stop(t.Context(), k.Turn)
	h.ok(err)
	h.wantEnd(k.Turn, chat.Stopped)
}

func TestAnAgentThatCannotShortenIsNotAsked(t *testing.T) {
	h := newHouse(t)
	k := h.begin("Count.")
	h.ok(k.done())
	h.wantEnd(k.Turn, chat.Done)
	before := len(h.all())
	_, err := h.desk.Send(t.Context(), h.s, turn.NewTurn{Compress: true})
	h.code(err, fault.CodeCannot)
	if fault.KindOf(err) != fault.Conflict || len(h.all()) != before {
		t.Errorf("%v, %v", err, h.kinds())
	}

	// It was one that can when the wish was queued.
	h.puppet.info.Can.Compress = true
	live := h.begin("On.")
	waits := h.send("", compressing)
	h.ok(live.done())
	if end := h.ended(waits.Turn.ID); end.State != chat.Failed || end.Error.Code != string(fault.CodeCannot) || len(h.puppet.tasks) > 0 {
		t.Errorf("%+v", end)
	}
}

func TestAShorteningThatWasCutOffByARestartSaysThatNothingChanged(t *testing.T) {
	h := newShrinkingHouse(t)
	h.ok(h.begin("Count.").done())
	a := h.send("", compressing)
	h.task()
	h.restart()
	if end := h.ended(a.Turn.ID); end.State != chat.Interrupted || !strings.Contains(end.Error.Text, "Nothing has changed") {
		t.Errorf("%+v", end.Error)
	}
	h.ok(h.begin("On.").done())
}
