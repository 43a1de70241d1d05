//go:build unix

package hermes

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/direct/modeltest"
	"hermes-webui/server/agent/hermes/gateway"
	"hermes-webui/server/agent/hermes/hermestest"
	"hermes-webui/server/chat"
	"hermes-webui/server/hermesdb"
)

// lasting is a real agent that serves on its own, and the starts of a program that
// has it.
type lasting struct {
	*real
	config Config
	db     *hermesdb.DB
}

func newLasting(t *testing.T) *lasting {
	t.Helper()
	m := hermestest.NewModel(t)
	m.Set("numbers", numbers)
	home := hermestest.Home(t, m.URL)
	found := Found{Python: hermestest.Python(t), Profiles: []Profile{{Name: "default", Home: home}}}
	l := &lasting{db: hermesdb.Open(filepath.Join(home, "state.db"), "")}
	l.config = Config{
		Find: func(context.Context) Found { return found }, Env: hermestest.Env(home), Dir: t.TempDir(), Spill: t.TempDir(),
		Serve: t.TempDir(), Outlive: func() bool { return true }, Newest: l.newest,
	}
	l.real = &real{New(l.config), m, home}
	t.Cleanup(func() {
		l.Close()
		gateway.EndStanding(l.config.Serve, nil)
		_ = l.db.Close()
	})
	l.start(t)
	return l
}

func (l *lasting) newest(ctx context.Context, _ string, stored []string) ([]*chat.Turn, error) {
	settled, _, err := l.db.Page(ctx, stored, 0, 3)
	var turns []*chat.Turn
	for _, s := range settled {
		turns = append(turns, s.Turn)
	}
	return turns, err
}

// numbers counts up to its word.
var numbers = hermestest.Numbers(30 * time.Millisecond)

// leave ends the program as a signal does: turns that run are left.
func (l *lasting) leave(k *talk) {
	k.conn.(agent.Leaver).Leave()
	_ = k.conn.Close()
	l.Close()
}

// back starts the program again and takes the turn up; nil = nobody runs it.
func (l *lasting) back(t *testing.T, k *talk, id chat.TurnID, prompt string) *talk {
	t.Helper()
	l.Driver = New(l.config)
	next := &talk{t: t, session: k.session, more: make(chan struct{}), steps: slices.Clone(k.steps)}
	conn, err := l.Reattach(t.Context(), k.session, k.logged(id, prompt), k.played(id).asks, next.out)
	if err != nil {
		t.Fatal(err)
	}
	if conn == nil {
		return nil
	}
	next.conn = conn
	t.Cleanup(func() { _ = conn.Close() })
	return next
}

// away ends the program and starts it again; the turn must be taken up.
func (l *lasting) away(t *testing.T, k *talk, id chat.TurnID, prompt string) *talk {
	t.Helper()
	l.leave(k)
	next := l.back(t, k, id, prompt)
	if next == nil {
		t.Fatal("nobody runs it")
	}
	return next
}

// logged is the turn as the log has it.
func (k *talk) logged(id chat.TurnID, prompt string) chat.Turn {
	p := k.played(id)
	now := chat.Now()
	began := chat.At(now.Add(-time.Minute))
	turn := chat.Turn{ID: id, Agent: ID, State: chat.Running, Prompt: chat.Prompt{Text: prompt}, StartedAt: &began, Parts: p.order}
	for _, part := range p.order {
		text := chat.SpanOf(p.streams[part.Common().ID])
		switch part := part.(type) {
		case *chat.Text:
			part.Text = text
		case *chat.Reasoning:
			part.Text = text
		case *chat.ToolCall:
			part.Out = text
		}
	}
	for _, s := range k.steps {
		if c, ok := s.Body.(agent.Close); ok && s.Turn == id {
			p.part(c.Part).Common().ClosedAt = &now
		}
	}
	return turn
}

func TestATurnGoesOnWhileTheProgramIsAway(t *testing.T) {
	l := newLasting(t)
	k := l.talk(t)
	const prompt = "[[numbers:150]]"
	id := k.start(prompt)
	k.speaks(id)
	if !l.Outlives(k.session.ID) {
		t.Error("it is said to end with the program")
	}
	pid := l.States()["default"].PID
	k = l.away(t, k, id, prompt)
	if got := l.States()["default"].PID; got != pid || !l.Runs(pid) {
		t.Errorf("the agent is %d, was %d", got, pid)
	}
	p := k.finish(id, prompt)
	if p.end.State != chat.Done || p.text() != hermestest.Counted("150") {
		t.Errorf("it ended as %+v with %q", p.end, p.text())
	}
	if p := k.do("[[count]]"); p.text() != "2" {
		t.Errorf("the agent remembers %q prompts", p.text())
	}
	l.Close()
	if gateway.IsStanding(l.config.Serve, pid) {
		t.Error("the agent is left although nothing runs")
	}
}

func TestWhatATurnDidWhileTheProgramWasAwayIsShownOnce(t *testing.T) {
	l := newLasting(t)
	l.model.Set("errand", func(arg string, n int, a modeltest.Asked) modeltest.Script {
		switch n {
		case 0:
			s := numbers("40", 0, a)
			s.Calls = hermestest.Scenes()["tool"]("sleep 1; echo first", 0, a).Calls
			return s
		case 1:
			s := modeltest.Say("In ", "between. ")
			s.Calls = hermestest.Scenes()["tool"]("echo second", 0, a).Calls
			return s
		default:
			return numbers(arg, 0, a)
		}
	})
	want := []string{"text " + hermestest.Counted("40"), "call sleep 1; echo first: first", "text In between.", "call echo second: second", "text " + hermestest.Counted("20")}
	for name, moment := range map[string]func(*talk, chat.TurnID){
		"in the first words": func(k *talk, id chat.TurnID) { k.speaks(id) },
		"in a call": func(k *talk, id chat.TurnID) {
			await(k, "a call", func(s agent.Step, b agent.Tool) bool { return s.Turn == id && b.State == chat.ToolRunning })
		},
	} {
		t.Run(name, func(t *testing.T) {
			k := l.talk(t)
			const prompt = "[[errand:20]]"
			id := k.start(prompt)
			moment(k, id)
			l.leave(k)
			l.settled(t, k)
			k = l.back(t, k, id, prompt)
			if k == nil {
				t.Fatal("nobody knows it")
			}
			if end := k.ended(id); end.State != chat.Done {
				t.Errorf("it ended as %+v", end)
			}
			if got := k.played(id).lines(); !slices.Equal(got, want) {
				t.Errorf("shown\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
	t.Run("and it goes on", func(t *testing.T) {
		k := l.talk(t)
		const prompt = "[[errand:90]]"
		id := k.start(prompt)
		k.speaks(id)
		l.leave(k)
		l.until(t, k, func(turn *chat.Turn) bool { return len(turn.Parts) >= 4 }) // the second call is in it
		k = l.back(t, k, id, prompt)
		if k == nil {
			t.Fatal("nobody runs it")
		}
		if end := k.ended(id); end.State != chat.Done {
			t.Errorf("it ended as %+v", end)
		}
		want[4] = "text " + hermestest.Counted("90")
		if got := k.played(id).lines(); !slices.Equal(got, want) {
			t.Errorf("shown\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

// lines tells what a turn shows, a line for each part.
func (p *played) lines() (all []string) {
	for _, part := range p.order {
		text := strings.TrimSpace(p.streams[part.Common().ID])
		switch part := part.(type) {
		case *chat.Text:
			all = append(all, "text "+text)
		case *chat.ToolCall:
			all = append(all, "call "+shellOf(part)+": "+text)
		default:
			all = append(all, string(part.Kind())+" "+text)
		}
	}
	return all
}

func shellOf(c *chat.ToolCall) string {
	_, rest, _ := strings.Cut(string(c.Args), `"command":`)
	_, rest, _ = strings.Cut(rest, `"`)
	command, _, _ := strings.Cut(rest, `"`)
	return command
}

// settled waits until the agent has ended the newest turn of a session.
func (l *lasting) settled(t *testing.T, k *talk) {
	t.Helper()
	l.until(t, k, func(turn *chat.Turn) bool { return turn.State == chat.Done })
}

func (l *lasting) until(t *testing.T, k *talk, want func(*chat.Turn) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		turns, err := l.newest(ctx, "", k.session.Stored)
		if err != nil {
			t.Fatal(err)
		}
		if len(turns) > 0 && want(turns[len(turns)-1]) {
			return
		}
		if err := l.db.Wait(ctx); err != nil {
			t.Fatal("the agent does not get there")
		}
	}
}

func TestAnApprovalIsAnsweredAfterTheProgramWasAway(t *testing.T) {
	l := newLasting(t)
	k := l.talk(t)
	const prompt = "[[tool:rm -rf ./none]]"
	id := k.start(prompt)
	ask := k.asked(id)
	k = l.away(t, k, id, prompt)
	k.answer(ask.ID, agent.Answer{Choice: "once"})
	if end := k.ended(id); end.State != chat.Done {
		t.Fatalf("it ended as %+v", end)
	}
	if c := k.played(id).tool(t); c.State != chat.ToolDone {
		t.Errorf("the call is %+v", c)
	}
}

func TestAQuestionIsAnsweredAfterTheProgramWasAway(t *testing.T) {
	l := newLasting(t)
	k := l.talk(t)
	const prompt = "[[clarify]]"
	id := k.start(prompt)
	ask := k.asked(id)
	k = l.away(t, k, id, prompt)
	k.answer(ask.ID, agent.Answer{Choice: "2"})
	if end := k.ended(id); end.State != chat.Done {
		t.Fatalf("it ended as %+v", end)
	}
	if got := string(k.played(id).tool(t).Result); !strings.Contains(got, "blue") {
		t.Errorf("the agent understood %s", got)
	}
}

func TestATurnWhoseAgentDiedMeanwhileIsNotTakenUp(t *testing.T) {
	l := newLasting(t)
	k := l.talk(t)
	id := k.start("[[long]]")
	k.speaks(id)
	l.leave(k)
	gateway.EndStanding(l.config.Serve, nil)
	if l.back(t, k, id, "[[long]]") != nil {
		t.Error("somebody runs it")
	}
}

func TestATurnOutlivesItsConnection(t *testing.T) {
	l := newLasting(t)
	k := l.talk(t)
	id := k.start("[[numbers:150]]")
	k.speaks(id)
	c := k.conn.(*conn)
	_ = c.live().client.Close()
	if end := k.ended(id); end.State != chat.Done {
		t.Fatalf("it ended as %+v", end)
	}
	if p := k.played(id); p.text() != hermestest.Counted("150") {
		t.Errorf("the text is %q", p.text())
	}
}

func TestAStoppedTurnIsNotLeft(t *testing.T) {
	l := newLasting(t)
	k := l.talk(t)
	id := k.start("[[long]]")
	k.speaks(id)
	if err := k.conn.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	pid := l.States()["default"].PID
	l.leave(k)
	if gateway.IsStanding(l.config.Serve, pid) {
		t.Error("the agent is left although nothing is to go on")
	}
}
