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

	"hermes-webui/server/agent/direct/child"
)

// tagged lists the processes whose environment or command line has a tag. It is
// the test's own way to look, independent of the marker.
func tagged(t *testing.T, tag string) []string {
	t.Helper()
	var found []string
	dirs, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dirs {
		if filepath.Base(d) == fmt.Sprint(os.Getpid()) {
			continue
		}
		line, _ := os.ReadFile(d + "/cmdline") // gone: not there
		env, _ := os.ReadFile(d + "/environ")
		if bytes.Contains(line, []byte(tag)) || bytes.Contains(env, []byte("TAG="+tag)) {
			found = append(found, filepath.Base(d)+" "+strings.ReplaceAll(string(line), "\x00", " "))
		}
	}
	return found
}

// escapes are ways to outlive a command; each says "begun" when it is out. TAG
// stands for a number of seconds that no other process sleeps.
var escapes = map[string]string{
	"child":                       `sleep TAG & echo begun; wait`,
	"grandchildren":               `sh -c 'sh -c "sleep TAG & sleep TAG" & sleep TAG' & echo begun; wait`,
	"pipe":                        `sleep TAG | sleep TAG & echo begun; wait`,
	"ignores SIGTERM":             `trap '' TERM; sleep TAG & echo begun; while :; do sleep TAG; done`,
	"ignores SIGHUP":              `nohup sleep TAG >/dev/null 2>&1 & echo begun; wait`,
	"own session":                 `setsid sleep TAG & sleep 0.1; echo begun; wait`,
	"own session, let go":         `setsid -f sleep TAG; echo begun; sleep TAG`,
	"own session, no output":      `setsid -f sleep TAG </dev/null >/dev/null 2>&1; echo begun; sleep TAG`,
	"own session twice":           `setsid -f setsid -f sh -c 'trap "" TERM HUP; sleep TAG; sleep TAG'; sleep 0.1; echo begun; sleep TAG`,
	"double fork":                 `(setsid sh -c '(sleep TAG >/dev/null 2>&1 &) ; (sleep TAG &)' &); sleep 0.1; echo begun; sleep TAG`,
	"no environment":              `env -i setsid -f sleep TAG; echo begun; sleep TAG`,
	"no environment, has parents": `env -i setsid sleep TAG >/dev/null 2>&1 & sleep 0.1; echo begun; wait`,
	"halted":                      `setsid -f sh -c 'kill -STOP $$; sleep TAG'; sh -c 'kill -STOP $$' & echo begun; sleep TAG`,
	"job control":                 `set -m 2>/dev/null; sleep TAG & sleep TAG & echo begun; wait`,
	"another shell":               `timeout TAG sh -c 'sleep TAG & sleep TAG' & echo begun; wait`,
}

func TestAStopLeavesNothing(t *testing.T) {
	needs(t, "setsid", "nohup", "timeout", "sleep", "env")
	number := 0
	for name, text := range escapes {
		number++
		tag := fmt.Sprintf("%d.%d", 70000+number, os.Getpid())
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			out := watch("begun")
			go func() { <-out.seen; cancel() }()
			_, err := child.New(child.Config{Grace: 200 * time.Millisecond}).Run(ctx, child.Command{
				Argv: sh(strings.ReplaceAll(text, "TAG", tag)), Dir: "/", Env: append(plainEnv(), "TAG="+tag), Out: out, Timeout: 20 * time.Second,
			})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("error %v, output %q", err, out)
			}
			if left := tagged(t, tag); len(left) > 0 {
				t.Errorf("left: %q", left)
			}
		})
	}
}

func TestWhatACommandLeavesRunningEndsWithIt(t *testing.T) {
	needs(t, "setsid", "nohup")
	number := 0
	for name, text := range map[string]string{
		"background":             `sleep TAG & echo done`,
		"holds the output":       `setsid -f sleep TAG; echo done`,
		"own session":            `setsid -f sleep TAG >/dev/null 2>&1; echo done`,
		"nohup":                  `nohup sleep TAG >/dev/null 2>&1 & echo done`,
		"ignores, own session":   `setsid -f sh -c 'trap "" TERM; sleep TAG; sleep TAG'; sleep 0.1; echo done`,
		"writes without an end":  `echo done; setsid -f yes; sleep 0.1`,
		"drops its environment":  `env -i setsid -f sleep TAG; echo done`,
		"a daemon of a daemon's": `(setsid sh -c 'setsid -f sleep TAG >/dev/null 2>&1'); echo done`,
	} {
		number++
		tag := fmt.Sprintf("%d.%d", 80000+number, os.Getpid())
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := watch("done")
			end, err := child.New(child.Config{Grace: 100 * time.Millisecond}).Run(t.Context(), child.Command{
				Argv: sh(strings.ReplaceAll(text, "TAG", tag)), Dir: "/", Env: append(plainEnv(), "TAG="+tag), Out: out, Timeout: 20 * time.Second,
			})
			if err != nil || end.TimedOut || end.Code != 0 || end.Left == 0 || end.Stuck != 0 {
				t.Errorf("%+v, %v", end, err)
			}
			select {
			case <-out.seen:
			default:
				t.Errorf("output %.100q", out)
			}
			if left := tagged(t, tag); len(left) > 0 {
				t.Errorf("left: %q", left)
			}
		})
	}
}

func TestACommandThatLeavesNothingSaysSo(t *testing.T) {
	if _, end := run(t, "sleep 0.01 & wait; echo x | cat"); end.Left != 0 {
		t.Errorf("%+v", end)
	}
}

func TestManyAtOnceDoNotTouchEachOther(t *testing.T) {
	before := openFiles(t)
	tag := fmt.Sprintf("90000.%d", os.Getpid())
	r := child.New(child.Config{Dir: t.TempDir(), Grace: 100 * time.Millisecond})
	var group sync.WaitGroup
	for i := range 24 {
		group.Go(func() {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			out := watch("begun")
			if i%3 == 0 {
				go func() { <-out.seen; cancel() }()
			}
			end, err := r.Run(ctx, child.Command{
				Argv: sh(fmt.Sprintf("setsid -f sleep %s; echo begun; [ %d = 0 ] && sleep %s; sleep 0.3; exit 7", tag, i%3, tag)),
				Dir:  "/", Env: append(plainEnv(), "TAG="+tag), Out: out,
			})
			if i%3 == 0 && !errors.Is(err, context.Canceled) || i%3 != 0 && (err != nil || end.Code != 7 || end.Left == 0) {
				t.Errorf("%d: %+v %v", i, end, err)
			}
		})
	}
	group.Wait()
	if left := tagged(t, tag); len(left) > 0 {
		t.Errorf("left: %q", left)
	}
	if after := openFiles(t); after > before {
		t.Errorf("%d open files before, %d after", before, after)
	}
}

func openFiles(t *testing.T) int {
	t.Helper()
	names, err := filepath.Glob("/proc/self/fd/*")
	if err != nil {
		t.Fatal(err)
	}
	return len(names)
}

func TestALeftoverOfAKilledProgramIsSwept(t *testing.T) {
	needs(t, "setsid")
	dir := filepath.Join(t.TempDir(), "children")
	tag := fmt.Sprintf("91000.%d", os.Getpid())
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(plainEnv(), "CHILD_TEST_PART=run", "CHILD_TEST_DIR="+dir,
		"CHILD_TEST_COMMAND=setsid -f sleep "+tag+" >/dev/null; trap '' HUP TERM; sleep "+tag+" & echo begun; while :; do sleep "+tag+"; done")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(out, make([]byte, len("begun\n"))); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Process.Signal(syscall.SIGKILL)
	_ = cmd.Wait()
	if n := len(tagged(t, tag)); n < 3 {
		t.Fatalf("%d processes survived; the test shows nothing", n)
	}
	n, err := child.Sweep(dir)
	if err != nil || n < 3 {
		t.Errorf("swept %d, %v", n, err)
	}
	if left := tagged(t, tag); len(left) > 0 {
		t.Errorf("left: %q", left)
	}
	if left := list(t, dir); len(left) > 0 {
		t.Errorf("records: %q", left)
	}
}

func TestAHiddenProcessKeepsItsEnvironmentFromItsChildren(t *testing.T) {
	needs(t, "tr", "cat")
	for part, seen := range map[string]bool{"show": true, "hide": false} {
		cmd := exec.Command(copyOfTest(t))
		cmd.Env = append(plainEnv(), "CHILD_TEST_PART="+part, "PROVIDER_KEY=sk-very-secret")
		if os.Getuid() == 0 { // root reads everything
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		}
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v: %s", part, err, out)
		}
		if got := bytes.Contains(out, []byte("sk-very-secret")); got != seen {
			t.Errorf("%s: seen: %v, output %q", part, got, out)
		}
	}
}

// copyOfTest puts the test program where any user may run it.
func copyOfTest(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("/tmp", "child")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "program")
	if err := os.WriteFile(file, b, 0o755); err != nil {
		t.Fatal(err)
	}
	return file
}
