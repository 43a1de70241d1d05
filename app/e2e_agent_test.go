package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"hermes-webui/app/wholetest"
	"hermes-webui/server/agent/direct/modeltest"
	"hermes-webui/server/chat"
)

// house is the built program with a scripted model behind it, and a workspace.
type house struct {
	t     *testing.T
	p     *wholetest.Program
	o     wholetest.Options
	model *modeltest.Server
	work  string
}

// protocols are the ways in which models are spoken to.
var protocols = map[string]func(*modeltest.Server) []string{
	"openai": func(m *modeltest.Server) []string {
		return []string{"OPENAI_BASE_URL=" + m.URL, "OPENAI_API_KEY=sk-leak-openai-1"}
	},
	"anthropic": func(m *modeltest.Server) []string {
		return []string{"ANTHROPIC_BASE_URL=" + m.Root, "ANTHROPIC_API_KEY=sk-leak-anthropic-1"}
	},
}

// inBoth runs f with both protocols. The model answers by the first word of the
// newest prompt.
func inBoth(t *testing.T, scripts map[string]func(modeltest.Request) modeltest.Script, f func(*house)) {
	for name, env := range protocols {
		t.Run(name, func(t *testing.T) {
			model, err := modeltest.Start(modeltest.Aside(modeltest.Say("A title"), func(r modeltest.Request) modeltest.Script {
				if script, ok := scripts[topic(r)]; ok {
					return script(r)
				}
				return scripts["*"](r)
			}))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(model.Close)
			h := &house{t: t, model: model, work: t.TempDir()}
			h.o = wholetest.Options{
				Dir: filepath.Join(t.TempDir(), "state"),
				Env: append(env(model), "HERMES_WEBUI_DEFAULT_WORKSPACE="+h.work, "HERMES_WEBUI_TEST_MARK=1"),
			}
			h.p = wholetest.Start(t, h.o)
			h.o.Addr = h.p.Addr // a restart is at the same place
			f(h)
		})
	}
}

// topic is the first word of the newest prompt, or of what the program says in
// its place. Results may stand before it, or come after it.
func topic(r modeltest.Request) string {
	messages := r.Asked().Messages
	for i := len(messages) - 1; i >= 0; i-- {
		m := messages[i]
		if m.Role == "user" && m.Content != "" {
			word, _, _ := strings.Cut(m.Content, " ")
			return word
		}
	}
	return ""
}

func (h *house) write(name, text string) {
	h.t.Helper()
	if err := os.WriteFile(filepath.Join(h.work, name), []byte(text), 0o600); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) read(name string) string {
	raw, err := os.ReadFile(filepath.Join(h.work, name))
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

// send begins a turn in a new session.
func (h *house) send(text string) (chat.SessionID, chat.TurnID) {
	h.t.Helper()
	s := h.p.Session("direct", "")
	return s, h.p.Send(s, text)
}

// asked waits until the session has an open ask.
func (h *house) asked(s chat.SessionID) chat.Ask {
	h.t.Helper()
	w := h.p.Watch(h.t.Context(), s)
	defer w.Close()
	w.Until(func(f *chat.Fold) bool { return len(f.Asks) > 0 })
	return h.p.Snapshot(s).Asks[0]
}

func (h *house) answer(a chat.Ask, choice string) {
	h.t.Helper()
	h.p.Do(http.StatusOK, "POST", "/api/asks/"+string(a.ID)+"/answer", map[string]any{"choice": choice, "digest": a.Digest})
}

// wantTold waits for the status document of a topic.
func (h *house) wantTold(topic string) {
	h.t.Helper()
	s, err := h.p.Open(h.t.Context(), nil, "", "")
	if err != nil {
		h.t.Fatal(err)
	}
	defer s.Close()
	for pings := 0; pings < 2; { // the first comes before what is true now
		f, err := s.Next()
		if err != nil {
			h.t.Fatal(err)
		}
		switch {
		case f.Kind == "ping":
			pings++
		case f.Kind == "status" && strings.Contains(f.Data, `"topic":"`+topic+`"`):
			return
		}
	}
	h.t.Errorf("nobody is told of %s", topic)
}

func callsOf(t *chat.Turn) (calls []*chat.ToolCall) {
	for _, p := range t.Parts {
		if c, ok := p.(*chat.ToolCall); ok {
			calls = append(calls, c)
		}
	}
	return calls
}

func (h *house) wantDone(t *chat.Turn, text string) {
	h.t.Helper()
	if t.State != chat.Done || wholetest.TextOf(t) != text {
		raw, _ := json.MarshalIndent(t, "", " ")
		h.t.Fatalf("want %q, got %s", text, raw)
	}
}

func use(namesAndArgs ...string) modeltest.Script { return modeltest.Use(namesAndArgs...) }

func command(c string) string {
	return string(must(json.Marshal(map[string]string{"command": c, "why": "to see"})))
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

func TestTheDirectAgentWorks(t *testing.T) {
	scripts := map[string]func(modeltest.Request) modeltest.Script{
		"approve": modeltest.Dialogue(use("shell", command("echo hi > made.txt; echo said")), modeltest.Say("made")),
		"deny":    modeltest.Dialogue(use("shell", command("touch denied.txt")), modeltest.Say("not made")),
		"edit": modeltest.Dialogue(
			use("read_file", `{"path":"plan.txt"}`),
			use("edit_file", `{"path":"plan.txt","old":"two","new":"2"}`, "edit_file", `{"path":"plan.txt","old":"three","new":"3"}`),
			modeltest.Say("edited")),
		"parallel": modeltest.Dialogue(use("read_file", `{"path":"a.txt"}`, "list_dir", `{}`, "search_files", `{"pattern":"needle"}`, "shell", `{"command":"wc -l a.txt"}`), modeltest.Say("read")),
		"malformed": modeltest.Dialogue(
			use("read_file", `{"path":"a.tx`, "nonsense", `{}`, "read_file", `{}`), use("read_file", `{"path":"a.txt"}`), modeltest.Say("recovered")),
		"busy": func(r modeltest.Request) modeltest.Script {
			if r.Asked().Rounds() == 0 && !strings.Contains(topicAll(r), "again") && r.N%2 == 0 {
				return modeltest.Busy("0")
			}
			return modeltest.Say("after all")
		},
		"env":  modeltest.Dialogue(use("shell", command("env; echo end")), modeltest.Say("ok")),
		"plan": modeltest.Dialogue(use("plan", `{"items":[{"text":"one","state":"done"},{"text":"two","state":"active"}]}`), use("ask_user", `{"question":"Red?","choices":["yes","no"]}`), modeltest.Say("thanks")),
	}
	inBoth(t, scripts, func(h *house) {
		h.write("a.txt", "a needle in the hay\n")
		h.write("plan.txt", "one\ntwo\nthree\n")
		t := h.t

		t.Run("a command runs once it is allowed", func(t *testing.T) {
			s, turn := h.send("approve it")
			ask := h.asked(s)
			if ask.Kind != chat.Approval || ask.Command != "echo hi > made.txt; echo said" || ask.Why != "to see" || !ask.Editable || h.read("made.txt") == "hi\n" {
				t.Errorf("asked %+v", ask)
			}
			h.answer(ask, "once")
			end := h.p.Ended(s, turn)
			h.wantDone(end, "made")
			if c := callsOf(end)[0]; h.read("made.txt") != "hi\n" || c.Out.String() != "said\n" || c.State != chat.ToolDone {
				t.Errorf("call is %+v, file %q", c, h.read("made.txt"))
			}
			if end.Usage == nil || end.Usage.Input == 0 || end.Usage.Model == "" {
				t.Errorf("usage is %+v", end.Usage)
			}
		})
		t.Run("a denied command does not run", func(t *testing.T) {
			s, turn := h.send("deny it")
			h.answer(h.asked(s), "deny")
			h.wantDone(h.p.Ended(s, turn), "not made")
			if _, err := os.Stat(filepath.Join(h.work, "denied.txt")); err == nil {
				t.Error("it ran")
			}
		})
		t.Run("edits show their diff, and one answer may count for the session", func(t *testing.T) {
			s, turn := h.send("edit it")
			ask := h.asked(s)
			if !strings.Contains(ask.Diff, "-two") || !strings.Contains(ask.Diff, "+2") {
				t.Errorf("asked %+v", ask)
			}
			h.answer(ask, "session")
			h.wantDone(h.p.Ended(s, turn), "edited")
			if got := h.read("plan.txt"); got != "one\n2\n3\n" {
				t.Errorf("the file is %q", got)
			}
			var rules struct {
				Items []struct{ ID, Kind, Session, Text string }
			}
			h.p.Do(200, "GET", "/api/rules", nil).Into(t, &rules)
			if len(rules.Items) != 1 || rules.Items[0].Session != string(s) || rules.Items[0].Text != ask.Choices[1].Rule {
				t.Errorf("rules are %+v, shown was %q", rules, ask.Choices[1].Rule)
			}
			h.wantTold("rules") // the pages, of what was allowed
			h.p.Do(204, "DELETE", "/api/rules/"+rules.Items[0].ID, nil)
		})
		t.Run("reads run without asking", func(t *testing.T) {
			s, turn := h.send("parallel reads")
			end := h.p.Ended(s, turn)
			h.wantDone(end, "read")
			for i, want := range []string{"needle", "plan.txt", "a.txt:1", "1 "} {
				if c := callsOf(end)[i]; c.State != chat.ToolDone || !strings.Contains(c.Out.String(), want) {
					t.Errorf("%s is %s: %s%s", c.Name, c.State, c.Out, c.Error)
				}
			}
		})
		t.Run("malformed arguments are told to the model", func(t *testing.T) {
			s, turn := h.send("malformed calls")
			end := h.p.Ended(s, turn)
			h.wantDone(end, "recovered")
			calls := callsOf(end)
			if len(calls) != 4 || calls[0].State != chat.ToolFailed || calls[1].State != chat.ToolFailed || calls[2].State != chat.ToolFailed || calls[3].State != chat.ToolDone {
				t.Errorf("calls are %+v", calls)
			}
		})
		t.Run("a busy provider is asked again", func(t *testing.T) {
			s, turn := h.send("busy now")
			h.wantDone(h.p.Ended(s, turn), "after all")
		})
		t.Run("no key reaches a command", func(t *testing.T) {
			s, turn := h.send("env please")
			h.answer(h.asked(s), "once")
			end := h.p.Ended(s, turn)
			h.wantDone(end, "ok")
			out := callsOf(end)[0].Out.String()
			if !strings.Contains(out, "PATH=") || !strings.Contains(out, "end\n") {
				t.Errorf("the command said %q", out)
			}
			if strings.Contains(out, "HERMES_WEBUI_") || strings.Contains(out, "sk-leak") {
				t.Errorf("a command saw %q", out)
			}
		})
		t.Run("plan and question", func(t *testing.T) {
			s, turn := h.send("plan it")
			ask := h.asked(s)
			if ask.Kind != chat.Question || ask.Title != "Red?" || len(ask.Choices) != 2 {
				t.Errorf("asked %+v", ask)
			}
			h.answer(ask, ask.Choices[0].ID)
			end := h.p.Ended(s, turn)
			h.wantDone(end, "thanks")
			if p, ok := end.Parts[1].(*chat.Plan); !ok && len(end.Parts) > 0 {
				t.Errorf("parts are %+v, %+v", end.Parts, p)
			}
		})
	})
}

func topicAll(r modeltest.Request) string { return strings.Join(r.Asked().Lines(), "\n") }

func TestAStopLeavesNoProcessOfACommand(t *testing.T) {
	nap := fmt.Sprintf("987.%d", os.Getpid()) // nobody else sleeps for as long
	scripts := map[string]func(modeltest.Request) modeltest.Script{
		"run": modeltest.Always(use("shell", command(strings.ReplaceAll(`(setsid sleep NAP & sleep NAP & sh -c 'trap "" TERM; sleep NAP & sleep 0.5; echo up; wait; sleep NAP' & wait)`, "NAP", nap)))),
	}
	inBoth(t, scripts, func(h *house) {
		s, turn := h.send("run it")
		h.answer(h.asked(s), "once")
		w := h.p.Watch(h.t.Context(), s)
		defer w.Close()
		w.Until(func(f *chat.Fold) bool {
			return len(f.Turns) > 0 && slices.ContainsFunc(callsOf(f.Turns[0]), func(c *chat.ToolCall) bool { return c.Out.Len() > 0 })
		})
		if n := len(running(h.t, "sleep\x00"+nap)); n < 3 {
			h.t.Fatalf("%d processes run, the command should have at least 3", n)
		}
		start := time.Now()
		h.p.Do(200, "POST", "/api/turns/"+string(turn)+"/stop", map[string]any{})
		if end := h.p.Ended(s, turn); end.State != chat.Stopped || callsOf(end)[0].State != chat.ToolStopped {
			h.t.Errorf("ended as %s", end.State)
		}
		if left := running(h.t, "sleep\x00"+nap); len(left) > 0 {
			h.t.Errorf("%v after the stop %d processes are left", time.Since(start), len(left))
		}
	})
}

// running lists the processes whose command line holds words.
func running(t *testing.T, words string) (pids []int) {
	t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil || len(all) == 0 {
		t.Fatalf("no processes to be seen: %v", err)
	}
	for _, path := range all {
		raw, err := os.ReadFile(path)
		if err != nil || !bytes.Contains(raw, []byte(words)) || bytes.HasPrefix(raw, []byte("/bin/sh")) {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path))); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}

func TestACallThatWasCutOffByAKillIsNotRunAgain(t *testing.T) {
	nap := fmt.Sprintf("988.%d", os.Getpid())
	scripts := map[string]func(modeltest.Request) modeltest.Script{
		"run": modeltest.Dialogue(use("shell", command("echo once >> count.txt; echo up; sleep "+nap)), modeltest.Say("never")),
		// The question to go on comes from the program.
		"[Your": modeltest.Dialogue(modeltest.Say("I see.")),
	}
	inBoth(t, scripts, func(h *house) {
		s, turn := h.send("run it")
		h.answer(h.asked(s), "once")
		w := h.p.Watch(h.t.Context(), s)
		w.Until(func(f *chat.Fold) bool {
			return len(f.Turns) > 0 && slices.ContainsFunc(callsOf(f.Turns[0]), func(c *chat.ToolCall) bool { return strings.Contains(c.Out.String(), "up") })
		})
		w.Close()
		h.p.Kill()
		h.p = wholetest.Start(h.t, h.o)
		if left := running(h.t, "sleep\x00"+nap); len(left) > 0 {
			h.t.Errorf("%d processes of the command are left after the restart", len(left))
		}
		end := h.p.Ended(s, turn)
		if c := callsOf(end)[0]; end.State != chat.Interrupted || c.State != chat.ToolUnknown || !strings.Contains(c.Out.String(), "up") {
			h.t.Fatalf("ended as %s, call %+v", end.State, c)
		}
		next := newTurn()
		h.p.Do(202, "POST", turnsOf(s), map[string]any{"id": next, "text": "", "continues": turn})
		h.wantDone(h.p.Ended(s, next), "I see.")
		requests := h.model.Requests()
		var asked modeltest.Asked
		for _, r := range requests {
			if a := r.Asked(); len(a.Tools) > 0 {
				asked = a
			}
		}
		r, ok := asked.Result("shell")
		if !ok || !strings.Contains(strings.ToLower(r.Text), "outcome unknown") {
			h.t.Errorf("the model was told %+v in %q", r, asked.Lines())
		}
		if got := h.read("count.txt"); got != "once\n" {
			h.t.Errorf("the command ran again: %q", got)
		}
	})
}

func TestAnUnansweredAskSurvivesARestartAndIsThenAnswered(t *testing.T) {
	scripts := map[string]func(modeltest.Request) modeltest.Script{
		"run": modeltest.Dialogue(
			use("read_file", `{"path":"a.txt"}`, "shell", command("echo late > late.txt; echo did it")), modeltest.Say("done at last")),
		"ask":  modeltest.Dialogue(use("ask_user", `{"question":"Which?"}`), modeltest.Say("so be it")),
		"edit": modeltest.Dialogue(use("write_file", `{"path":"a.txt","content":"new\n"}`), modeltest.Say("told")),
	}
	inBoth(t, scripts, func(h *house) {
		h.write("a.txt", "old\n")
		s1, t1 := h.send("run it")
		s2, t2 := h.send("ask me")
		s3, t3 := h.send("edit it")
		a1, a2, a3 := h.asked(s1), h.asked(s2), h.asked(s3)
		for i := range 2 { // once by a kill, once in good order
			if i == 0 {
				h.p.Kill()
			} else {
				h.p.Stop()
			}
			h.p = wholetest.Start(h.t, h.o)
			for _, s := range []chat.SessionID{s1, s2, s3} {
				if snap := h.p.Snapshot(s); snap.Turns[0].State != chat.Waiting || len(snap.Asks) != 1 {
					h.t.Fatalf("after the restart the turn is %s with %d asks", snap.Turns[0].State, len(snap.Asks))
				}
			}
		}
		h.answer(a1, "once")
		end := h.p.Ended(s1, t1)
		h.wantDone(end, "done at last")
		if calls := callsOf(end); h.read("late.txt") != "late\n" || len(calls) != 2 || calls[0].Out.String() != "old\n" || calls[1].Out.String() != "did it\n" {
			h.t.Errorf("calls are %+v", calls)
		}
		h.p.Do(http.StatusOK, "POST", "/api/asks/"+string(a2.ID)+"/answer", map[string]any{"text": "that one"})
		end = h.p.Ended(s2, t2)
		h.wantDone(end, "so be it")
		if out := callsOf(end)[0].Out.String(); !strings.Contains(out, "that one") {
			h.t.Errorf("the model was told %q", out)
		}
		h.write("a.txt", "changed meanwhile\n")
		h.answer(a3, "once")
		end = h.p.Ended(s3, t3)
		if c := callsOf(end)[0]; c.State != chat.ToolFailed || h.read("a.txt") != "changed meanwhile\n" {
			h.t.Errorf("a file that changed since was written over: %q, %+v", h.read("a.txt"), c)
		}
	})
}

func TestABrokenAnswerCanBeContinued(t *testing.T) {
	scripts := map[string]func(modeltest.Request) modeltest.Script{
		"run": modeltest.Always(modeltest.Script{
			Tokens:  []string{"I will ", "write. "},
			Calls:   []modeltest.Call{{Name: "write_file", Args: `{"path":"b.txt","content":"` + strings.Repeat("x", 400) + `"}`}},
			BreakIn: 3,
		}),
		"[Your": modeltest.Always(modeltest.Say("On it.")),
	}
	inBoth(t, scripts, func(h *house) {
		s, turn := h.send("run it")
		end := h.p.Ended(s, turn)
		if end.State != chat.Failed || wholetest.TextOf(end) != "I will write. " {
			h.t.Fatalf("ended as %s with %q", end.State, wholetest.TextOf(end))
		}
		next := newTurn()
		h.p.Do(202, "POST", turnsOf(s), map[string]any{"id": next, "text": "", "continues": turn})
		h.wantDone(h.p.Ended(s, next), "On it.")
		if _, err := os.Stat(filepath.Join(h.work, "b.txt")); err == nil {
			h.t.Error("half a call was run")
		}
	})
}

func TestAConversationThatDoesNotFitIsMadeToFit(t *testing.T) {
	scripts := map[string]func(modeltest.Request) modeltest.Script{"*": func(r modeltest.Request) modeltest.Script {
		if len(r.Body) > 40<<10 {
			return modeltest.Overflows()["vLLM"]
		}
		return modeltest.Say("noted")
	}}
	inBoth(t, scripts, func(h *house) {
		s := h.p.Session("direct", "")
		told := false
		for i := range 6 {
			turn := h.p.Send(s, fmt.Sprintf("part%d %s", i, strings.Repeat("some words to remember ", 500)))
			end := h.p.Ended(s, turn)
			h.wantDone(end, "noted")
			for _, p := range end.Parts {
				if n, ok := p.(*chat.Notice); ok && n.Covers != "" && n.Summary != "" {
					told = true
				}
			}
		}
		if !told {
			h.t.Error("nobody was told that older turns were summarised")
		}
		if n := len(h.p.Snapshot(s).Turns); n != 6 {
			h.t.Errorf("%d turns are left in the log", n)
		}
	})
}
