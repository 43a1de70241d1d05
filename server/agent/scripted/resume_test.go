package scripted_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// every ask but the first stands where only a way through branches and repeats
// leads to.
const winding = `
plan
    [>] one
repeat 2
    tool t{{n}}
        args {"round": "{{n}}"}
        ask approval First {{n}}
            on allow
                ask approval Second {{n}}
                    on deny
                        failed no {{n}}
                out
                    both {{n}}
                done
            on deny
                failed never
    plan
        [x] {{n}}
text
    end
`

// TestResumeGoesOnAsIfNothingHadHappened plays a turn to its end, and again
// with a restart at every ask; what is said, ids included, must be the same.
func TestResumeGoesOnAsIfNothingHadHappened(t *testing.T) {
	answers := []agent.Answer{{Choice: "once"}, {Choice: "deny"}, {Choice: "always"}, {Choice: "once"}}
	prompt := chat.Prompt{Text: "/play w"}
	for cut := range answers {
		synctest.Test(t, func(t *testing.T) {
			d := with(t, 0, map[string]string{"w": winding})
			whole := newStage(t, d)
			turn := whole.play(prompt.Text)
			at, ask := 0, chat.Ask{}
			for i, a := range answers {
				if i == cut {
					at, ask = len(whole.steps), whole.ask()
				}
				whole.answer(a)
			}
			logged := foldParts(turn, prompt, whole.steps[:at])
			if !d.CanResume(logged, []chat.Ask{ask}) {
				t.Fatal("it cannot go on")
			}
			again := newStage(t, d)
			again.start(agent.Task{Turn: turn, Prompt: prompt, Resume: &agent.Resume{Turn: logged, Ask: ask, Answer: answers[cut]}})
			synctest.Wait()
			for _, a := range answers[cut+1:] {
				again.answer(a)
			}
			if got, want := ids(again.steps), ids(whole.steps[at:]); got != want {
				t.Errorf("cut at ask %d: got\n%s\nwant\n%s", cut+1, got, want)
			}
			if !strings.HasSuffix(again.story(), "ended done\n") {
				t.Errorf("it did not come to its end:\n%s", again.story())
			}
		})
	}
}

func ids(steps []agent.Step) string {
	var sb strings.Builder
	for _, s := range steps {
		sb.WriteString(story([]agent.Step{s}))
		switch b := s.Body.(type) {
		case agent.Open:
			sb.WriteString(string(b.Part.Common().ID))
		case agent.Append:
			sb.WriteString(string(b.Part))
		case agent.Tool:
			sb.WriteString(string(b.Part) + string(b.Args))
		case agent.SetPlan:
			sb.WriteString(string(b.Part) + b.Items[0].Text)
		case agent.Close:
			sb.WriteString(string(b.Part))
		case agent.Asked:
			sb.WriteString(string(b.Ask.ID))
		}
		sb.WriteString("\n")
	}
	return sb.String()
}

// foldParts is the turn as the log has it, as far as a driver looks at it.
func foldParts(id chat.TurnID, prompt chat.Prompt, steps []agent.Step) chat.Turn {
	turn := chat.Turn{ID: id, Prompt: prompt, State: chat.Waiting}
	for _, s := range steps {
		switch b := s.Body.(type) {
		case agent.Open:
			turn.Parts = append(turn.Parts, b.Part)
		case agent.Close:
			for _, p := range turn.Parts {
				if p.Common().ID == b.Part {
					now := chat.Now()
					p.Common().ClosedAt = &now
				}
			}
		}
	}
	return turn
}

func TestATurnOfAnotherScriptCannotGoOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		old := with(t, 0, contract)
		s := newStage(t, old)
		turn := s.play("/play ask")
		logged := chat.Turn{ID: turn, Prompt: chat.Prompt{Text: "/play ask"}}
		changed := with(t, 0, map[string]string{"ask": contract["ask"] + "# another text\n"})
		if !old.CanResume(logged, []chat.Ask{s.ask()}) || changed.CanResume(logged, []chat.Ask{s.ask()}) {
			t.Error("only the driver with the same script can go on")
		}
		if old.CanResume(logged, nil) {
			t.Error("it would go on with a turn that waits for nobody")
		}
		other := newStage(t, changed)
		task := agent.Task{Turn: turn, Resume: &agent.Resume{Turn: logged, Ask: s.ask()}}
		if err := other.conn.Start(t.Context(), task); err == nil {
			t.Error("it went on in a script that has changed")
		}
		s.answer(agent.Answer{Choice: "deny"})
	})
}
