//go:build linux

package main_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"hermes-webui/app/wholetest"
	"hermes-webui/server/agent/hermes/hermestest"
	"hermes-webui/server/chat"
)

// A turn of an agent that serves on its own goes on however the program ends, and
// its text is there once.
func TestATurnOfHermesOutlivesTheProgram(t *testing.T) {
	p, o, model := withHermes(t)
	model.Set("numbers", hermestest.Numbers(40*time.Millisecond))
	p.Do(200, "PATCH", "/api/settings", map[string]any{"turns_outlive": true})
	t.Cleanup(func() { // however it fails, nothing is left
		p.Kill()
		for _, pid := range serving(t, o) {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	})
	s := p.Session("hermes", "")
	seen := func(turn chat.TurnID, least int) {
		t.Helper()
		w := p.Watch(t.Context(), s)
		defer w.Close()
		w.Until(func(f *chat.Fold) bool {
			for _, one := range f.Turns {
				if one.ID == turn {
					return len(wholetest.TextOf(one)) > least
				}
			}
			return false
		})
	}
	whole := func(turn *chat.Turn, arg string) {
		t.Helper()
		if turn.State != chat.Done || wholetest.TextOf(turn) != hermestest.Counted(arg) {
			t.Errorf("the turn ended %s with %q: %+v", turn.State, wholetest.TextOf(turn), turn.Error)
		}
	}

	// again starts the program once more, and waits until more of the turn is shown.
	again := func(turn chat.TurnID) {
		t.Helper()
		began := time.Now()
		p = wholetest.Start(t, o)
		t.Logf("ready after %v", time.Since(began))
		shown := p.Snapshot(s).Turns
		now := shown[len(shown)-1]
		if now.State != chat.Running {
			t.Fatalf("the turn is %s: %+v", now.State, now.Error)
		}
		seen(turn, len(wholetest.TextOf(now)))
	}

	live := p.Send(s, "[[numbers:200]]")
	seen(live, 20)
	agents := serving(t, o)
	for range 2 {
		p.Kill()
		again(live)
	}
	began := time.Now()
	if code := p.Stop(); code != 0 {
		t.Errorf("it ended with %d", code)
	}
	if d := time.Since(began); d > 5*time.Second {
		t.Errorf("it waited %v for a turn that goes on without it", d)
	}
	again(live)
	whole(p.Ended(s, live), "200")
	if now := serving(t, o); len(agents) != 1 || !slices.Equal(now, agents) {
		t.Errorf("the agents are %v, were %v", now, agents)
	}

	// It ends while nobody is there.
	live = p.Send(s, "[[numbers:60]]")
	seen(live, 5)
	p.Kill()
	time.Sleep(4 * time.Second) // the model takes 2.4 s for its words
	p = wholetest.Start(t, o)
	whole(p.Ended(s, live), "60")
	next := p.Ended(s, p.Send(s, "[[count]]"))
	if wholetest.TextOf(next) != "3" {
		t.Errorf("the agent was asked %q prompts", wholetest.TextOf(next))
	}
	if n := len(p.Snapshot(s).Turns); n != 3 {
		t.Errorf("there are %d turns", n)
	}

	// Its agent dies with the program.
	live = p.Send(s, "[[numbers:200]]")
	seen(live, 20)
	p.Kill()
	for _, pid := range serving(t, o) {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	p = wholetest.Start(t, o)
	if turn := p.Ended(s, live); turn.State != chat.Interrupted {
		t.Errorf("the turn is %s", turn.State)
	}
	p.Ended(s, p.Send(s, "[[plain]]"))
	agents = serving(t, o)
	if code := p.Stop(); code != 0 || len(agents) == 0 {
		t.Errorf("it ended with %d, agents %v", code, agents)
	}
	gone(t, agents)
}

// serving returns the agents of a program that serve on their own.
func serving(t *testing.T, o wholetest.Options) (pids []int) {
	t.Helper()
	i := slices.IndexFunc(o.Env, func(v string) bool { return strings.HasPrefix(v, "HERMES_HOME=") })
	for _, pid := range running(t, "hermes_cli.main\x00serve\x00") {
		env, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
		if err == nil && bytes.Contains(env, []byte(o.Env[i]+"\x00")) {
			pids = append(pids, pid)
		}
	}
	return pids
}
