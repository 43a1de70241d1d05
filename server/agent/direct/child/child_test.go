//go:build unix

package child_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"hermes-webui/server/agent/direct/child"
)

func TestMain(m *testing.M) {
	if part := os.Getenv("CHILD_TEST_PART"); part != "" {
		os.Exit(play(part))
	}
	goleak.VerifyTestMain(m)
}

// play is what the test program does as a process of its own.
func play(part string) int {
	switch part {
	case "run": // runs a command until it is killed
		r := child.New(child.Config{Dir: os.Getenv("CHILD_TEST_DIR")})
		_, err := r.Run(context.Background(), child.Command{Argv: sh(os.Getenv("CHILD_TEST_COMMAND")), Dir: "/", Env: plainEnv(), Out: os.Stdout})
		fmt.Fprintln(os.Stderr, "the command ended:", err)
		return 1
	case "hide": // hides, and has a child read its environment
		if err := child.HideProcess(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return peek()
	case "show":
		return peek()
	default:
		fmt.Fprintln(os.Stderr, "unknown part", part)
		return 1
	}
}

func peek() int {
	r := child.New(child.Config{})
	_, err := r.Run(context.Background(), child.Command{Argv: sh(`cat /proc/$PPID/environ; tr '\0' '\n' </proc/$PPID/environ`), Dir: "/", Env: plainEnv(), Out: os.Stdout})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func sh(text string) []string { return []string{"/bin/sh", "-c", text} }

func plainEnv() []string { return []string{"PATH=/usr/local/bin:/usr/bin:/bin"} }

// needs fails where the machine lacks a program that the tests start.
func needs(t *testing.T, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			t.Fatalf("this test needs %s (coreutils, util-linux): %v", p, err)
		}
	}
}

// watched is an output that tells when a text has come.
type watched struct {
	mu   sync.Mutex
	text bytes.Buffer
	want string
	seen chan struct{}
	once sync.Once
}

func watch(want string) *watched { return &watched{want: want, seen: make(chan struct{})} }

func (w *watched) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text.Write(b)
	if w.want != "" && strings.Contains(w.text.String(), w.want) {
		w.once.Do(func() { close(w.seen) })
	}
	return len(b), nil
}

func (w *watched) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

func run(t *testing.T, text string) (string, child.End) {
	t.Helper()
	out := watch("")
	end, err := child.New(child.Config{}).Run(t.Context(), child.Command{Argv: sh(text), Dir: t.TempDir(), Env: plainEnv(), Out: out, Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	return out.String(), end
}

func TestACommandRunsInItsFolderWithBothStreamsInOrderAndNoInput(t *testing.T) {
	dir := t.TempDir()
	out := watch("")
	end, err := child.New(child.Config{}).Run(t.Context(), child.Command{
		Argv: sh(`pwd; echo "$PWD"; echo a; echo b >&2; echo c; cat; tty; exit 3`), Dir: dir, Env: plainEnv(), Out: out,
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := dir + "\n" + dir + "\na\nb\nc\nnot a tty\n"; out.String() != want {
		t.Errorf("output %q, want %q", out, want)
	}
	if end != (child.End{Code: 3}) {
		t.Errorf("ended as %+v", end)
	}
}

func TestASignalIsToldTheWayShellsDo(t *testing.T) {
	if _, end := run(t, "kill -9 $$"); end.Code != 137 || end.Signal != "killed" {
		t.Errorf("ended as %+v", end)
	}
}

func TestWhatCannotBeStartedIsAnError(t *testing.T) {
	r := child.New(child.Config{Dir: filepath.Join(t.TempDir(), "children")})
	for _, argv := range [][]string{nil, {"/nowhere/program"}, {"/"}} {
		if _, err := r.Run(t.Context(), child.Command{Argv: argv, Dir: "/", Out: io.Discard}); err == nil {
			t.Errorf("%q ran", argv)
		}
	}
	if _, err := r.Run(t.Context(), child.Command{Argv: sh("true"), Dir: "/nowhere", Out: io.Discard}); err == nil {
		t.Error("it ran in a folder that is not there")
	}
}

func TestATimeoutEndsTheCommandAndKeepsItsOutput(t *testing.T) {
	out := watch("")
	end, err := child.New(child.Config{Grace: 100 * time.Millisecond}).Run(t.Context(), child.Command{
		Argv: sh(`trap '' TERM; echo begun; while :; do sleep 1000; done`), Dir: "/", Env: plainEnv(), Out: out, Timeout: 300 * time.Millisecond,
	})
	if err != nil || !end.TimedOut || end.Signal == "" || out.String() != "begun\n" {
		t.Errorf("%+v %v %q", end, err, out)
	}
}

func TestACommandMayTidyUpBeforeItEnds(t *testing.T) {
	out := watch("begun")
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-out.seen; cancel() }()
	_, err := child.New(child.Config{Grace: time.Minute}).Run(ctx, child.Command{
		Argv: sh(`trap 'echo tidy; exit 0' TERM; echo begun; while :; do sleep 0.01; done`), Dir: "/", Env: plainEnv(), Out: out,
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestTheCauseOfTheEndIsReturned(t *testing.T) {
	why := errors.New("stopped by a person")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	if _, err := child.New(child.Config{}).Run(ctx, child.Command{Argv: sh("true"), Dir: "/", Out: io.Discard}); !errors.Is(err, why) {
		t.Errorf("error %v", err)
	}
}

// failing takes some output and then fails.
type failing struct{ left int }

var errNobody = errors.New("nobody listens")

func (f *failing) Write(b []byte) (int, error) {
	if f.left -= len(b); f.left < 0 {
		return 0, errNobody
	}
	return len(b), nil
}

func TestACommandEndsWhenNobodyWantsItsOutput(t *testing.T) {
	_, err := child.New(child.Config{}).Run(t.Context(), child.Command{Argv: sh("yes"), Dir: "/", Env: plainEnv(), Out: &failing{1 << 20}})
	if !errors.Is(err, errNobody) {
		t.Errorf("error %v", err)
	}
}

// stuck blocks until the context is over, like the writer of a turn that waits
// for the log.
type stuck struct {
	ctx     context.Context
	blocked chan struct{}
	taken   int
}

func (s *stuck) Write(b []byte) (int, error) {
	s.taken += len(b)
	close(s.blocked)
	<-s.ctx.Done()
	return 0, context.Cause(s.ctx)
}

func TestASlowReaderHoldsTheCommandBack(t *testing.T) {
	needs(t, "yes")
	ctx, cancel := context.WithCancel(t.Context())
	out := &stuck{ctx: ctx, blocked: make(chan struct{})}
	go func() { <-out.blocked; cancel() }()
	_, err := child.New(child.Config{}).Run(ctx, child.Command{Argv: sh("yes"), Dir: "/", Env: plainEnv(), Out: out})
	if !errors.Is(err, context.Canceled) || out.taken > 64<<10 {
		t.Errorf("error %v, %d bytes in memory", err, out.taken)
	}
}

// counted counts.
type counted struct{ bytes int64 }

func (c *counted) Write(b []byte) (int, error) { c.bytes += int64(len(b)); return len(b), nil }

func TestMuchOutputComesWhole(t *testing.T) {
	needs(t, "head", "yes")
	out := &counted{}
	_, err := child.New(child.Config{}).Run(t.Context(), child.Command{Argv: sh("yes | head -c 50000000"), Dir: "/", Env: plainEnv(), Out: out})
	if err != nil || out.bytes != 50_000_000 {
		t.Errorf("%d bytes, %v", out.bytes, err)
	}
}

func TestRecordsLastAsLongAsTheCommand(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run", "children")
	out := watch("begun")
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := child.New(child.Config{Dir: dir}).Run(ctx, child.Command{Argv: sh("echo begun; sleep 1000"), Dir: "/", Env: plainEnv(), Out: out})
		ended <- err
	}()
	<-out.seen
	if n := len(list(t, dir)); n != 1 {
		t.Errorf("%d records of a running command", n)
	}
	cancel()
	<-ended
	if left := list(t, dir); len(left) != 0 {
		t.Errorf("left: %q", left)
	}
	if n, err := child.Sweep(dir); n != 0 || err != nil {
		t.Errorf("swept %d, %v", n, err)
	}
}

func list(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestSweepForgetsWhatIsNoRecordAndKillsNobodyForIt(t *testing.T) {
	dir := t.TempDir()
	bystander := exec.Command("sleep", "1000")
	if err := bystander.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = bystander.Process.Kill(); _ = bystander.Wait() }()
	pid := bystander.Process.Pid
	for name, text := range map[string]string{
		"a.json": "", "b.json": "{", "c.json": "null", "d.json": `{"mark":"","pid":` + fmt.Sprint(pid) + `}`,
		"e.json": fmt.Sprintf(`{"mark":"ABCDEFGHIJKLMNOPQRSTUVWXYZ","pid":%d,"start":"another time"}`, pid),
		"f.json": fmt.Sprintf(`{"mark":"ABCDEFGHIJKLMNOPQRSTUVWXYZ","pid":%d}`, pid),
		"g.json": `{"mark":"ABCDEFGHIJKLMNOPQRSTUVWXYZ","pid":-1}`, "h.json": `{"mark":"ABCDEFGHIJKLMNOPQRSTUVWXYZ","pid":1,"start":"x"}`, "i.new": "half",
		"stranger.txt": "not ours",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	n, err := child.Sweep(dir)
	if n != 0 || err != nil {
		t.Errorf("swept %d, %v", n, err)
	}
	if left := list(t, dir); len(left) != 1 || filepath.Base(left[0]) != "stranger.txt" {
		t.Errorf("left: %q", left)
	}
	if err := bystander.Process.Signal(syscall.Signal(0)); err != nil {
		t.Errorf("the bystander: %v", err)
	}
	if n, err := child.Sweep(filepath.Join(dir, "nowhere")); n != 0 || err != nil {
		t.Errorf("without a folder: %d, %v", n, err)
	}
}
