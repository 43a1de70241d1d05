package hermes

import (
	"strings"
	"testing"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/direct/modeltest"
	"hermes-webui/server/chat"
)

func TestWhatIsAskedWhileNoTurnRunsIsATurnOfTheAgent(t *testing.T) {
	for name, o := range styles {
		t.Run(name, func(t *testing.T) {
			r := newDouble(t, o)
			for _, tt := range []struct {
				kind   string
				answer agent.Answer
				want   string
			}{
				{"approval", agent.Answer{Choice: "once"}, "Allowed: true."},
				{"approval", agent.Answer{Choice: "deny"}, "Allowed: false."},
				{"clarify", agent.Answer{Text: "green"}, "You said green."},
				{"sudo", agent.Answer{Values: map[string]string{"value": "hunter2"}}, "Got it."},
				{"secret", agent.Answer{}, "Got nothing."}, // nobody answered in time
			} {
				k := r.talk(t)
				k.do("[[asks:" + tt.kind + "]]").done(t)
				own := k.begun()
				a := k.asked(own)
				if a.Deadline == nil || !a.Deadline.After(time.Now()) {
					t.Errorf("%s: it waits until %v", tt.kind, a.Deadline)
				}
				if err := k.conn.Steer(t.Context(), "words"); err == nil {
					t.Errorf("%s: an agent that is at no turn took words", tt.kind)
				}
				k.answer(a.ID, tt.answer)
				k.ended(own)
				p := k.played(own)
				p.done(t)
				if p.begun != needsYou || len(p.gone) > 0 {
					t.Errorf("%s: begun for %q, gone %v", tt.kind, p.begun, p.gone)
				}
				if got := k.says(tt.want); got == own {
					t.Errorf("%s: what came of it is in a turn that had ended", tt.kind)
				}
				k.do("[[plain]]").done(t)
			}
		})
	}
}

// says waits for a turn that answers with these words.
func (k *talk) says(words string) (id chat.TurnID) {
	k.t.Helper()
	await(k, words, func(s agent.Step, a agent.Append) bool {
		id = s.Turn
		return a.Text == words
	})
	k.ended(id)
	return id
}

func TestATurnThatOnlyAsksCanBeStopped(t *testing.T) {
	for name, o := range styles {
		t.Run(name, func(t *testing.T) {
			k := newDouble(t, o).talk(t)
			k.do("[[asks:approval]]").done(t)
			own := k.begun()
			k.asked(own)
			if err := k.conn.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
			if e := k.ended(own); e.State != chat.Stopped {
				t.Errorf("it ended as %s", e.State)
			}
			k.says("Allowed: false.")
		})
	}
}

// A prompt that was on its way when the agent asked has the ask in its own turn.
func TestAnAskGoesOnInTheTurnThatComesNext(t *testing.T) {
	for name, o := range styles {
		t.Run(name, func(t *testing.T) {
			k := newDouble(t, o).talk(t)
			k.do("[[asks:clarify]]").done(t)
			own := k.begun()
			first := k.asked(own)
			c := k.conn.(*conn)
			c.mu.Lock()
			c.work = nil // as before the agent asked
			c.mu.Unlock()
			id := k.start("[[long]]")
			next := k.asked(id)
			if p := k.played(own); p.end.State != chat.Done || len(p.gone) != 1 || p.gone[0].Ask != first.ID {
				t.Errorf("the turn that asked ended as %s, gone %v", p.end.State, p.gone)
			}
			if next.Title != first.Title || next.Deadline.After(first.Deadline.Time) || next.ID == first.ID {
				t.Errorf("asked %+v, then %+v", first, next)
			}
			k.answer(next.ID, agent.Answer{Text: "green"})
			await(k, "what came of it", func(s agent.Step, o agent.Open) bool {
				n, ok := o.Part.(*chat.Notice)
				return ok && s.Turn == id && n.Text == "You said green."
			})
		})
	}
}

// A subagent of the real agent wants to do harm after the turn that began it.
func TestTheRealAgentAsksWhileNoTurnRuns(t *testing.T) {
	r := newReal(t)
	r.model.Set("harmful", func(_ string, n int, _ modeltest.Asked) modeltest.Script {
		if n > 0 {
			return modeltest.Say("It ", "is ", "under ", "way.")
		}
		s := modeltest.Use("delegate_task", `{"goal": "[[later]]", "context": "none"}`)
		s.Calls[0].ID = "call_harmful"
		return s
	})
	r.model.Set("later", func(_ string, n int, _ modeltest.Asked) modeltest.Script {
		if n > 0 {
			return modeltest.Say("Harm ", "done.")
		}
		s := modeltest.Use("terminal", `{"command": "rm -rf /tmp/hermes-webui-test-nothing; echo removed"}`)
		s.Calls[0].ID = "call_later"
		s.First = 2 * time.Second // the turn that began it is over by then; else the ask moves
		return s
	})
	k := r.talk(t)
	k.do("[[harmful]]").done(t)
	own := k.begun()
	a := k.asked(own)
	if !strings.Contains(a.Command, "hermes-webui-test-nothing") {
		t.Errorf("asked %+v", a)
	}
	k.answer(a.ID, agent.Answer{Choice: "once"})
	k.ended(own)
	k.played(own).done(t)
}
