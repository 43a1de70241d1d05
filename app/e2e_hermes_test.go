//go:build linux

package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hermes-webui/app/wholetest"
	"hermes-webui/server"
	"hermes-webui/server/agent/hermes/hermestest"
	"hermes-webui/server/chat"
)

// withHermes starts the program beside the real agent and a scripted model.
func withHermes(t testing.TB, more ...string) (*wholetest.Program, wholetest.Options, *hermestest.Model) {
	t.Helper()
	model := hermestest.NewModel(t)
	home := hermestest.Home(t, model.URL)
	work := t.TempDir()
	o := wholetest.Options{
		Dir: filepath.Join(t.TempDir(), "state"),
		Env: append([]string{
			"HERMES_WEBUI_PYTHON=" + hermestest.Python(t), "HERMES_HOME=" + home, "NO_PROXY=127.0.0.1",
			"HERMES_WEBUI_DEFAULT_WORKSPACE=" + work,
		}, more...),
	}
	p := wholetest.Start(t, o)
	inOrder(t, p)
	o.Addr = p.Addr
	return p, o, model
}

// inOrder ends the program in order at the end of the test: an agent whose server
// is killed writes on for a moment, into folders that are being removed.
func inOrder(t testing.TB, p *wholetest.Program) {
	t.Cleanup(func() {
		select {
		case <-p.Done():
		default:
			p.Stop()
		}
	})
}

// A turn of the real agent whose server is killed keeps what was seen of it, and
// the agent goes with the server.
func TestWhatHermesSaidOutlivesAKilledServer(t *testing.T) {
	p, o, _ := withHermes(t)
	s := p.Session("hermes", "")
	first := p.Ended(s, p.Send(s, "[[plain]]"))
	if first.State != chat.Done || wholetest.TextOf(first) != "Plain words in several pieces." {
		t.Fatalf("the first turn ended %s: %q %+v", first.State, wholetest.TextOf(first), first.Error)
	}
	live := p.Send(s, "[[long]]")
	w := p.Watch(t.Context(), s)
	seen := ""
	w.Until(func(f *chat.Fold) bool {
		for _, turn := range f.Turns {
			if turn.ID == live {
				seen = wholetest.TextOf(turn)
			}
		}
		return len(seen) > 50
	})
	w.Close()
	agents := childrenOf(t, p.Pid())
	if len(agents) == 0 {
		t.Fatal("the server has no child")
	}
	p.Kill()
	gone(t, agents)

	p = wholetest.Start(t, o)
	turn := p.Ended(s, live)
	if turn.State != chat.Interrupted || !strings.HasPrefix(wholetest.TextOf(turn), seen) {
		t.Errorf("after the kill the turn is %s with %q; seen was %q", turn.State, wholetest.TextOf(turn), seen)
	}
	next := p.Ended(s, p.Send(s, "and now [[plain]]"))
	if next.State != chat.Done || wholetest.TextOf(next) != "Plain words in several pieces." {
		t.Errorf("afterwards a turn ended %s: %+v", next.State, next.Error)
	}
	if stored := p.Snapshot(s).Session.Stored; len(stored) != 1 {
		t.Errorf("the agent keeps it as %v, want one id", stored)
	}
	if code := p.Stop(); code != 0 {
		t.Errorf("the server ended with %d", code)
	}
}

// A server that ends in good order takes the agent with it.
func TestNothingOfHermesIsLeftAfterTheServer(t *testing.T) {
	p, _, _ := withHermes(t)
	s := p.Session("hermes", "")
	p.Ended(s, p.Send(s, "[[plain]]"))
	agents := childrenOf(t, p.Pid())
	if len(agents) == 0 {
		t.Fatal("the server has no child")
	}
	if code := p.Stop(); code != 0 {
		t.Errorf("the server ended with %d", code)
	}
	gone(t, agents)
}

// An agent that is killed in the middle of a turn is said, and started anew.
func TestAKilledHermesFailsItsTurnAndComesAgain(t *testing.T) {
	p, _, _ := withHermes(t)
	s := p.Session("hermes", "")
	live := p.Send(s, "[[long]]")
	w := p.Watch(t.Context(), s)
	w.Until(func(f *chat.Fold) bool {
		return len(f.Turns) > 0 && len(wholetest.TextOf(f.Turns[0])) > 20
	})
	w.Close()
	for _, pid := range childrenOf(t, p.Pid()) {
		kill(t, pid)
	}
	turn := p.Ended(s, live)
	if turn.State != chat.Failed || turn.Error == nil || !strings.Contains(turn.Error.Text, "broke off") {
		t.Errorf("the turn ended %s: %+v", turn.State, turn.Error)
	}
	if len(wholetest.TextOf(turn)) < 20 {
		t.Errorf("of the answer only %q is kept", wholetest.TextOf(turn))
	}
	next := p.Ended(s, p.Send(s, "[[plain]]"))
	if next.State != chat.Done {
		t.Errorf("afterwards a turn ended %s: %+v", next.State, next.Error)
	}
}

// What is wrong with the agent is said in words, and the built-in one answers.
func TestTroubleWithHermesIsSaid(t *testing.T) {
	t.Run("it is not there", func(t *testing.T) {
		p := wholetest.Start(t, wholetest.Options{Env: []string{"HERMES_WEBUI_PYTHON=/nowhere/python"}})
		var list agents
		p.Do(200, "GET", "/api/agents", nil).Into(t, &list)
		h := list.of("hermes")
		if h.Ready || h.Install == "" || len(h.Tried) == 0 || !strings.Contains(h.Tried[0].Why, "/nowhere/python") {
			t.Errorf("got %+v", h)
		}
		if list.Default == "hermes" {
			t.Error("it is the default")
		}
		s := p.Session("hermes", "")
		turn := p.Ended(s, p.Send(s, "hello"))
		if turn.State != chat.Failed || !strings.Contains(turn.Error.Text, "not found") {
			t.Errorf("a turn ended %s: %+v", turn.State, turn.Error)
		}
	})
	t.Run("its settings are broken", func(t *testing.T) {
		model := hermestest.NewModel(t)
		home := hermestest.Home(t, model.URL)
		if err := os.WriteFile(filepath.Join(home, "config.yaml"), []byte("model: [unclosed\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		p := wholetest.Start(t, wholetest.Options{Env: []string{"HERMES_WEBUI_PYTHON=" + hermestest.Python(t), "HERMES_HOME=" + home}})
		inOrder(t, p)
		s := p.Session("hermes", "")
		turn := p.Ended(s, p.Send(s, "hello"))
		if turn.State != chat.Failed || turn.Error == nil || len(turn.Error.Text) < 20 {
			t.Errorf("a turn ended %s: %+v", turn.State, turn.Error)
		}
		t.Logf("said: %s", turn.Error.Text)
	})
	t.Run("it never becomes ready", func(t *testing.T) {
		python := filepath.Join(t.TempDir(), "python")
		script := "#!/bin/sh\ncase \"$1\" in -c) echo 9.9;; *) echo 'cannot open the model list' >&2; exit 7;; esac\n"
		if err := os.WriteFile(python, []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
		p := wholetest.Start(t, wholetest.Options{Env: []string{"HERMES_WEBUI_PYTHON=" + python}})
		s := p.Session("hermes", "")
		turn := p.Ended(s, p.Send(s, "hello"))
		if turn.State != chat.Failed || turn.Error == nil || !strings.Contains(turn.Error.Text, "cannot open the model list") {
			t.Errorf("a turn ended %s: %+v", turn.State, turn.Error)
		}
	})
	for _, code := range []string{"401", "400"} {
		t.Run("the provider says "+code, func(t *testing.T) {
			p, _, _ := withHermes(t)
			s := p.Session("hermes", "")
			turn := p.Ended(s, p.Send(s, "[[status:"+code+"]]"))
			if turn.State != chat.Failed || turn.Error == nil || !strings.Contains(turn.Error.Text, "refused by the script") {
				t.Errorf("a turn ended %s: %+v", turn.State, turn.Error)
			}
		})
	}
}

type agents struct {
	Items []struct {
		ID, Install, Missing string
		Ready                bool
		Tried                []struct{ Where, Why string }
	}
	Default string
}

func (a agents) of(id string) (found struct {
	ID, Install, Missing string
	Ready                bool
	Tried                []struct{ Where, Why string }
}) {
	for _, i := range a.Items {
		if i.ID == id {
			found = i
		}
	}
	return found
}

// gone fails if one of the processes is still there after a while.
func gone(t *testing.T, pids []int) {
	t.Helper()
	late := time.Now().Add(20 * time.Second)
	for _, pid := range pids {
		for alive(pid) {
			if time.Now().After(late) {
				t.Fatalf("process %d outlives the server", pid)
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
}

// A model of Hermes that a person makes the default is that of new sessions with
// Hermes, and of no others.
func TestADefaultModelIsThatOfItsAgent(t *testing.T) {
	t.Parallel()
	p, _, _ := withHermes(t)
	s := p.Session("hermes", "")
	p.Ended(s, p.Send(s, "[[plain]]"))
	var models server.Models
	until(t, "the models of Hermes", func() bool {
		p.Do(200, "GET", "/api/models", nil).Into(t, &models)
		return len(models.Items) > 0
	})
	usual := models.Items[0].ID
	p.Do(200, "PATCH", "/api/settings", map[string]any{"default_model": usual, "default_effort": "high"})
	with := p.Snapshot(p.Session("hermes", "")).Session
	if with.Model != usual || with.Effort != "high" {
		t.Errorf("a session with Hermes has %q, %q", with.Model, with.Effort)
	}
	other := p.Snapshot(p.Session("demo", "")).Session
	if other.Model != "" || other.Effort != "" {
		t.Errorf("one with the demo has %q, %q", other.Model, other.Effort)
	}

	p.Do(200, "PUT", "/api/providers/lab", map[string]any{"name": "Lab", "kind": "openai", "base_url": hermestest.NewModel(t).URL})
	other.ID = p.Session("direct", "")
	if turn := p.Ended(other.ID, p.Send(other.ID, "[[plain]]")); turn.State != chat.Done {
		t.Errorf("the direct agent ended as %s: %+v", turn.State, turn.Error)
	}
}
