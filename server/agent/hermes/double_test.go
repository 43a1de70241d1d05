package hermes

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/agenttest"
	"hermes-webui/server/agent/hermes/gateway/gatewaytest"
	"hermes-webui/server/chat"
)

func TestMain(m *testing.M) {
	gatewaytest.Child()
	os.Exit(m.Run())
}

// styles are the two ways in which agents ask people.
var styles = map[string]gatewaytest.Options{"prompts as events": {}, "prompts as requests": {Requests: true}}

// newDouble is a driver of a double of the agent.
func newDouble(t *testing.T, o gatewaytest.Options) *real {
	t.Helper()
	home := t.TempDir()
	found := Found{Python: "none", Profiles: []Profile{{Name: "default", Home: home}}}
	d := New(Config{
		Find: func(context.Context) Found { return found }, Argv: gatewaytest.Argv(o), Dir: home, Spill: t.TempDir(),
		Env: []string{"PATH=/usr/bin:/bin", "GORACE=atexit_sleep_ms=0"},
	})
	t.Cleanup(d.Close)
	r := &real{Driver: d, home: home}
	r.start(t)
	return r
}

func TestADoubleOfTheAgentKeepsTheContract(t *testing.T) {
	for name, o := range styles {
		t.Run(name, func(t *testing.T) {
			r := newDouble(t, o)
			agenttest.Run(t, func(t *testing.T) agenttest.Harness {
				r.start(t)
				pid := r.States()["default"].PID
				return agenttest.Harness{
					Driver:  r.Driver,
					Session: chat.Session{ID: chat.SessionID(chat.NewID(chat.PrefixSession)), Agent: ID, Workspace: t.TempDir()},
					Plain:   "[[plain]]",
					Long:    "[[long]]",
					Fail:    "[[status:400]]",
					Huge:    "[[burst:50000]]",
					HugeLen: 300_000,
					Garbage: "[[garbage]]",
					Begins:  "[[begins]]",
					Kill:    func() { r.kill(t) },
					Ask:     "[[tool:rm -rf x]]",
					Allow:   agent.Answer{Choice: "once"},
					Deny:    agent.Answer{Choice: "deny", Text: "not now"},
					Allowed: "hi",
					Denied:  "BLOCKED",
					Within:  30 * time.Second,
					Soon:    5 * time.Second,
					Settle: func() {
						r.wg.Wait()
						if r.States()["default"].PID != pid { // it was started anew in this test
							r.forget()
						}
					},
				}
			})
		})
	}
}

func TestValuesOfSecretsGoToTheAgentAndNowhereElse(t *testing.T) {
	for name, o := range styles {
		t.Run(name, func(t *testing.T) {
			r := newDouble(t, o)
			for _, kind := range []string{"secret", "sudo"} {
				k := r.talk(t)
				id := k.start("[[" + kind + "]]")
				a := k.asked(id)
				if a.Kind != chat.Secret || len(a.Fields) != 1 || !a.Fields[0].Secret || a.Deadline == nil {
					t.Errorf("%s: asked %+v", kind, a)
				}
				k.answer(a.ID, agent.Answer{Values: map[string]string{a.Fields[0].ID: "hunter2-hunter2"}})
				if p := k.finish(id, kind); p.text() != "Got it." {
					t.Errorf("%s: said %q", kind, p.text())
				}
				if all, _ := json.Marshal(k.steps); strings.Contains(string(all), "hunter2") {
					t.Errorf("%s: the value is told to those who listen", kind)
				}
				id = k.start("[[" + kind + "]]")
				k.answer(k.asked(id).ID, agent.Answer{}) // nobody answered in time
				if p := k.finish(id, kind); p.text() != "Got nothing." {
					t.Errorf("%s: without a value it said %q", kind, p.text())
				}
			}
		})
	}
}

func TestQuestionsAreAnsweredInBothStyles(t *testing.T) {
	for name, o := range styles {
		t.Run(name, func(t *testing.T) {
			k := newDouble(t, o).talk(t)
			id := k.start("[[clarify]]")
			a := k.asked(id)
			if a.Kind != chat.Question || a.Title != "Which colour?" || len(a.Choices) != 2 {
				t.Fatalf("asked %+v", a)
			}
			k.answer(a.ID, agent.Answer{Choice: a.Choices[0].ID})
			if p := k.finish(id, ""); p.text() != "You said red." {
				t.Errorf("said %q", p.text())
			}
			id = k.start("[[clarify]]")
			k.answer(k.asked(id).ID, agent.Answer{Text: "green"})
			if p := k.finish(id, ""); p.text() != "You said green." {
				t.Errorf("said %q", p.text())
			}
		})
	}
}

func TestAnErrorWithoutAnEndIsAnEnd(t *testing.T) {
	k := newDouble(t, gatewaytest.Options{}).talk(t)
	p := k.do("[[error]]")
	if p.end.State != chat.Failed || !strings.Contains(p.end.Error.Text, "no such model") {
		t.Errorf("ended as %s (%+v)", p.end.State, p.end.Error)
	}
	k.do("[[plain]]").done(t)
}

func TestAResultThatIsTooLongForMemoryIsShownAndNotHeld(t *testing.T) {
	k := newDouble(t, gatewaytest.Options{}).talk(t)
	p := k.do("[[huge:12]]")
	p.done(t)
	if got := len(p.streams[p.tool(t).ID]); got < 12<<20 || p.text() != "That was much." {
		t.Errorf("%d bytes came, said %q", got, p.text())
	}
}

func TestAnAgentThatCannotStartEndsTheTurnWithItsReason(t *testing.T) {
	home := t.TempDir()
	found := Found{Python: "none", Profiles: []Profile{{Name: "default", Home: home}}}
	d := New(Config{
		Find: func(context.Context) Found { return found }, Dir: home, Spill: t.TempDir(), Env: []string{"PATH=/usr/bin:/bin"},
		Argv: gatewaytest.Argv(gatewaytest.Options{Fails: true, Says: "ModuleNotFoundError: No module named 'openai'"}),
	})
	t.Cleanup(d.Close)
	p := (&real{Driver: d, home: home}).talk(t).do("[[plain]]")
	if p.end.State != chat.Failed || !strings.Contains(p.end.Error.Text, "No module named 'openai'") {
		t.Errorf("ended as %s (%+v)", p.end.State, p.end.Error)
	}
}
