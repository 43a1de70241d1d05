package hermes

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/direct/modeltest"
	"hermes-webui/server/agent/hermes/hermestest"
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
				if p.begun != needsYou || len(p.gone) > 0 || len(p.notices()) != 1 {
					t.Errorf("%s: begun for %q, gone %v, it says %q", tt.kind, p.begun, p.gone, p.notices())
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

// asking is a skill that needs a value which only a person has.
const asking = `---
name: weather
description: Says what the weather is.
required_environment_variables:
  - name: WEATHER_TOKEN
    prompt: Your token for weather.test
---
Ask the weather service.
`

// A subagent of the real agent wants a secret after the turn that began it.
func TestTheRealAgentAsksWhileNoTurnRuns(t *testing.T) {
	r := newReal(t)
	write(t, filepath.Join(r.home, "skills", "weather", "SKILL.md"), asking)
	use := func(name, args, after string) hermestest.Scene {
		return func(_ string, n int, a modeltest.Asked) modeltest.Script {
			if n > 0 || strings.HasPrefix(hermestest.Prompt(a), "[ASYNC") {
				return modeltest.Say(after)
			}
			s := modeltest.Use(name, args)
			s.Calls[0].ID = "call_" + name
			s.First = time.Second // the turn that began it is over by then; else the ask moves
			return s
		}
	}
	r.model.Set("ahead", use("delegate_task", `{"goal": "[[later]]", "context": "none"}`, "It is under way."))
	r.model.Set("later", use("skill_view", `{"name": "weather"}`, "It is sunny."))
	k := r.talk(t)
	k.do("[[ahead]]").done(t)
	own := k.begun()
	a := k.asked(own)
	if a.Kind != chat.Secret || !strings.Contains(a.Why, "weather.test") {
		t.Errorf("asked %+v", a)
	}
	k.answer(a.ID, agent.Answer{Values: map[string]string{a.Fields[0].ID: "token-4711"}})
	k.ended(own)
	p := k.played(own)
	p.done(t)
	if p.begun != needsYou {
		t.Errorf("begun for %q", p.begun)
	}
	await(k, "what the agent makes of it", func(s agent.Step, b agent.Begun) bool { return s.Turn != own && b.Prompt != needsYou })
	if b, err := os.ReadFile(filepath.Join(r.home, ".env")); err != nil || !strings.Contains(string(b), "token-4711") {
		t.Errorf("the agent did not get the value: %v", err)
	}
}
