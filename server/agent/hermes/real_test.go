package hermes

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"hermes-webui/server/agent"
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
		{"forgets a session that is deleted", forgets},
		{"lets go of sessions that rest", letsGo},
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
		{"shortens by itself, and says so", shortensByItself},
		{"goes back behind an edited prompt", goesBack},
		{"goes on after it was let go", goesOnLater},
		{"forks with what was said", forks},
		{"takes another model and effort", takesModel},
		{"reads files", readsFiles},
		{"shows pictures to the model", showsPictures},
		{"shows files that it names", showsFiles},
		{"tells what files and searches came to", tellsResults},
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

// Of many sessions the agent holds the newest; the others go on where they were.
func letsGo(t *testing.T, r *real) {
	var all []*talk
	for range mostResting + 2 {
		k := r.talk(t)
		k.do("[[plain]]").done(t)
		all = append(all, k)
	}
	for _, k := range all[:2] {
		for r.holds(k) {
			runtime.Gosched()
		}
	}
	p := all[0].do("[[count]]")
	p.done(t)
	if p.text() != "2" {
		t.Errorf("the model was asked with %s prompts, want 2: what was said before is gone", p.text())
	}
	if len(all[0].session.Stored) != 1 {
		t.Errorf("stored as %v", all[0].session.Stored)
	}
}

// holds reports whether the agent holds the session in memory.
func (r *real) holds(k *talk) bool {
	c := k.conn.(*conn)
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.line != nil
}
