package scripted_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/scripted"
	"hermes-webui/server/chat"
)

// stage plays turns inside of a synctest bubble and keeps what was said.
type stage struct {
	*testing.T
	conn agent.Conn

	mu    sync.Mutex
	steps []agent.Step
	times []time.Time // of the steps
}

func newStage(t *testing.T, d agent.Driver) *stage {
	t.Helper()
	s := &stage{T: t}
	conn, err := d.Open(t.Context(), chat.Session{}, func(step agent.Step) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.steps, s.times = append(s.steps, step), append(s.times, time.Now())
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s.conn = conn
	return s
}

func (s *stage) start(task agent.Task) chat.TurnID {
	s.Helper()
	if task.Turn == "" {
		task.Turn = chat.TurnID(chat.NewID(chat.PrefixTurn))
	}
	if err := s.conn.Start(s.Context(), task); err != nil {
		s.Fatal(err)
	}
	return task.Turn
}

// play starts a turn and returns when nothing more happens without a person.
func (s *stage) play(prompt string) chat.TurnID {
	s.Helper()
	id := s.start(agent.Task{Prompt: chat.Prompt{Text: prompt}})
	synctest.Wait()
	return id
}

func (s *stage) answer(a agent.Answer) {
	s.Helper()
	if err := s.conn.Answer(s.Context(), s.ask().ID, a); err != nil {
		s.Fatal(err)
	}
	synctest.Wait()
}

// ask returns the newest ask.
func (s *stage) ask() chat.Ask {
	s.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, step := range slices.Backward(s.steps) {
		if b, ok := step.Body.(agent.Asked); ok {
			return b.Ask
		}
	}
	s.Fatal("nothing was asked")
	return chat.Ask{}
}

// last returns the newest step.
func (s *stage) last() agent.StepBody {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.steps[len(s.steps)-1].Body
}

// text returns all text, and the errors of tool calls.
func (s *stage) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var sb strings.Builder
	for _, step := range s.steps {
		switch b := step.Body.(type) {
		case agent.Append:
			sb.WriteString(b.Text)
		case agent.Tool:
			sb.WriteString(b.Error)
		}
	}
	return sb.String()
}

// busy returns how long the agent was at it, without the time that it waited
// for a person.
func (s *stage) busy() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	var d time.Duration
	for i := range s.steps[1:] {
		if _, ok := s.steps[i].Body.(agent.Asked); !ok {
			d += s.times[i+1].Sub(s.times[i])
		}
	}
	return d
}

// story returns the steps in a short form.
func (s *stage) story() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return story(s.steps)
}

func story(steps []agent.Step) string {
	var sb strings.Builder
	for _, step := range steps {
		switch b := step.Body.(type) {
		case agent.Open:
			fmt.Fprintf(&sb, "open %s\n", b.Part.Kind())
		case agent.Append:
			fmt.Fprintf(&sb, "%s %q\n", b.Stream, b.Text)
		case agent.Tool:
			fmt.Fprintf(&sb, "tool %s %s%s\n", b.State, b.Result, b.Error)
		case agent.Asked:
			fmt.Fprintf(&sb, "ask %s\n", b.Ask.Title)
		case agent.AskGone:
			fmt.Fprintf(&sb, "gone %s\n", b.How)
		case agent.Close:
			sb.WriteString("close\n")
		case agent.Ended:
			fmt.Fprintf(&sb, "ended %s\n", b.State)
		default:
			fmt.Fprintf(&sb, "%T\n", b)
		}
	}
	return sb.String()
}

func (s *stage) wants(want string) {
	s.Helper()
	if got := s.story(); got != want {
		s.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestDemoTakesAsLongAsItSaysAndLooksAtTheWorkspace(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "b.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "a"), 0o700); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	for choice, not := range map[string]string{"once": "You said no", "deny": "nothing was written: this is a demo"} {
		synctest.Test(t, func(t *testing.T) {
			s := newStage(t, scripted.Demo())
			s.start(agent.Task{Prompt: chat.Prompt{Text: "anything"}, Root: root, Workspace: dir})
			time.Sleep(time.Minute) // of the bubble: it waits for a person
			s.answer(agent.Answer{Choice: choice})
			time.Sleep(time.Minute)
			said := s.story()
			for _, want := range []string{`out "a/\n"`, `out "b.txt\n"`, `{"entries":2,"shown":2}`, "ended done"} {
				if !strings.Contains(said, want) {
					t.Errorf("%s: %q is missing in\n%s", choice, want, said)
				}
			}
			if strings.Contains(s.text(), not) {
				t.Errorf("%s: it said %q", choice, not)
			}
			if d := s.busy(); d < 12*time.Second || d > 22*time.Second {
				t.Errorf("%s: it took %s", choice, d)
			}
		})
	}
}

func TestWithoutAWorkspaceListDirFailsAndTheTurnGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, with(t, 0, map[string]string{"dir": "list-dir\ntext\n    {{entries}}\n"}))
		s.play("/play dir")
		s.wants("open tool_call\ntool failed The workspace could not be read.\nclose\nopen text\ntext \"0\"\nclose\nended done\n")
	})
}

func TestAnswersChooseTheirBranch(t *testing.T) {
	const src = `
ask question Tea?
    choice yes Yes
    choice no No
    on yes
        text
            chose {{answer}}
    on text
        text
            said {{answer}}
    on else
        text
            else {{answer}}
`
	tests := map[string]struct {
		answer agent.Answer
		want   string
	}{
		"a choice":           {agent.Answer{Choice: "yes"}, "chose yes"},
		"another choice":     {agent.Answer{Choice: "no"}, "else no"},
		"own words":          {agent.Answer{Text: "milk"}, "said milk"},
		"a choice and words": {agent.Answer{Choice: "yes", Text: "please"}, "chose please"},
		"no variable":        {agent.Answer{Text: "{{prompt}}"}, "said {{prompt}}"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t, with(t, 0, map[string]string{"q": src}))
				s.play("/play q")
				s.answer(tt.answer)
				s.wants(fmt.Sprintf("ask Tea?\nopen text\ntext %q\nclose\nended done\n", tt.want))
			})
		})
	}
}

func TestValuesOfASecretAreNeverSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, with(t, 0, map[string]string{
			"s": "ask secret Key\n    hidden key Key\n    on values\n        text\n            thanks {{answer}}{{command}}\n",
		}))
		s.play("/play s")
		s.answer(agent.Answer{Values: map[string]string{"key": "hunter2"}})
		s.wants("ask Key\nopen text\ntext \"thanks \"\nclose\nended done\n")
	})
}

func TestDeadlineEndsAnAskWithoutAPerson(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, with(t, 0, map[string]string{
			"d": "ask question Well?\n    deadline 1m\n    on expired\n        text\n            late\n    on else\n        text\n            early\n",
		}))
		s.play("/play d")
		if left := time.Until(s.ask().Deadline.Time); left <= 0 || left > time.Minute {
			t.Errorf("the deadline is in %s", left)
		}
		time.Sleep(2 * time.Minute)
		s.wants("ask Well?\ngone expired\nopen text\ntext \"late\"\nclose\nended done\n")
		if err := s.conn.Answer(t.Context(), s.ask().ID, agent.Answer{Text: "x"}); err == nil {
			t.Error("it took an answer after the deadline")
		}
	})
}

func TestStopClosesWhatIsOpenTheInnermostFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, with(t, 1, contract))
		s.play("/play ask")
		if err := s.conn.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if want := "gone withdrawn\ntool stopped \nclose\nended stopped\n"; !strings.HasSuffix(s.story(), want) {
			t.Errorf("got\n%s", s.story())
		}
	})
}

func TestCrashClosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, with(t, 0, nil))
		s.play("/play crash")
		ended, ok := s.last().(agent.Ended)
		if !ok || ended.State != chat.Failed || ended.Error.Code != "agent_failed" {
			t.Errorf("it ended as %+v", s.last())
		}
		if strings.Contains(s.story(), "close") {
			t.Error("a dead agent closed a part")
		}
	})
}

func TestWordsOfAPersonComeBackBeforeTheNextStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, with(t, 1, map[string]string{"w": "wait 1m\n"}))
		s.play("/play w")
		if err := s.conn.Steer(t.Context(), "faster"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Minute)
		s.wants("open text\ntext \"You said: faster\"\nclose\nended done\n")
		if err := s.conn.Steer(t.Context(), "late"); err != agent.ErrCannot {
			t.Errorf("words after the end: %v", err)
		}
	})
}

func TestStartComesBeforeATurnThatTheAgentHasNotBegun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, with(t, 1, nil))
		s.play("/play begun") // it has ended and waits to begin another one
		time.Sleep(100 * time.Millisecond)
		s.play("hello")
		time.Sleep(time.Minute)
		if strings.Contains(s.story(), "Begun") {
			t.Error("both turns ran")
		}
	})
}

func TestStartIsRefusedWhileATurnIsLive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, with(t, 0, contract))
		s.play("/play ask")
		err := s.conn.Start(context.Background(), agent.Task{Turn: "trn_x", Prompt: chat.Prompt{Text: "hello"}})
		if err == nil {
			t.Error("two turns at once")
		}
		s.answer(agent.Answer{Choice: "deny"})
	})
}

func TestChunksAreWholeCodePoints(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, with(t, 0, map[string]string{"u": "text chunk=2\n    a👍🏽é\n"}))
		s.play("/play u")
		s.wants("open text\ntext \"a👍\"\ntext \"🏽é\"\nclose\nended done\n")
	})
}
