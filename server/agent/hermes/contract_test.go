package hermes

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/agenttest"
	"hermes-webui/server/agent/direct/modeltest"
	"hermes-webui/server/agent/hermes/hermestest"
	"hermes-webui/server/chat"
)

// real is a driver of the real agent beside a model server that plays scenes.
type real struct {
	*Driver
	model *hermestest.Model
	home  string
}

func newReal(t *testing.T, more ...string) *real {
	t.Helper()
	return newRealIn(t, nil, more...)
}

// newRealIn is newReal with more in the agent's environment.
func newRealIn(t *testing.T, env []string, more ...string) *real {
	t.Helper()
	m := hermestest.NewModel(t)
	home := hermestest.Home(t, m.URL, more...)
	found := Found{Python: hermestest.Python(t), Profiles: []Profile{{Name: "default", Home: home}}}
	d := New(Config{Find: func(context.Context) Found { return found }, Env: append(hermestest.Env(home), env...), Dir: t.TempDir(), Spill: t.TempDir()})
	t.Cleanup(d.Close)
	r := &real{d, m, home}
	r.start(t)
	return r
}

// start waits until the agent runs.
func (r *real) start(t *testing.T) {
	t.Helper()
	h, err := r.host(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Client(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// forget ends the agents.
func (r *real) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, h := range r.hosts {
		h.Stop()
		delete(r.hosts, name)
	}
}

func (r *real) kill(t *testing.T) {
	t.Helper()
	pid := r.States()["default"].PID
	if pid == 0 {
		t.Fatal("the agent does not run")
	}
	process, err := os.FindProcess(pid)
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Kill(); err != nil {
		t.Fatal(err)
	}
}

func TestTheRealAgentKeepsTheContract(t *testing.T) {
	r := newReal(t)
	r.model.Set("huge", func(string, int, modeltest.Asked) modeltest.Script {
		s := modeltest.Script{Usage: &modeltest.Usage{}}
		for range 400 {
			s.Tokens = append(s.Tokens, strings.Repeat("many words ", 100))
		}
		return s
	})
	agenttest.Run(t, func(t *testing.T) agenttest.Harness {
		r.start(t)
		pid := r.States()["default"].PID
		return agenttest.Harness{
			Driver:  r.Driver,
			Session: chat.Session{ID: chat.SessionID(chat.NewID(chat.PrefixSession)), Agent: ID, Workspace: t.TempDir()},
			Plain:   "[[plain]]",
			Long:    "[[long]]",
			Fail:    "[[status:400]]",
			Huge:    "[[huge]]",
			HugeLen: 400_000,
			Kill:    func() { r.kill(t) },
			Ask:     "[[tool:rm -rf /tmp/hermes-webui-test-nothing; echo removed]]",
			Allow:   agent.Answer{Choice: "once"},
			Deny:    agent.Answer{Choice: "deny", Text: "not now"},
			Allowed: "removed",
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
}
