package hermes

import (
	"context"
	"encoding/base64"
	"fmt"
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

// done fails unless the turn ended well.
func (p *played) done(t *testing.T) {
	t.Helper()
	if p.end.State != chat.Done {
		t.Fatalf("the turn ended as %s (%+v)", p.end.State, p.end.Error)
	}
}

// What one turn of the real agent is told as. One agent plays all of them, in
// sessions of their own, as it does for people.
func TestTheRealAgent(t *testing.T) {
	r := newReal(t)
	for _, tt := range []struct {
		name string
		test func(*testing.T, *real)
	}{
		{"answers", answers},
		{"has prepared for the first prompt", prepares},
		{"thinks before it answers", thinks},
		{"runs a command", runsACommand},
		{"asks before it does harm", asksBefore},
		{"takes a no with its reason", takesNo},
		{"asks a question", asksQuestion},
		{"shows what it changed in a file", showsDiff},
		{"makes a plan", makesPlan},
		{"gives work to a subagent and goes on by itself", delegates},
		{"stops and keeps what it said", stopsAndKeeps},
		{"takes words while it works", takesWords},
		{"fails at once where the provider refuses", failsAtOnce},
		{"goes on after a connection broke", survivesDrop},
		{"finds a title", findsTitle},
		{"shortens what it holds", shortens},
		{"goes back behind an edited prompt", goesBack},
		{"goes on after it was let go", goesOnLater},
		{"forks with what was said", forks},
		{"takes another model and effort", takesModel},
		{"reads files", readsFiles},
		{"shows pictures to the model", showsPictures},
		{"keeps several asks apart", keepsAsksApart},
		{"waits for a provider that is down, and says so", waitsForProvider},
		{"says a flood of words whole", flood},
		{"goes on with a session after it was killed", survivesItsDeath},
	} {
		t.Run(tt.name, func(t *testing.T) { tt.test(t, r) })
	}
}

func answers(t *testing.T, r *real) {
	k := r.talk(t)
	p := k.do("say [[plain]]")
	p.done(t)
	if p.text() != "Plain words in several pieces." || len(all[*chat.Text](p)) != 1 {
		t.Errorf("said %q", p.text())
	}
	if p.used == nil || p.used.Input == 0 || p.used.Window != 128000 || p.used.Context == 0 {
		t.Errorf("used %+v", p.used)
	}
	if len(k.session.Stored) != 1 {
		t.Errorf("stored as %v", k.session.Stored)
	}
}

// What is prepared while a person writes is the session that the prompt gets,
// unless they chose something else meanwhile.
func prepares(t *testing.T, r *real) {
	ready := chat.Session{ID: chat.SessionID(chat.NewID(chat.PrefixSession)), Agent: ID, Workspace: t.TempDir()}
	warm := func() string {
		r.Warm(ready)
		r.warming.Lock() // waits for it
		defer r.warming.Unlock()
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.warm == nil {
			t.Fatal("nothing was prepared")
		}
		return r.warm.opened.Stored
	}
	first := warm()
	if again := warm(); again != first {
		t.Errorf("prepared twice: %s and %s", first, again)
	}
	k := r.open(t, ready)
	k.do("[[plain]]").done(t)
	if len(k.session.Stored) != 1 || k.session.Stored[0] != first {
		t.Errorf("stored as %v, prepared was %s", k.session.Stored, first)
	}
	ready.ID = chat.SessionID(chat.NewID(chat.PrefixSession))
	second := warm()
	ready.Workspace = t.TempDir()
	k = r.open(t, ready)
	k.do("[[plain]]").done(t)
	if len(k.session.Stored) != 1 || k.session.Stored[0] == second {
		t.Errorf("stored as %v: that was prepared for another folder", k.session.Stored)
	}
}

func thinks(t *testing.T, r *real) {
	p := r.talk(t).do("[[think]]")
	p.done(t)
	if p.thoughts() != "A thought first." || p.text() != "The answer." {
		t.Errorf("thought %q, said %q", p.thoughts(), p.text())
	}
}

func runsACommand(t *testing.T, r *real) {
	p := r.talk(t).do("[[tool:echo hi there]]")
	p.done(t)
	c := p.tool(t)
	if c.Name != "terminal" || c.State != chat.ToolDone || field(c.Args, "command") != "echo hi there" {
		t.Errorf("call %+v", c)
	}
	if got := p.streams[c.ID]; !strings.Contains(got, "hi there") {
		t.Errorf("it put out %q", got)
	}
	if !strings.Contains(string(c.Result), `"exit_code":0`) || c.Title == "" {
		t.Errorf("title %q, result %s", c.Title, c.Result)
	}
	if p.text() != "The tool is done." {
		t.Errorf("said %q", p.text())
	}
}

const harm = "[[tool:rm -rf /tmp/hermes-webui-test-nothing; echo removed]]"

func asksBefore(t *testing.T, r *real) {
	k := r.talk(t)
	id := k.start(harm)
	a := k.asked(id)
	if a.Kind != chat.Approval || !strings.Contains(a.Command, "rm -rf") || a.Danger == "" || a.Deadline == nil || a.Part == nil {
		t.Errorf("asked %+v", a)
	}
	var offered []string
	for _, c := range a.Choices {
		offered = append(offered, c.ID)
	}
	if strings.Join(offered, " ") != "once session always deny" {
		t.Errorf("offered %v", offered)
	}
	k.answer(a.ID, agent.Answer{Choice: "session"})
	p := k.finish(id, harm)
	p.done(t)
	if got := p.streams[p.tool(t).ID]; !strings.Contains(got, "removed") {
		t.Errorf("it put out %q", got)
	}
	again := k.do(harm) // the session's yes holds on
	again.done(t)
	if len(again.asks) > 0 {
		t.Error("it asks again after a yes for the session")
	}
}

func takesNo(t *testing.T, r *real) {
	k := r.talk(t)
	id := k.start(harm)
	k.answer(k.asked(id).ID, agent.Answer{Choice: "deny", Text: "It is not yours."})
	p := k.finish(id, harm)
	p.done(t)
	if c := p.tool(t); c.State != chat.ToolFailed || !strings.Contains(c.Error, "BLOCKED") {
		t.Errorf("call %+v", c)
	}
	if !r.told("It is not yours.") {
		t.Error("the model was not told why")
	}
}

// told reports whether the model was ever told something.
func (r *real) told(words string) bool {
	for _, q := range r.model.Requests() {
		for _, m := range q.Asked().Messages {
			if strings.Contains(m.Content, words) {
				return true
			}
			for _, res := range m.Results {
				if strings.Contains(res.Text, words) {
					return true
				}
			}
		}
	}
	return false
}

func asksQuestion(t *testing.T, r *real) {
	k := r.talk(t)
	id := k.start("[[clarify]]")
	a := k.asked(id)
	if a.Kind != chat.Question || a.Title != "Which colour?" || len(a.Choices) != 2 || a.Choices[1].Label != "blue" {
		t.Fatalf("asked %+v", a)
	}
	if a.Deadline == nil || time.Until(a.Deadline.Time) < 200*time.Second {
		t.Errorf("deadline %v", a.Deadline)
	}
	k.answer(a.ID, agent.Answer{Choice: a.Choices[1].ID})
	p := k.finish(id, "[[clarify]]")
	p.done(t)
	if !r.told(`"user_response": "blue"`) || p.text() != "Thank you." {
		t.Errorf("said %q", p.text())
	}
	own := k.start("[[clarify]]")
	k.answer(k.asked(own).ID, agent.Answer{Text: "a light green"})
	k.finish(own, "[[clarify]]").done(t)
	if !r.told("a light green") {
		t.Error("the model was not told the person's own words")
	}
}

func showsDiff(t *testing.T, r *real) {
	k := r.talk(t)
	path := filepath.Join(k.session.Workspace, "made.txt")
	p := k.do("[[write:" + path + "]]")
	p.done(t)
	if b, _ := os.ReadFile(path); string(b) != "one\ntwo\n" {
		t.Errorf("the file holds %q", b)
	}
	c := p.tool(t)
	if s := string(c.Result); !strings.Contains(s, `"kind":"diff"`) || !strings.Contains(s, "+one") || strings.Contains(s, `\u001b`) || !strings.Contains(s, `"added":2`) {
		t.Errorf("result %s", s)
	}
}

func makesPlan(t *testing.T, r *real) {
	p := r.talk(t).do("[[todo]]")
	p.done(t)
	plans := all[*chat.Plan](p)
	if len(plans) != 1 || len(plans[0].Items) != 2 || plans[0].Items[0].State != chat.PlanDone || plans[0].Items[1].Text != "Leap" {
		t.Fatalf("plans %+v", plans)
	}
}

func delegates(t *testing.T, r *real) {
	k := r.talk(t)
	p := k.do("[[delegate]]")
	p.done(t)
	if !strings.Contains(p.text(), "It is under way.") {
		t.Errorf("said %q", p.text())
	}
	own := k.begun()
	k.ended(own)
	q := k.played(own)
	q.done(t)
	if q.begun == "" {
		t.Error("nothing says what made the agent begin")
	}
	if n := len(all[*chat.Subagent](p)) + len(all[*chat.Subagent](q)); n == 0 {
		t.Error("no subagent is shown")
	}
	k.past = append(k.past, &chat.Turn{ID: own, Origin: chat.FromAgent, State: chat.Done})
	if next := k.do("[[plain]]"); next.text() != "Plain words in several pieces." {
		t.Errorf("after it, it said %q", next.text())
	}
}

// begun waits for a turn that the agent begins.
func (k *talk) begun() (id chat.TurnID) {
	k.t.Helper()
	await(k, "a turn of the agent", func(s agent.Step, _ agent.Begun) bool { id = s.Turn; return true })
	return id
}

func stopsAndKeeps(t *testing.T, r *real) {
	k := r.talk(t)
	id := k.start("[[long]]")
	k.speaks(id)
	began := time.Now()
	if err := k.conn.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if d := time.Since(began); d > 2*time.Second {
		t.Errorf("a stop took %s", d)
	}
	p := k.finish(id, "[[long]]")
	if p.end.State != chat.Stopped || !strings.HasPrefix(p.text(), "word ") {
		t.Errorf("ended as %s with %q", p.end.State, p.text())
	}
	if strings.Count(p.text(), "word word") > 0 && len(all[*chat.Text](p)) > 1 {
		t.Errorf("what was said is doubled: %q", p.text())
	}
	k.do("[[plain]]").done(t)
}

func takesWords(t *testing.T, r *real) {
	k := r.talk(t)
	id := k.start("[[tool:sleep 3; echo slept]]")
	await(k, "a running call", func(_ agent.Step, b agent.Tool) bool { return b.State == chat.ToolRunning })
	if err := k.conn.Steer(t.Context(), "and mind the gap"); err != nil {
		t.Fatalf("steer: %v", err)
	}
	k.finish(id, "[[tool:sleep 3; echo slept]]").done(t)
	if !r.told("and mind the gap") {
		t.Error("the model was not told")
	}
	if err := k.conn.Steer(t.Context(), "too late"); err == nil {
		t.Error("words are taken after the end")
	}
}

func failsAtOnce(t *testing.T, r *real) {
	for _, tt := range []struct{ code, want string }{{"400", "provider"}, {"401", "provider_auth"}} {
		k := r.talk(t)
		p := k.do("[[status:" + tt.code + "]]")
		if p.end.State != chat.Failed || !strings.Contains(p.end.Error.Text, "refused by the script") {
			t.Errorf("%s: ended as %s (%+v)", tt.code, p.end.State, p.end.Error)
		}
		if p.end.Error != nil && !strings.HasPrefix(p.end.Error.Code, tt.want) {
			t.Errorf("%s: the code is %s", tt.code, p.end.Error.Code)
		}
		k.do("[[plain]]").done(t)
	}
}

func survivesDrop(t *testing.T, r *real) {
	k := r.talk(t)
	p := k.do("[[drop]]")
	if strings.Count(p.text(), "Hello from") > 1 {
		t.Errorf("what was said is doubled: %q", p.text())
	}
}

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
	k.past = append(k.past, &chat.Turn{ID: task.Turn, Compress: true, State: chat.Done})
	k.do("[[plain]]").done(t)
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
	task.Attachments = []agent.Attachment{{Attachment: chat.Attachment{Name: "notes.txt", Type: "text/plain", Size: 21}, Path: notes}}
	k.begin(task)
	k.finish(task.Turn, "look [[plain]]").done(t)
	if got := strings.Join(r.newest(t, "look"), "|"); !strings.Contains(got, "tangerine") {
		t.Errorf("the model was told %q", got)
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
