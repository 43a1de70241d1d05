package turn_test

import (
	"slices"
	"testing"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/turn"
)

// stored waits until the session has these ids of its agent.
func (h *house) stored(want ...string) {
	h.t.Helper()
	h.event(func(e chat.Event) bool {
		b, ok := e.Body.(chat.SessionStored)
		return ok && b.ID == want[len(want)-1]
	})
	s, _, err := h.store.Session(h.t.Context(), h.s)
	h.ok(err)
	if !slices.Equal(s.Stored, want) {
		h.t.Fatalf("stored %q, want %q", s.Stored, want)
	}
}

func TestWhereTheAgentKeepsASessionIsRemembered(t *testing.T) {
	h := newHouse(t)
	k := h.begin("1")
	h.ok(k.conn.out(agent.Step{Body: agent.Stored{ID: "s1"}})) // of no turn
	h.stored("s1")
	h.ok(k.say(agent.Stored{ID: "s1"}, agent.Stored{}, agent.Stored{ID: "s2"}))
	h.ok(k.done())
	h.wantEnd(k.Turn, chat.Done)
	h.stored("s1", "s2")
	h.ok(k.say(agent.Stored{ID: "s3"})) // of a turn that has ended
	h.stored("s1", "s2", "s3")
	if n := count[chat.SessionStored](h.all()); n != 3 {
		t.Errorf("%d events, want one for each id", n)
	}
}

// An agent that names a session of another one is wrong, or that other one is
// its own in another window: the turn goes on, the memory stays true.
func TestAnIDOfAnotherSessionIsNotTaken(t *testing.T) {
	h := newHouse(t)
	k := h.begin("1")
	h.ok(k.say(agent.Stored{ID: "s1"}))
	h.stored("s1")
	h.ok(k.done())
	h.wantEnd(k.Turn, chat.Done)

	s, _, _, err := h.desk.Create(t.Context(), turn.NewSession{})
	h.ok(err)
	h.s = s.ID
	k = h.begin("2")
	h.ok(k.say(agent.Stored{ID: "s1"}, agent.Stored{ID: "s2"}))
	h.ok(k.done())
	h.wantEnd(k.Turn, chat.Done)
	h.stored("s2")
}
