package scripted_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// answers to an ask of each kind, good and bad.
var answers = map[bool]map[chat.AskKind]agent.Answer{
	true: {
		chat.Approval: {Choice: "once"},
		chat.Question: {Text: "my own words"},
		chat.Secret:   {Values: map[string]string{"key": "hunter2", "password": "hunter2"}},
	},
	false: {chat.Approval: {Choice: "deny"}, chat.Question: {Choice: "no"}, chat.Secret: {Choice: "deny"}},
}

func TestEveryFixtureComesToItsEnd(t *testing.T) {
	files, err := filepath.Glob(fixtures + "/*.turn")
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".turn")
		for yes, by := range answers {
			t.Run(fmt.Sprint(name, " ", yes), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := newStage(t, with(t, 1, nil))
					s.play("/play " + name)
					for range 10 {
						time.Sleep(9 * time.Minute) // of the bubble; before any deadline
						if _, ok := s.last().(agent.Asked); ok {
							s.answer(by[s.ask().Kind])
						}
					}
					if _, ok := s.last().(agent.Ended); !ok {
						t.Errorf("the last step is %T", s.last())
					}
					if strings.Contains(s.text(), "hunter2") {
						t.Error("a secret was said")
					}
				})
			})
		}
	}
}

// TestEverythingHoldsEveryStep keeps everything.turn worth its name.
func TestEverythingHoldsEveryStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, with(t, 1, nil))
		s.play("/play everything")
		for range 10 {
			time.Sleep(9 * time.Minute)
			if _, ok := s.last().(agent.Asked); !ok {
				continue
			}
			if s.ask().Deadline == nil { // that one expires
				s.answer(answers[true][s.ask().Kind])
			}
		}
		seen := map[string]bool{}
		for _, step := range s.steps {
			seen[fmt.Sprintf("%T", step.Body)] = true
			if open, ok := step.Body.(agent.Open); ok {
				seen[string(open.Part.Kind())] = true
			}
		}
		for _, body := range []agent.StepBody{
			agent.Begun{}, agent.Open{}, agent.Append{}, agent.Tool{}, agent.SetPlan{}, agent.SetSubagent{}, agent.Close{},
			agent.Asked{}, agent.AskGone{}, agent.Used{}, agent.Titled{}, agent.Status{}, agent.Ended{},
		} {
			if !seen[fmt.Sprintf("%T", body)] {
				t.Errorf("there is no %T", body)
			}
		}
		for _, kind := range []chat.PartKind{
			chat.KindText, chat.KindReasoning, chat.KindToolCall, chat.KindFile, chat.KindPlan, chat.KindSubagent, chat.KindNotice,
		} {
			if !seen[string(kind)] {
				t.Errorf("there is no part of kind %s", kind)
			}
		}
	})
}
