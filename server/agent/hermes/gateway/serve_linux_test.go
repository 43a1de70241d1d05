package gateway_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"hermes-webui/server/agent/hermes/gateway"
	"hermes-webui/server/agent/hermes/hermestest"
)

// serving is the spec of the real agent that serves on its own. All of it is
// ended after the test.
func serving(t *testing.T) (s gateway.Spec, mark string) {
	t.Helper()
	home := hermestest.Home(t, hermestest.NewModel(t).URL)
	s = gateway.Spec{
		Python: hermestest.Python(t), Home: home, Dir: t.TempDir(), Env: hermestest.Env(home), Serve: t.TempDir(), Spill: t.TempDir(),
	}
	t.Cleanup(func() {
		h := gateway.NewHost(s, nil)
		if _, err := h.Client(context.Background()); err != nil {
			t.Error(err)
		}
		h.Restart()
		h.Stop()
		if left := marked(t, "HERMES_HOME="+home); len(left) > 0 {
			t.Errorf("still running: %q", left)
		}
	})
	return s, "HERMES_HOME=" + home
}

type resumed struct {
	Session  string `json:"session_id"`
	Running  bool
	Inflight *struct {
		User, Assistant string
		Streaming       bool
	}
}

func TestATurnGoesOnWithoutUsAndIsFoundAgain(t *testing.T) {
	s, home := serving(t)
	ctx := within(t, 90*time.Second)
	first := gateway.NewHost(s, nil)
	c, err := first.Client(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if h, err := c.Ready(ctx); err != nil || h.Requests {
		t.Fatalf("hello %+v, %v", h, err)
	}
	var made struct {
		Session string `json:"session_id"`
		Stored  string `json:"stored_session_id"`
	}
	if err := c.Call(ctx, "session.create", map[string]any{"cwd": s.Dir, "source": "webui", "cols": 100}, &made); err != nil {
		t.Fatal(err)
	}
	feed := c.Listen(made.Session)
	if err := c.Call(ctx, "prompt.submit", map[string]any{"session_id": made.Session, "text": "[[long]]"}, nil); err != nil {
		t.Fatal(err)
	}
	for m, err := feed.Next(ctx); m.Type != "message.delta"; m, err = feed.Next(ctx) {
		if err != nil {
			t.Fatal(err)
		}
	}
	pid := first.State().PID
	first.Stop()
	if len(marked(t, home)) == 0 {
		t.Fatal("the agent ended with us")
	}

	second := gateway.NewHost(s, nil)
	defer second.Stop()
	began := time.Now()
	if c, err = second.Client(ctx); err != nil {
		t.Fatal(err)
	}
	if second.State().PID != pid {
		t.Errorf("another agent was started: %d, want %d", second.State().PID, pid)
	}
	var again resumed
	if err := c.Call(ctx, "session.resume", map[string]any{"session_id": made.Stored, "cols": 100, "source": "webui"}, &again); err != nil {
		t.Fatal(err)
	}
	t.Logf("found and resumed within %v: running %v, %+v", time.Since(began), again.Running, again.Inflight)
	if again.Session != made.Session || !again.Running || again.Inflight == nil || !strings.Contains(again.Inflight.Assistant, "word") {
		t.Errorf("resumed %+v", again)
	}
	feed = c.Listen(again.Session)
	for m, err := feed.Next(ctx); m.Type != "message.delta"; m, err = feed.Next(ctx) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Call(ctx, "session.interrupt", map[string]string{"session_id": again.Session}, nil); err != nil {
		t.Fatal(err)
	}
	if h := hear(t, feed, nil); h.state != "interrupted" || !strings.Contains(h.final, "word") {
		t.Errorf("heard %+v", h)
	}
}

func TestAnAgentThatServesIsStartedAnewWhenItDied(t *testing.T) {
	s, _ := serving(t)
	s.Pause = time.Millisecond
	ctx := within(t, 90*time.Second)
	h := gateway.NewHost(s, nil)
	defer h.Stop()
	c, err := h.Client(ctx)
	if err != nil {
		t.Fatal(err)
	}
	checkPrivate(t, s.Serve)
	pid := h.State().PID
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-c.Done()
	if fate := h.Fate(c); fate == "" {
		t.Error("its fate is not told")
	}
	for h.State().RetryAt.After(time.Now()) {
		runtime.Gosched()
	}
	if c, err = h.Client(ctx); err != nil || h.State().PID == pid {
		t.Fatalf("pid %d, %v", h.State().PID, err)
	}
	_ = create(t, ctx, c)
}

// checkPrivate says what others on the machine could read.
func checkPrivate(t *testing.T, dir string) {
	t.Helper()
	n := 0
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		n++
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
		return nil
	})
	if err != nil || n < 3 {
		t.Errorf("%d files, %v", n, err)
	}
}
