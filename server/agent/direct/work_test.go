package direct_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/direct"
	"hermes-webui/server/agent/direct/modeltest"
	"hermes-webui/server/agent/direct/tool"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// handy is a tool that does what a test says.
type handy struct {
	name    string
	needs   *tool.Permission
	alone   bool
	edit    bool
	run     func(ctx context.Context, t tool.Turn, args string) (tool.Result, error)
	prepare func(args string) error
}

func (h handy) Spec() tool.Spec {
	return tool.Spec{Name: h.name, About: "does " + h.name, Schema: json.RawMessage(`{"type":"object"}`)}
}

func (h handy) Prepare(_ context.Context, _ tool.Place, args json.RawMessage) (tool.Call, error) {
	if h.prepare != nil {
		if err := h.prepare(string(args)); err != nil {
			return tool.Call{}, err
		}
	}
	return h.call(string(args), h.needs), nil
}

func (h handy) call(args string, needs *tool.Permission) tool.Call {
	c := tool.Call{Title: "Title of " + h.name, Needs: needs, Alone: h.alone, Run: func(ctx context.Context, t tool.Turn) (tool.Result, error) {
		return h.run(ctx, t, args)
	}}
	if h.edit {
		c.Edit = func(command string) (tool.Call, error) {
			if command == "bad" {
				return tool.Call{}, errors.New("not like this")
			}
			other := *needs
			other.Command = command
			return h.call(command, &other), nil
		}
	}
	return c
}

// saying is a tool that writes text.
func saying(name, text string) handy {
	return handy{name: name, run: func(_ context.Context, t tool.Turn, _ string) (tool.Result, error) {
		_, err := fmt.Fprint(t, text)
		return tool.Result{}, err
	}}
}

// book keeps rules in memory.
type book struct {
	mu   sync.Mutex
	kept map[string]bool
	err  error
}

func newBook() *book { return &book{kept: map[string]bool{}} }

func (b *book) Allowed(_ context.Context, s chat.SessionID, permits []tool.Permit) (bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.ContainsFunc(permits, func(p tool.Permit) bool { return b.kept[b.Words(s, p)] || b.kept[b.Words("", p)] }), nil
}

func (b *book) Allow(_ context.Context, s chat.SessionID, p tool.Permit) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.kept[b.Words(s, p)] = true
	return b.err
}

func (b *book) Words(s chat.SessionID, p tool.Permit) string {
	return fmt.Sprintf("%s|%s|%s|%s", s, p.Kind, p.Pattern, p.Workspace)
}

// shop is a driver with tools, a model server behind it, and what came of it.
type shop struct {
	t      *testing.T
	server *modeltest.Server
	driver *direct.Driver
	conn   agent.Conn
	rules  *book
	mu     sync.Mutex
	steps  []agent.Step
	ended  chan agent.Ended
	asked  chan chat.Ask
	said   chan string // outputs and texts as they come
	titled chan string
}

func newShop(t *testing.T, kind direct.Kind, answer func(modeltest.Request) modeltest.Script, tools ...tool.Tool) *shop {
	t.Helper()
	return newShopWith(t, kind, answer, func(c *direct.Config) { c.Tools = tools })
}

func newShopWith(t *testing.T, kind direct.Kind, answer func(modeltest.Request) modeltest.Script, set func(*direct.Config)) *shop {
	t.Helper()
	server, err := modeltest.Start(answer)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	s := &shop{
		t: t, server: server, rules: newBook(), ended: make(chan agent.Ended, 9), asked: make(chan chat.Ask, 99),
		said: make(chan string, 10000), titled: make(chan string, 9),
	}
	c := direct.Config{Providers: providers{endpoint(kind, server.URL)}, Quiet: 5 * time.Second, Rules: s.rules}
	set(&c)
	s.driver = direct.New(c)
	t.Cleanup(s.driver.Close)
	s.open()
	return s
}

func (s *shop) open() {
	s.t.Helper()
	conn, err := s.driver.Open(s.t.Context(), chat.Session{ID: "ses_1"}, s.out)
	if err != nil {
		s.t.Fatal(err)
	}
	s.conn = conn
	s.t.Cleanup(func() { _ = conn.Close() })
}

func (s *shop) out(step agent.Step) error {
	s.mu.Lock()
	s.steps = append(s.steps, step)
	s.mu.Unlock()
	switch b := step.Body.(type) {
	case agent.Append:
		s.said <- b.Text
	case agent.Asked:
		s.asked <- b.Ask
	case agent.Titled:
		s.titled <- b.Title
	case agent.Ended:
		s.ended <- b
	}
	return nil
}

func (s *shop) start(task agent.Task) agent.Task {
	s.t.Helper()
	if task.Turn == "" {
		task.Turn = chat.TurnID(chat.NewID(chat.PrefixTurn))
	}
	if task.Prompt.Text == "" {
		task.Prompt.Text = "go"
	}
	if err := s.conn.Start(s.t.Context(), task); err != nil {
		s.t.Fatal(err)
	}
	return task
}

func await[T any](t *testing.T, c <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(20 * time.Second):
		t.Fatalf("no %s came", what)
		panic("unreachable")
	}
}

func (s *shop) wantDone() {
	s.t.Helper()
	if e := await(s.t, s.ended, "end"); e.State != chat.Done {
		s.t.Fatalf("ended as %s: %+v\n%s", e.State, e.Error, strings.Join(s.lines(), "\n"))
	}
}

func (s *shop) answer(choice string, more ...func(*agent.Answer)) chat.Ask {
	s.t.Helper()
	ask := await(s.t, s.asked, "ask")
	a := agent.Answer{Choice: choice}
	for _, m := range more {
		m(&a)
	}
	if err := s.conn.Answer(s.t.Context(), ask.ID, a); err != nil {
		s.t.Fatal(err)
	}
	return ask
}

// calls returns the tool calls as the steps tell them.
func (s *shop) calls() []*chat.ToolCall {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []*chat.ToolCall
	at := map[chat.PartID]*chat.ToolCall{}
	for _, step := range s.steps {
		switch b := step.Body.(type) {
		case agent.Open:
			if c, ok := b.Part.(*chat.ToolCall); ok {
				own := *c
				at[own.ID] = &own
				list = append(list, &own)
			}
		case agent.Tool:
			c := at[b.Part]
			c.Title, c.Args, c.State, c.Result, c.Error = b.Title, b.Args, b.State, b.Result, b.Error
		case agent.Append:
			if c := at[b.Part]; c != nil {
				_ = c.Out.Put(c.Out.Len(), b.Text)
			}
		case agent.Close:
			if c := at[b.Part]; c != nil {
				now := chat.Now()
				c.ClosedAt = &now
			}
		}
	}
	return list
}

// lines tells the calls: name state out|error.
func (s *shop) lines() (out []string) {
	for _, c := range s.calls() {
		out = append(out, fmt.Sprintf("%s %s %s%s", c.Name, c.State, c.Out, c.Error))
	}
	return out
}

func (s *shop) want(lines ...string) {
	s.t.Helper()
	if got := s.lines(); !slices.Equal(got, lines) {
		s.t.Errorf("calls are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(lines, "\n"))
	}
	for _, c := range s.calls() {
		if c.ClosedAt == nil {
			s.t.Errorf("the part of %s stayed open", c.Name)
		}
	}
}

// told returns what the model was told in its newest question.
func (s *shop) told() modeltest.Asked {
	all := s.server.Requests()
	return all[len(all)-1].Asked()
}

func (s *shop) wantTold(lines ...string) {
	s.t.Helper()
	if got := s.told().Lines(); !slices.Equal(got, lines) {
		s.t.Errorf("the model was told\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(lines, "\n"))
	}
}

func (s *shop) notices() (out []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, step := range s.steps {
		if b, ok := step.Body.(agent.Open); ok {
			if n, ok := b.Part.(*chat.Notice); ok {
				out = append(out, n.Text)
			}
		}
	}
	return out
}

func both(t *testing.T, f func(t *testing.T, kind direct.Kind)) {
	for _, kind := range []direct.Kind{direct.OpenAI, direct.Anthropic} {
		t.Run(string(kind), func(t *testing.T) { f(t, kind) })
	}
}

// forbidden needs a permission that can be remembered.
func forbidden(pattern string) *tool.Permission {
	return &tool.Permission{
		Title: "May it?", Why: "a reason", Command: pattern, Danger: "it bites",
		Permits: []tool.Permit{{Kind: tool.Command, Pattern: pattern, Workspace: "/w"}},
	}
}

func TestCallsAreDoneAndTheModelIsToldOfThem(t *testing.T) {
	both(t, func(t *testing.T, kind direct.Kind) {
		s := newShop(t, kind, modeltest.Dialogue(
			modeltest.Script{Tokens: []string{"I look. "}, Calls: []modeltest.Call{{Name: "look", Args: `{"at":1}`}, {Name: "peek", Args: `{}`}}, Usage: &modeltest.Usage{Input: 5, Output: 2}},
			modeltest.Say("Done."),
		), saying("look", "a tree"), saying("peek", "a bird"))
		s.start(agent.Task{Prompt: chat.Prompt{Text: "what is there?"}})
		s.wantDone()
		s.want("look done a tree", "peek done a bird")
		s.wantTold("user: what is there?", "assistant: I look. ", `assistant call: look {"at":1}`, "assistant call: peek {}",
			"user result: a tree", "user result: a bird")
		if first := s.server.Requests()[0].Asked(); !slices.Equal(first.Tools, []string{"look", "peek"}) || !strings.Contains(first.System, "Hermes") {
			t.Errorf("asked with tools %q and system %q", first.Tools, first.System)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		var used chat.Usage
		for _, step := range s.steps {
			if u, ok := step.Body.(agent.Used); ok {
				used = u.Usage
			}
		}
		if used.Input != 12 || used.Output != 3 || used.Context != 8 || !strings.HasSuffix(used.Model, "/small") {
			t.Errorf("usage is %+v", used)
		}
	})
}

func TestReadsRunBesideEachOtherAndChangesAlone(t *testing.T) {
	both(t, func(t *testing.T, kind direct.Kind) {
		var mu sync.Mutex
		running, changing, order := 0, 0, []string{}
		all := make(chan struct{})
		run := func(change bool) func(context.Context, tool.Turn, string) (tool.Result, error) {
			return func(ctx context.Context, _ tool.Turn, args string) (tool.Result, error) {
				mu.Lock()
				running++
				if changing > 0 || change && running > 1 {
					t.Errorf("a change ran beside another call")
				}
				order = append(order, args)
				if change {
					changing++
				} else if running == 3 {
					close(all)
				}
				mu.Unlock()
				if !change {
					select {
					case <-all: // only when all three run at once
					case <-ctx.Done():
					}
				}
				mu.Lock()
				defer mu.Unlock()
				running--
				if change {
					changing--
				}
				return tool.Result{}, nil
			}
		}
		read, write := handy{name: "read", run: run(false)}, handy{name: "write", alone: true, run: run(true)}
		s := newShop(t, kind, modeltest.Dialogue(
			modeltest.Use("write", `{"n":1}`, "read", `{"n":2}`, "read", `{"n":3}`, "read", `{"n":4}`, "write", `{"n":5}`, "write", `{"n":6}`),
			modeltest.Say("ok")), read, write)
		s.start(agent.Task{})
		s.wantDone()
		if order[0] != `{"n":1}` || order[4] != `{"n":5}` || order[5] != `{"n":6}` {
			t.Errorf("ran as %q", order)
		}
	})
}

func TestNothingRunsThatWasNotAllowed(t *testing.T) {
	both(t, func(t *testing.T, kind direct.Kind) {
		ran := 0
		act := handy{name: "act", alone: true, needs: forbidden("x"), run: func(context.Context, tool.Turn, string) (tool.Result, error) {
			ran++
			return tool.Result{}, nil
		}}
		s := newShop(t, kind, modeltest.Dialogue(modeltest.Use("act", `{}`), modeltest.Use("act", `{}`), modeltest.Say("sorry")), act)
		s.start(agent.Task{})
		ask := s.answer("deny", func(a *agent.Answer) { a.Text = "not on Mondays" })
		if ask.Kind != chat.Approval || ask.Title != "May it?" || ask.Command != "x" || ask.Danger != "it bites" || ask.Why != "a reason" || ask.Editable {
			t.Errorf("asked %+v", ask)
		}
		var ids []string
		for _, c := range ask.Choices {
			ids = append(ids, c.ID+":"+c.Rule)
		}
		if want := []string{"once:", "session:ses_1|command|x|/w", "always:|command|x|/w", "deny:"}; !slices.Equal(ids, want) {
			t.Errorf("choices are %q, want %q", ids, want)
		}
		s.answer("") // nobody answered in time
		s.wantDone()
		if ran != 0 {
			t.Fatalf("it ran %d times", ran)
		}
		r, _ := s.told().Result("act")
		if !strings.Contains(s.lines()[0], "not on Mondays") || !strings.Contains(r.Text, "denied") {
			t.Errorf("calls %q, the model was told %+v", s.lines(), r)
		}
	})
}

func TestWhatWasAllowedForLongerIsNotAskedAgain(t *testing.T) {
	for _, scope := range []string{"once", "session", "always"} {
		t.Run(scope, func(t *testing.T) {
			act := saying("act", "did")
			act.needs, act.alone = forbidden("x"), true
			s := newShop(t, direct.OpenAI, modeltest.Dialogue(modeltest.Use("act", `{}`), modeltest.Use("act", `{}`), modeltest.Say("ok")), act)
			s.start(agent.Task{})
			s.answer(scope)
			if scope == "once" {
				s.answer("once")
			}
			s.wantDone()
			s.want("act done did", "act done did")
			_, session := s.rules.kept["ses_1|command|x|/w"]
			_, always := s.rules.kept["|command|x|/w"]
			if session != (scope == "session") || always != (scope == "always") || len(s.asked) != 0 {
				t.Errorf("kept %v", s.rules.kept)
			}
		})
	}
}

func TestCallsThatNeedTheSameAreAskedAboutOnce(t *testing.T) {
	act := saying("act", "did")
	act.needs = forbidden("x") // beside each other
	s := newShop(t, direct.OpenAI, modeltest.Dialogue(modeltest.Use("act", `{}`, "act", `{}`, "act", `{}`), modeltest.Say("ok")), act)
	s.start(agent.Task{})
	s.answer("session")
	s.wantDone()
	s.want("act done did", "act done did", "act done did")
	if len(s.asked) != 0 {
		t.Error("it asked again")
	}
}

func TestAPermissionThatCannotBeRememberedOffersOnlyOnce(t *testing.T) {
	act := saying("act", "did")
	act.needs = &tool.Permission{Title: "May it?"}
	s := newShop(t, direct.OpenAI, modeltest.Dialogue(modeltest.Use("act", `{}`), modeltest.Say("ok")), act)
	s.start(agent.Task{})
	if ask := s.answer("once"); len(ask.Choices) != 2 {
		t.Errorf("choices are %+v", ask.Choices)
	}
	s.wantDone()
}

func TestACommandThatThePersonChangedIsTheOneThatRuns(t *testing.T) {
	act := handy{name: "act", alone: true, edit: true, needs: forbidden("rm"), run: func(_ context.Context, out tool.Turn, args string) (tool.Result, error) {
		_, err := fmt.Fprint(out, "ran "+args)
		return tool.Result{}, err
	}}
	s := newShop(t, direct.OpenAI, modeltest.Dialogue(modeltest.Use("act", `{"c":"rm"}`), modeltest.Use("act", `{}`), modeltest.Say("ok")), act)
	s.start(agent.Task{})
	if ask := s.answer("once", func(a *agent.Answer) { a.Command = "ls" }); !ask.Editable {
		t.Error("the command cannot be changed")
	}
	s.answer("once", func(a *agent.Answer) { a.Command = "bad" })
	s.wantDone()
	lines := s.lines()
	if !strings.Contains(lines[0], "changed the command to: ls") || !strings.HasSuffix(lines[0], "ran ls") || strings.Contains(lines[1], "ran") {
		t.Errorf("calls are %q", lines)
	}
}

func TestAChangedCommandIsNeverRemembered(t *testing.T) {
	for _, choice := range []string{"session", "always"} {
		act := saying("act", "did")
		act.needs, act.alone, act.edit = forbidden("rm"), true, true
		s := newShop(t, direct.OpenAI, modeltest.Dialogue(modeltest.Use("act", `{}`), modeltest.Say("ok")), act)
		s.start(agent.Task{})
		s.answer(choice, func(a *agent.Answer) { a.Command = "ls" })
		s.wantDone()
		if lines := s.lines(); strings.Contains(lines[0], "did") || len(s.rules.kept) != 0 {
			t.Errorf("%s: calls are %q, kept %v", choice, lines, s.rules.kept)
		}
	}
}

func TestWhatAModelGetsWrongIsToldToIt(t *testing.T) {
	both(t, func(t *testing.T, kind direct.Kind) {
		picky := saying("picky", "no")
		picky.prepare = func(string) error { return errors.New("path is missing; give one") }
		broken := handy{name: "broken", run: func(context.Context, tool.Turn, string) (tool.Result, error) { panic("ouch") }}
		failing := handy{name: "failing", run: func(_ context.Context, out tool.Turn, _ string) (tool.Result, error) {
			_, err := fmt.Fprint(out, "some words\n")
			return tool.Result{Page: json.RawMessage(`{"kind":"exit","exit_code":2,"note":"exit code 2"}`), Failed: true}, err
		}}
		s := newShop(t, kind, modeltest.Dialogue(
			modeltest.Use("missing", `{}`, "picky", `{"a":`, "picky", `[1]`, "picky", `{}`, "broken", `{}`, "failing", `{}`),
			modeltest.Say("ok")), picky, broken, failing)
		s.start(agent.Task{})
		s.wantDone()
		lines := s.lines()
		for i, want := range []string{"no tool \"missing\"", "not a JSON object", "not a JSON object", "path is missing", "defect", "some words"} {
			if !strings.Contains(lines[i], want) || !strings.Contains(lines[i], " failed ") {
				t.Errorf("%q lacks %q", lines[i], want)
			}
		}
		results := 0
		for _, m := range s.told().Messages {
			results += len(m.Results)
		}
		if results != 6 {
			t.Errorf("the model was told of %d calls", results)
		}
		if r, _ := s.told().Result("failing"); !strings.Contains(r.Text, "some words") || !strings.Contains(r.Text, "exit code 2") {
			t.Errorf("told %+v", r)
		}
	})
}

func TestTheOutputComesWhileTheCallRuns(t *testing.T) {
	seen := make(chan struct{})
	slow := handy{name: "slow", run: func(ctx context.Context, out tool.Turn, _ string) (tool.Result, error) {
		for _, piece := range []string{"ha", "lf \xf0\x9f", "\x98\x80 a face"} {
			if _, err := out.Write([]byte(piece)); err != nil {
				return tool.Result{}, err
			}
		}
		select {
		case <-seen:
			return tool.Result{}, nil
		case <-ctx.Done():
			return tool.Result{}, context.Cause(ctx)
		}
	}}
	s := newShop(t, direct.OpenAI, modeltest.Dialogue(modeltest.Use("slow", `{}`), modeltest.Say("ok")), slow)
	s.start(agent.Task{})
	for text := ""; text != "half 😀 a face"; text += await(t, s.said, "output") {
	}
	close(seen)
	s.wantDone()
	s.want("slow done half 😀 a face")
}

func TestStopEndsWhatACallDoesAndSaysNothingMore(t *testing.T) {
	both(t, func(t *testing.T, kind direct.Kind) {
		gone := make(chan error, 9)
		slow := handy{name: "slow", alone: true, run: func(ctx context.Context, out tool.Turn, _ string) (tool.Result, error) {
			_, _ = fmt.Fprint(out, "begun")
			<-ctx.Done()
			gone <- ctx.Err()
			return tool.Result{}, ctx.Err()
		}}
		s := newShop(t, kind, modeltest.Always(modeltest.Use("slow", `{}`, "slow", `{}`)), slow)
		s.start(agent.Task{})
		await(t, s.said, "output")
		if err := s.conn.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		select {
		case <-gone:
		default:
			t.Error("Stop returned before the call had ended")
		}
		s.mu.Lock()
		before := len(s.steps)
		s.mu.Unlock()
		s.start(agent.Task{}) // it can begin anew
		await(t, s.said, "output")
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, step := range s.steps[before:] {
			if step.Turn == s.steps[0].Turn {
				t.Errorf("after the stop came %+v", step)
			}
		}
		if len(s.server.Requests()) != 2 {
			t.Errorf("%d questions were asked", len(s.server.Requests()))
		}
	})
}

func TestStopWhileAnAskWaits(t *testing.T) {
	act := saying("act", "did")
	act.needs = forbidden("x")
	s := newShop(t, direct.OpenAI, modeltest.Always(modeltest.Use("act", `{}`)), act)
	s.start(agent.Task{})
	ask := await(t, s.asked, "ask")
	if err := s.conn.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.start(agent.Task{})
	if err := s.conn.Answer(t.Context(), ask.ID, agent.Answer{Choice: "once"}); fault.CodeOf(err) != fault.CodeNoAsk {
		t.Errorf("an answer for a stopped turn: %v", err)
	}
}

func TestAfterFiftyQuestionsItAsksToGoOn(t *testing.T) {
	for _, choice := range []string{"go_on", "stop", ""} {
		t.Run("choice "+choice, func(t *testing.T) {
			s := newShop(t, direct.OpenAI, func(r modeltest.Request) modeltest.Script {
				if r.N < 52 {
					return modeltest.Use("look", `{}`)
				}
				return modeltest.Say("at last")
			}, saying("look", "a tree"))
			s.start(agent.Task{})
			ask := s.answer(choice, func(a *agent.Answer) {
				if choice == "" {
					a.Text = "hurry up"
				}
			})
			if ask.Kind != chat.Question || !strings.Contains(ask.Title, "50") {
				t.Errorf("asked %+v", ask)
			}
			if n := len(s.server.Requests()); choice == "stop" && n != 50 {
				t.Errorf("%d questions were asked", n)
			}
			e := await(t, s.ended, "end")
			if (e.State == chat.Done) != (choice != "stop") {
				t.Errorf("ended as %+v", e)
			}
			if choice == "" && (!strings.Contains(strings.Join(s.told().Lines(), "\n"), "hurry up") || !slices.Contains(s.notices(), "hurry up")) {
				t.Errorf("the words of the person went nowhere: %q", s.notices())
			}
		})
	}
}

func TestAPersonSetsWhenATurnAsksToGoOn(t *testing.T) {
	s := newShopWith(t, direct.OpenAI, modeltest.Always(modeltest.Use("look", `{}`)), func(c *direct.Config) {
		c.Prefer = func() direct.Preferences { return direct.Preferences{AskAfter: 6} }
		c.Tools = []tool.Tool{saying("look", "a tree")}
	})
	s.start(agent.Task{})
	ask := s.answer("stop", func(*agent.Answer) {})
	e := await(t, s.ended, "end")
	if n := len(s.server.Requests()); n != 6 || !strings.Contains(ask.Title, "6 times") || !strings.Contains(e.Error.Text, "6 questions") {
		t.Errorf("%d questions, asked %q, ended as %+v", n, ask.Title, e)
	}
}

func TestAModelNamesNothingThatAPersonDoesNotWantNamed(t *testing.T) {
	s := newShopWith(t, direct.OpenAI, modeltest.Always(modeltest.Say("There are many.")), func(c *direct.Config) {
		c.Prefer = func() direct.Preferences { return direct.Preferences{} }
	})
	s.start(agent.Task{})
	s.wantDone()
	if err := s.conn.Close(); err != nil { // waits for titles under way
		t.Fatal(err)
	}
	if n := len(s.server.Requests()); n != 1 || len(s.titled) != 0 {
		t.Errorf("%d questions, %d titles", n, len(s.titled))
	}
}

func TestWordsIntoARunningTurnReachTheModelWithTheNextQuestion(t *testing.T) {
	both(t, func(t *testing.T, kind direct.Kind) {
		var s *shop
		look := handy{name: "look", run: func(ctx context.Context, out tool.Turn, _ string) (tool.Result, error) {
			return tool.Result{}, s.conn.Steer(ctx, "mind the cat")
		}}
		s = newShop(t, kind, modeltest.Dialogue(modeltest.Use("look", `{}`), modeltest.Say("ok")), look)
		s.start(agent.Task{})
		s.wantDone()
		s.wantTold("user: go", "assistant call: look {}", "user result: (no output)", "user: mind the cat")
		if err := s.conn.Steer(t.Context(), "too late"); !errors.Is(err, agent.ErrCannot) {
			t.Errorf("steering a turn that is over: %v", err)
		}
	})
}

func TestWordsDuringTheLastAnswerAreStillAnswered(t *testing.T) {
	var s *shop
	s = newShop(t, direct.OpenAI, func(r modeltest.Request) modeltest.Script {
		if r.N == 0 {
			if err := s.conn.Steer(context.Background(), "and the dog?"); err != nil {
				t.Error(err)
			}
			return modeltest.Say("about the cat")
		}
		return modeltest.Say("about the dog")
	}, saying("look", ""))
	s.start(agent.Task{})
	s.wantDone()
	s.wantTold("user: go", "assistant: about the cat", "user: and the dog?")
}

func TestThePlanIsOnePartThatChanges(t *testing.T) {
	n := 0
	plan := handy{name: "plan", run: func(_ context.Context, out tool.Turn, _ string) (tool.Result, error) {
		n++
		return tool.Result{}, out.SetPlan([]chat.PlanItem{{Text: fmt.Sprint("step ", n), State: chat.PlanActive}})
	}}
	s := newShop(t, direct.OpenAI, modeltest.Dialogue(modeltest.Use("plan", `{}`), modeltest.Use("plan", `{}`), modeltest.Say("ok")), plan)
	s.start(agent.Task{})
	s.wantDone()
	s.mu.Lock()
	defer s.mu.Unlock()
	opened, set := 0, 0
	for _, step := range s.steps {
		switch b := step.Body.(type) {
		case agent.Open:
			if p, ok := b.Part.(*chat.Plan); ok && p.Items[0].Text == "step 1" {
				opened++
			}
		case agent.SetPlan:
			if b.Items[0].Text == "step 2" {
				set++
			}
		}
	}
	if opened != 1 || set != 1 {
		t.Errorf("opened %d, set %d", opened, set)
	}
}

func TestAToolMayAskThePerson(t *testing.T) {
	q := handy{name: "ask", run: func(ctx context.Context, out tool.Turn, _ string) (tool.Result, error) {
		a, err := out.Ask(ctx, chat.Ask{Title: "Red or blue?", Kind: chat.Approval, Command: "smuggled"})
		if err != nil {
			return tool.Result{}, err
		}
		_, err = fmt.Fprint(out, a.Text)
		return tool.Result{}, err
	}}
	s := newShop(t, direct.OpenAI, modeltest.Dialogue(modeltest.Use("ask", `{}`), modeltest.Say("ok")), q)
	s.start(agent.Task{})
	if ask := s.answer("", func(a *agent.Answer) { a.Text = "blue" }); ask.Kind != chat.Question || ask.Command != "" || ask.Part == nil {
		t.Errorf("asked %+v", ask)
	}
	s.wantDone()
	s.want("ask done blue")
}

func TestAModelWithoutToolsTalks(t *testing.T) {
	s := newShop(t, direct.OpenAI, func(r modeltest.Request) modeltest.Script {
		if len(r.Asked().Tools) > 0 {
			return modeltest.Refuse(400, `{"error":{"message":"registry.ollama.ai/library/gemma3 does not support tools"}}`)
		}
		return modeltest.Say("hello")
	}, saying("look", ""))
	for range 2 {
		s.start(agent.Task{})
		s.wantDone()
	}
	if n := len(s.server.Requests()); n != 3 || len(s.notices()) != 1 || !strings.Contains(s.notices()[0], "cannot use tools") {
		t.Errorf("%d questions, notices %q", n, s.notices())
	}
	if s.told().System != "" {
		t.Errorf("a model without tools is told %q", s.told().System)
	}
}

func TestATitleComesAfterTheFirstAnswer(t *testing.T) {
	s := newShopWith(t, direct.OpenAI, modeltest.Aside(modeltest.Say("Trees in ", "the park"), modeltest.Always(modeltest.Say("There are many."))),
		func(c *direct.Config) {
			c.Prefer = func() direct.Preferences { return direct.Preferences{Titles: true} }
			c.Tools = []tool.Tool{saying("look", "")}
		})
	s.start(agent.Task{})
	s.wantDone()
	if title := await(t, s.titled, "title"); title != "Trees in the park" {
		t.Errorf("title %q", title)
	}
	s.start(agent.Task{History: slices.Values([]*chat.Turn{{ID: "trn_1", Prompt: chat.Prompt{Text: "before"}, State: chat.Done}})})
	s.wantDone()
	if err := s.conn.Close(); err != nil { // waits for titles under way
		t.Fatal(err)
	}
	if len(s.titled) != 0 {
		t.Error("a later turn names the session again")
	}
}

func TestAFolderThatIsGoneIsTold(t *testing.T) {
	s := newShop(t, direct.OpenAI, modeltest.Always(modeltest.Say("ok")), saying("look", ""))
	s.start(agent.Task{Workspace: "/gone"})
	s.wantDone()
	if n := s.notices(); len(n) != 1 || !strings.Contains(n[0], "/gone") || strings.Contains(s.told().System, "/gone") {
		t.Errorf("notices %q, the model was told %q", n, s.told().System)
	}
}

func TestACallThatWasCutOffIsNotDone(t *testing.T) {
	both(t, func(t *testing.T, kind direct.Kind) {
		finish := map[direct.Kind]string{direct.OpenAI: "length", direct.Anthropic: "max_tokens"}[kind]
		s := newShop(t, kind, modeltest.Dialogue(
			modeltest.Script{Calls: []modeltest.Call{{Name: "look", Args: `{}`}, {Name: "look", Args: ""}}, Finish: finish}, modeltest.Say("ok")), saying("look", "a tree"))
		s.start(agent.Task{})
		s.wantDone()
		if lines := s.lines(); lines[0] != "look done a tree" || !strings.Contains(lines[1], "cut off") {
			t.Errorf("calls are %q", lines)
		}
	})
}

func TestAToolsNameDoesNotGrowWithoutEnd(t *testing.T) {
	both(t, func(t *testing.T, kind direct.Kind) {
		s := newShop(t, kind, modeltest.Dialogue(modeltest.Use(strings.Repeat("n", 1<<20), `{}`), modeltest.Say("ok")), saying("look", ""))
		s.start(agent.Task{})
		s.wantDone()
		if c := s.calls(); len(c) != 1 || len(c[0].Name) > 256 || c[0].State != chat.ToolFailed || len(c[0].Error) > 1000 {
			t.Errorf("kept a name of %d bytes, an error of %d", len(c[0].Name), len(c[0].Error))
		}
	})
}
