package gateway_test

import (
	"os"
	"runtime"
	"syscall"
	"testing"
	"time"

	"hermes-webui/server/agent/hermes/gateway"
	"hermes-webui/server/agent/hermes/gateway/gatewaytest"
)

// A session whose agent was built has a helper process in a session of its own;
// a command of a tool has one too.
func TestNothingOfTheRealAgentIsLeft(t *testing.T) {
	h, home := realHostIn(t)
	ctx := within(t, time.Minute)
	c, err := h.Client(ctx)
	if err != nil {
		t.Fatal(err)
	}
	sid := create(t, ctx, c)
	feed := c.Listen(sid)
	if err := c.Call(ctx, "prompt.submit", map[string]string{"session_id": sid, "text": "[[tool:sleep 300]]"}, nil); err != nil {
		t.Fatal(err)
	}
	for m, err := feed.Next(ctx); m.Type != "tool.start"; m, err = feed.Next(ctx) {
		if err != nil {
			t.Fatal(err)
		}
	}
	for len(marked(t, home)) < 3 { // itself, its helper, the command
		if ctx.Err() != nil {
			t.Fatalf("running: %q", marked(t, home))
		}
		runtime.Gosched()
	}
	h.Stop()
	if left := marked(t, home); len(left) > 0 {
		t.Errorf("still running: %q", left)
	}
}

func TestNothingIsLeftHoweverItEnds(t *testing.T) {
	for name, end := range map[string]func(*testing.T, *gateway.Host){
		"stop":    func(_ *testing.T, h *gateway.Host) { h.Stop() },
		"restart": func(_ *testing.T, h *gateway.Host) { h.Restart() },
		"kill -9": func(t *testing.T, h *gateway.Host) {
			c, _ := h.Client(t.Context())
			if err := syscall.Kill(h.State().PID, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			<-c.Done()
			if fate := h.Fate(c); fate != "It ended (signal: killed)." {
				t.Errorf("its fate is %q", fate)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, home := child(t, gatewaytest.Options{Helper: true})
			if _, err := h.Client(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n := len(marked(t, home)); n != 2 {
				t.Fatalf("%d processes, want it and its helper", n)
			}
			end(t, h)
			if left := marked(t, home); len(left) > 0 {
				t.Errorf("still running: %q", left)
			}
		})
	}
}

func TestTheAgentGetsItsTerminalSettings(t *testing.T) {
	t.Parallel()
	h, _ := child(t, gatewaytest.Options{}, func(s *gateway.Spec) {
		if err := os.WriteFile(s.Home+"/config.yaml", []byte("terminal: {backend: docker, docker_image: made-for-a-test}\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	})
	if _, err := h.Client(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(marked(t, "TERMINAL_ENV=docker")) == 0 || len(marked(t, "TERMINAL_DOCKER_IMAGE=made-for-a-test")) == 0 {
		t.Error("the agent does not have them")
	}
}

// The end of its input does not impress it, nor SIGTERM.
func TestAnAgentThatLingersIsKilledAfterEightSeconds(t *testing.T) {
	t.Parallel()
	h, home := child(t, gatewaytest.Options{Lingers: true})
	if _, err := h.Client(t.Context()); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	h.Stop()
	if took := time.Since(began); took < 8*time.Second || took > 12*time.Second {
		t.Errorf("took %v", took)
	}
	if left := marked(t, home); len(left) > 0 {
		t.Errorf("still running: %q", left)
	}
}

func TestAHundredRestartsLeaveNothing(t *testing.T) {
	h, home := child(t, gatewaytest.Options{Helper: true})
	count := func() (files, goroutines int) {
		all, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(all), runtime.NumGoroutine()
	}
	var files, goroutines int
	for i := range 101 {
		c, err := h.Client(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
		h.Restart()
		if i == 0 {
			files, goroutines = count()
		}
	}
	f, g := count()
	if f > files || g > goroutines+2 {
		t.Errorf("files %d -> %d, goroutines %d -> %d", files, f, goroutines, g)
	}
	t.Logf("files %d -> %d, goroutines %d -> %d", files, f, goroutines, g)
	if left := marked(t, home); len(left) > 0 {
		t.Errorf("still running: %q", left)
	}
}
