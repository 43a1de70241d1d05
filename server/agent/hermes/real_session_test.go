package hermes

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/direct/modeltest"
	"hermes-webui/server/agent/hermes/gateway"
	"hermes-webui/server/agent/hermes/hermestest"
	"hermes-webui/server/chat"
)

func findsTitle(t *testing.T, r *real) {
	k := r.talk(t)
	k.do("[[plain]]").done(t)
	await(k, "a title", func(_ agent.Step, b agent.Titled) bool { return strings.HasPrefix(b.Title, "A name for it") })
}

func shortens(t *testing.T, r *real) {
	k := r.talk(t)
	for i := range 4 {
		k.do(fmt.Sprintf("part %d [[echo:%s]]", i, strings.Repeat("many words ", 300))).done(t)
	}
	task := k.task("the colours")
	if err := k.conn.(agent.Compressor).Compress(t.Context(), task); err != nil {
		t.Fatal(err)
	}
	k.ended(task.Turn)
	p := k.played(task.Turn)
	p.done(t)
	if len(p.notices()) == 0 || p.text() != "" {
		t.Errorf("noticed %q, said %q", p.notices(), p.text())
	}
	if s := all[*chat.Notice](p)[0].Summary; !strings.HasPrefix(s, "## Historical Task") || strings.Contains(s, "CONTEXT") {
		t.Errorf("the summary is %q", s)
	}
	k.past = append(k.past, &chat.Turn{ID: task.Turn, Compress: true, State: chat.Done})
	k.do("[[plain]]").done(t)
}

// What the agent shortens by itself is said in the turn in which it does.
func shortensByItself(t *testing.T, r *real) {
	k := r.talk(t)
	for i := range 8 {
		p := k.do(fmt.Sprintf("part %d %s [[plain]]", i, strings.Repeat("many words ", 8_000)))
		p.done(t)
		if n := p.notices(); len(n) > 0 {
			if !strings.HasPrefix(n[0], "The session has grown long") || p.text() != "Plain words in several pieces." {
				t.Errorf("noticed %q, said %q", n, p.text())
			}
			return
		}
	}
	t.Error("it never did")
}

func goesBack(t *testing.T, r *real) {
	k := r.talk(t)
	k.do("the first [[echo:one]]").done(t)
	k.do("the second [[echo:two]]").done(t)
	k.do("the third [[echo:three]]").done(t)
	k.past = k.past[:1]
	p := k.do("another second [[echo:deux]]")
	p.done(t)
	asked := r.newest(t, "another second")
	if got := strings.Join(asked, "|"); !strings.Contains(got, "the first") || strings.Contains(got, "the second") || strings.Contains(got, "the third") {
		t.Errorf("the model was told %q", got)
	}
	k = r.again(k)
	k.do("the next [[plain]]").done(t)
	if got := strings.Join(r.newest(t, "the next"), "|"); strings.Contains(got, "the second") || !strings.Contains(got, "another second") {
		t.Errorf("after it was opened anew, the model was told %q", got)
	}
}

// newest returns the prompts of the newest question that holds words.
func (r *real) newest(t *testing.T, words string) []string {
	t.Helper()
	return promptsIn(r.question(t, words))
}

// question returns the newest question whose prompt holds words.
func (r *real) question(t *testing.T, words string) modeltest.Asked {
	t.Helper()
	all := r.model.Requests()
	for i := len(all) - 1; i >= 0; i-- {
		a := all[i].Asked()
		if prompts := promptsIn(a); a.Stream && len(prompts) > 0 && strings.Contains(prompts[len(prompts)-1], words) {
			return a
		}
	}
	t.Fatalf("the model was never asked for %q", words)
	return modeltest.Asked{}
}

func promptsIn(a modeltest.Asked) (prompts []string) {
	for _, m := range a.Messages {
		if m.Role == "user" && len(m.Results) == 0 {
			prompts = append(prompts, m.Content)
		}
	}
	return prompts
}

func goesOnLater(t *testing.T, r *real) {
	k := r.talk(t)
	k.do("remember seven [[plain]]").done(t)
	k = r.again(k)
	k.do("which number [[plain]]").done(t)
	if got := strings.Join(r.newest(t, "which number"), "|"); !strings.Contains(got, "remember seven") {
		t.Errorf("the model was told %q", got)
	}
	if n := len(k.session.Stored); n != 1 {
		t.Errorf("it is stored %d times", n)
	}
}

func forks(t *testing.T, r *real) {
	k := r.talk(t)
	k.do("remember eight [[plain]]").done(t)
	fork := r.talk(t)
	fork.past = k.past
	fork.do("which one [[plain]]").done(t)
	if got := strings.Join(r.newest(t, "which one"), "|"); !strings.Contains(got, "remember eight") {
		t.Errorf("the model was told %q", got)
	}
	if fork.session.Stored[0] == k.session.Stored[0] {
		t.Error("both are one session of the agent")
	}
}

func takesModel(t *testing.T, r *real) {
	k := r.talk(t)
	k.do("[[plain]]").done(t)
	task := k.task("the other one [[plain]]")
	task.Model, task.Effort = "custom/other-model", "high"
	k.begin(task)
	k.finish(task.Turn, "the other one [[plain]]").done(t)
	if a := r.question(t, "the other one"); a.Model != "other-model" {
		t.Errorf("asked %s", a.Model)
	}
	k.do("the usual one [[plain]]").done(t)
	if a := r.question(t, "the usual one"); a.Model != hermestest.ModelName {
		t.Errorf("then asked %s", a.Model)
	}
}

func readsFiles(t *testing.T, r *real) {
	k := r.talk(t)
	dir := t.TempDir()
	notes := filepath.Join(dir, "blob1")
	if err := os.WriteFile(notes, []byte("the word is tangerine"), 0o600); err != nil {
		t.Fatal(err)
	}
	task := k.task("look [[plain]]")
	task.Attachments = []agent.Attachment{{Attachment: chat.Attachment{Name: "my notes.txt", Type: "text/plain", Size: 21}, Path: notes}}
	k.begin(task)
	k.finish(task.Turn, "look [[plain]]").done(t)
	got := strings.Join(r.newest(t, "look"), "|")
	for _, want := range []string{"tangerine", "my notes.txt"} {
		if !strings.Contains(got, want) {
			t.Errorf("the model was told %q, without %q", got, want)
		}
	}
}

func flood(t *testing.T, r *real) {
	p := r.talk(t).do("[[burst]]")
	p.done(t)
	if got := strings.Count(p.text(), "word"); got != 10_000 {
		t.Errorf("%d of 10000 words", got)
	}
}

// onePixel is a picture in PNG.
const onePixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="

func showsPictures(t *testing.T, r *real) {
	k := r.talk(t)
	raw, err := base64.StdEncoding.DecodeString(onePixel)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "blob")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	task := k.task("what is this [[plain]]")
	task.Attachments = []agent.Attachment{{Attachment: chat.Attachment{Name: "dot.png", Type: "image/png", Size: int64(len(raw))}, Path: path}}
	k.begin(task)
	k.finish(task.Turn, "what is this [[plain]]").done(t)
	a := r.question(t, "what is this")
	last := a.Messages[len(a.Messages)-1]
	if len(last.Images) == 0 && !strings.Contains(last.Content, "image") {
		t.Errorf("the model was told %q and shown nothing", last.Content)
	}
	k.do("and now [[plain]]").done(t)
	if a := r.question(t, "and now"); len(a.Messages[len(a.Messages)-1].Images) > 0 {
		t.Error("the picture goes with the next prompt too")
	}
}

// An approval of this release has no id: the oldest is meant. The answers are
// given in the other order.
func keepsAsksApart(t *testing.T, r *real) {
	r.model.Set("two", func(_ string, n int, _ modeltest.Asked) modeltest.Script {
		if n > 0 {
			return modeltest.Say("Both are done.")
		}
		return modeltest.Script{Usage: &modeltest.Usage{}, Calls: []modeltest.Call{
			{ID: "call_two_a", Name: "terminal", Args: `{"command":"rm -rf /tmp/hermes-webui-test-none-a; echo first"}`},
			{ID: "call_two_b", Name: "terminal", Args: `{"command":"rm -rf /tmp/hermes-webui-test-none-b; echo second"}`},
		}}
	})
	k := r.talk(t)
	id := k.start("[[two]]")
	for n := range 2 {
		a := k.askedAfter(id, n)
		choice := "once"
		if strings.Contains(a.Command, "none-a") {
			choice = "deny"
		}
		k.answer(a.ID, agent.Answer{Choice: choice})
	}
	p := k.finish(id, "[[two]]")
	p.done(t)
	for _, c := range all[*chat.ToolCall](p) {
		command, out := field(c.Args, "command"), p.streams[c.ID]
		if yes := strings.Contains(command, "none-b"); yes != strings.Contains(out, "second") || strings.Contains(out, "first") {
			t.Errorf("%s put out %q (%s)", command, out, c.Error)
		}
	}
}

func waitsForProvider(t *testing.T, r *real) {
	p := r.talk(t).do("[[status:500]]")
	if p.end.State != chat.Failed || p.end.Error.Code != "provider_down" {
		t.Errorf("ended as %s (%+v)", p.end.State, p.end.Error)
	}
	if len(p.statuses) == 0 {
		t.Error("nothing was said while it tried again")
	}
}

func survivesItsDeath(t *testing.T, r *real) {
	k := r.talk(t)
	k.do("remember nine [[plain]]").done(t)
	id := k.start("[[long]]")
	k.speaks(id)
	r.kill(t)
	p := k.finish(id, "[[long]]")
	if p.end.State != chat.Failed || p.end.Error.Code != "agent_failed" || !strings.Contains(p.text(), "word") {
		t.Errorf("ended as %s (%+v) after %q", p.end.State, p.end.Error, p.text())
	}
	k.do("which one was it [[plain]]").done(t)
	if got := strings.Join(r.newest(t, "which one was it"), "|"); !strings.Contains(got, "remember nine") {
		t.Errorf("the model was told %q", got)
	}
	if len(k.session.Stored) != 1 {
		t.Errorf("stored as %v", k.session.Stored)
	}
}

func TestEachProfileHasAnAgentOfItsOwn(t *testing.T) {
	m := hermestest.NewModel(t)
	python := hermestest.Python(t)
	home := hermestest.Home(t, m.URL)
	second := filepath.Join(home, "profiles", "work")
	hermestest.WriteHome(t, second, m.URL)
	found := Found{Python: python, Profiles: []Profile{{Name: "default", Home: home}, {Name: "work", Home: second}}}
	d := New(Config{Find: func(context.Context) Found { return found }, Env: hermestest.Env(home), Dir: t.TempDir(), Spill: t.TempDir()})
	t.Cleanup(d.Close)
	r := &real{d, m, home}
	for _, name := range []string{"", "work"} {
		k := r.open(t, chat.Session{ID: chat.SessionID(chat.NewID(chat.PrefixSession)), Agent: ID, Profile: name, Workspace: t.TempDir()})
		k.do("[[plain]]").done(t)
	}
	states := d.States()
	if len(states) != 2 || states["default"].PID == states["work"].PID {
		t.Errorf("agents %+v", states)
	}
	for _, dir := range []string{home, second} {
		if _, err := os.Stat(filepath.Join(dir, "state.db")); err != nil {
			t.Error(err)
		}
	}
	p := r.open(t, chat.Session{ID: chat.SessionID(chat.NewID(chat.PrefixSession)), Agent: ID, Profile: "gone"}).do("[[plain]]")
	if p.end.State != chat.Failed || p.end.Error.Code != "agent_missing" {
		t.Errorf("a profile that is not there: %s (%+v)", p.end.State, p.end.Error)
	}
}

func TestWithoutAnAgentItSaysHowToGetOne(t *testing.T) {
	tried := []agent.Try{{Where: "PATH", Why: "There is no command hermes on PATH."}}
	d := New(Config{Find: func(context.Context) Found { return Found{Tried: tried} }})
	t.Cleanup(d.Close)
	info, err := d.Describe(t.Context())
	if err != nil || info.Ready || info.Missing == "" || info.Install != Install || len(info.Tried) != 1 {
		t.Errorf("described as %+v, %v", info, err)
	}
	p := (&real{Driver: d}).talk(t).do("[[plain]]")
	if p.end.State != chat.Failed || p.end.Error.Code != "agent_missing" {
		t.Errorf("ended as %s (%+v)", p.end.State, p.end.Error)
	}
}

// What is deleted in the agent too is gone there; what is gone already is fine.
func forgets(t *testing.T, r *real) {
	k := r.talk(t)
	k.do("[[plain]]").done(t)
	_ = k.conn.Close()
	for range 2 {
		if err := r.Delete(t.Context(), k.session); err != nil {
			t.Fatal(err)
		}
	}
	h, err := r.host(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	client, err := h.Client(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	err = client.Call(t.Context(), "session.resume", map[string]any{"session_id": k.session.Stored[0]}, nil)
	var refused *gateway.Error
	if !errors.As(err, &refused) || refused.Code != gateway.CodeNoStored {
		t.Errorf("it is still there: %v", err)
	}
}

// What tools of the agent gave back comes with what the end of its row says.
func tellsResults(t *testing.T, r *real) {
	k := r.talk(t)
	long := write(t, filepath.Join(k.session.Workspace, "long.txt"), strings.Repeat(strings.Repeat("x", 50)+"\n", 1000))
	short := write(t, filepath.Join(k.session.Workspace, "short.txt"), "one\ntwo\n")
	r.model.Set("results", func(arg string, n int, _ modeltest.Asked) modeltest.Script {
		if n > 0 {
			return modeltest.Say("Seen.")
		}
		name, args, _ := strings.Cut(arg, " ")
		s := modeltest.Use(name, args)
		s.Calls[0].ID = chat.NewID(chat.PrefixPart)
		return s
	})
	for _, tt := range []struct{ call, result, out string }{
		{`read_file {"path": "` + short + `"}`, `"total_lines":2`, ""},
		{`read_file {"path": "` + long + `", "limit": 900}`, `"lines":900`, "900|xxx"},
		{`search_files {"pattern": "one", "path": "` + k.session.Workspace + `"}`, `"total_count":1`, ""},
	} {
		p := k.do("[[results:" + tt.call + "]]")
		p.done(t)
		c := p.tool(t)
		if result := strings.ReplaceAll(string(c.Result), ": ", ":"); !strings.Contains(result, tt.result) || len(result) > resultLimit {
			t.Errorf("%s: result %.200s", tt.call, c.Result)
		}
		if out := p.streams[c.ID]; tt.out == "" && out != "" || !strings.Contains(out, tt.out) || strings.HasPrefix(out, "{") {
			t.Errorf("%s: put out %.200q", tt.call, out)
		}
	}
}
