//go:build unix

package main_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"hermes-webui/app/wholetest"
	"hermes-webui/server/chat"
)

// TestAnAgentThatIsKilledAtAnyMomentDoesNothingTwiceNorByHalves kills the program
// at random moments while a command that was just allowed begins, and a file is
// written over and over.
func TestAnAgentThatIsKilledAtAnyMomentDoesNothingTwiceNorByHalves(t *testing.T) {
	const kills, size = 6, 8 << 10
	h := obedient(t)
	nap := fmt.Sprintf("986.%d", os.Getpid()) // nobody else sleeps for as long
	t.Cleanup(func() {                        // nothing of this test is left, however it ended
		h.p.Kill()
		h.wantFree()
		wholetest.Start(t, h.o).Stop()
	})
	h.allow(h.p.Session("direct", ""), "always", writing("first.txt", "x\n")...)
	for i := range kills {
		name := fmt.Sprintf("ran%d", i)
		s := h.p.Session("direct", "")
		turn := h.sendIn(s, shell("echo began >> "+name+"; sleep "+nap+" & wait"))
		ask := h.next(s, turn)
		var calls []string
		for k := range 20 {
			calls = append(calls, writing("whole.txt", strings.Repeat(string(rune('a'+(i+k)%26)), size)+"\n")...)
		}
		writer := h.p.Session("direct", "")
		w := h.sendIn(writer, calls)
		h.begun(writer, w)
		answered := make(chan struct{})
		go func() { // a program that is killed never answers
			defer close(answered)
			_, _ = h.p.Try(t.Context(), "POST", "/api/asks/"+string(ask.ID)+"/answer", map[string]any{"choice": "once", "digest": ask.Digest})
		}()
		time.Sleep(time.Duration(rand.IntN(25)) * time.Millisecond) // the moment is what is tested
		h.p.Kill()
		<-answered
		before := running(t, "sleep\x00"+nap)
		h.wantFree()
		h.p = wholetest.Start(t, h.o)
		h.wantNoneOf(before, "sleep\x00"+nap)
		ran := strings.Count(h.read(name), "began")
		snap := h.p.Snapshot(s)
		if len(snap.Asks) == 1 { // the answer was not committed
			if ran > 0 {
				t.Errorf("kill %d: the command ran, and is asked about once more", i)
			}
			h.answer(snap.Asks[0], "deny")
		}
		end := h.p.Ended(s, turn)
		if again := strings.Count(h.read(name), "began"); ran > 1 || again != ran {
			t.Errorf("kill %d: it ran %d times, and %d after the restart", i, ran, again)
		}
		if c := callsOf(end)[0]; ran == 1 && c.State != chat.ToolUnknown {
			t.Errorf("kill %d: a command that ran is told as %s", i, c.State)
		}
		if raw := h.read("whole.txt"); h.there("whole.txt") && (len(raw) != size+1 || strings.Trim(raw, raw[:1]) != "\n") {
			t.Errorf("kill %d: half a file of %d bytes", i, len(raw))
		}
		h.p.Ended(writer, w)
	}
	// A kill in mid-write leaves what was being written under a name of its own.
	left, err := filepath.Glob(filepath.Join(h.work, ".hermes-*.tmp"))
	if err != nil || len(left) > kills {
		t.Errorf("%d temporary files are left, %v", len(left), err)
	}
	t.Logf("%d kills left %d temporary files in the workspace", kills, len(left))
	records, err := filepath.Glob(filepath.Join(h.p.Dir, "run", "children", "*"))
	if err != nil || len(records) > 0 {
		t.Errorf("records are left: %v, %v", records, err)
	}
}

// wantFree waits until nobody holds the lock of the state folder. A child that
// was just being started when the program was killed has it until it becomes
// another program.
func (h *house) wantFree() {
	h.t.Helper()
	for until := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) { // the system does not tell
		lock := flock.New(filepath.Join(h.o.Dir, "run", "lock"))
		if got, err := lock.TryLock(); err != nil {
			h.t.Fatal(err)
		} else if got {
			_ = lock.Close()
			return
		}
		if time.Now().After(until) {
			h.t.Fatal("the state folder is locked although the program was killed")
		}
	}
}

// begun waits until a call of the turn was done.
func (h *house) begun(s chat.SessionID, turn chat.TurnID) {
	h.t.Helper()
	w := h.p.Watch(h.t.Context(), s)
	defer w.Close()
	w.Until(func(f *chat.Fold) bool {
		return slices.ContainsFunc(f.Turns, func(t *chat.Turn) bool {
			return t.ID == turn && slices.ContainsFunc(callsOf(t), func(c *chat.ToolCall) bool { return c.State == chat.ToolDone })
		})
	})
}

// wantNoneOf wants that none of these processes runs any more.
func (h *house) wantNoneOf(pids []int, words string) {
	h.t.Helper()
	now := running(h.t, words)
	for _, pid := range pids {
		if slices.Contains(now, pid) {
			h.t.Errorf("process %d is left after the restart", pid)
			_ = syscall.Kill(pid, syscall.SIGKILL) // it carries a word of this test's own
		}
	}
}

// A server that hears neither the end of its input nor a signal must not outlive
// the program by more than the time until its next start.
func TestAKilledProgramLeavesNoMCPServerAfterItsNextStart(t *testing.T) {
	h := obedient(t)
	nap := fmt.Sprintf("985.%d", os.Getpid())
	h.p.Do(200, "PUT", "/api/mcp/stubborn", map[string]any{"enabled": true, "command": []string{
		"/usr/bin/env", "sh", "-c", `trap "" TERM HUP PIPE; sleep ` + nap + ` & while :; do wait; done`,
	}})
	checked := make(chan struct{})
	go func() { // it never greets
		defer close(checked)
		_, _ = h.p.Try(t.Context(), "POST", "/api/mcp/stubborn/check", map[string]any{})
	}()
	var up []int
	for until := time.Now().Add(20 * time.Second); len(up) < 2; up = running(t, nap) {
		if time.Now().After(until) {
			t.Fatal("the server was not started")
		}
		time.Sleep(2 * time.Millisecond) // another process: nothing to wait on
	}
	h.p.Kill()
	<-checked
	h.wantFree()
	h.p = wholetest.Start(t, h.o)
	h.wantNoneOf(up, nap)
}
