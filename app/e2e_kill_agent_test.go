package main_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hermes-webui/app/wholetest"
	"hermes-webui/server/chat"
)

// TestAnAgentThatIsKilledAtAnyMomentDoesNothingTwiceNorByHalves kills the program
// at random moments while a command that was just allowed begins, a file is
// written over and over, and an MCP server that does not end by itself runs.
func TestAnAgentThatIsKilledAtAnyMomentDoesNothingTwiceNorByHalves(t *testing.T) {
	const kills, size = 24, 1 << 20
	h := obedient(t)
	nap := fmt.Sprintf("986.%d", os.Getpid()) // nobody else sleeps for as long
	h.p.Do(200, "PUT", "/api/mcp/stubborn", map[string]any{"enabled": true, "command": []string{
		"/bin/sh", "-c", `trap "" TERM HUP PIPE; echo $$ >> ` + h.work + `/../mcp.$$; while :; do sleep ` + nap + `; done`,
	}})
	writer := h.p.Session("direct", "")
	h.allow(writer, "always", writing("first.txt", "x\n")...)
	ends := map[chat.ToolState]int{}
	for i := range kills {
		name := fmt.Sprintf("ran%d", i)
		s := h.p.Session("direct", "")
		turn := h.sendIn(s, shell("echo began >> "+name+"; sleep 0.02; sleep "+nap+" & echo ended >> "+name+"; wait"))
		ask := h.next(s, turn)
		var calls []string
		for k := range 40 {
			calls = append(calls, writing("whole.txt", strings.Repeat(string(rune('a'+(i+k)%26)), size/64)+"\n")...)
		}
		w := h.sendIn(writer, calls)
		h.p.Do(200, "PUT", "/api/mcp/stubborn", map[string]any{"enabled": true})
		answered := make(chan struct{})
		go func() {
			defer close(answered)
			_, _ = h.p.Try(t.Context(), "POST", "/api/asks/"+string(ask.ID)+"/answer", map[string]any{"choice": "once", "digest": ask.Digest})
		}()
		time.Sleep(time.Duration(rand.IntN(60)) * time.Millisecond) // the moment is what is tested
		h.p.Kill()
		<-answered
		before := running(t, "sleep\x00"+nap)
		h.p = wholetest.Start(t, h.o)
		if left := both(before, running(t, "sleep\x00"+nap)); len(left) > 0 {
			t.Errorf("kill %d: processes %v are left after the restart", i, left)
			for _, pid := range left {
				if p, err := os.FindProcess(pid); err == nil {
					_ = p.Kill()
				}
			}
		}
		snap := h.p.Snapshot(s)
		if len(snap.Asks) == 1 { // the answer was not committed
			if h.there(name) {
				t.Errorf("kill %d: the command ran, and it is asked about once more", i)
			}
			h.answer(snap.Asks[0], "deny")
		}
		end := h.p.Ended(s, turn)
		ends[callsOf(end)[0].State]++
		if n := strings.Count(h.read(name), "began"); n > 1 {
			t.Errorf("kill %d: it ran %d times", i, n)
		}
		if raw := h.read("whole.txt"); h.there("whole.txt") && (len(raw) != size/64+1 || strings.Trim(raw, raw[:1]) != "\n") {
			t.Errorf("kill %d: half a file of %d bytes", i, len(raw))
		}
		if again := h.p.Ended(writer, w); again.State == chat.Done {
			t.Logf("kill %d: the writes were over before it", i)
		}
	}
	left, err := filepath.Glob(filepath.Join(h.work, ".hermes-*.tmp"))
	if err != nil || len(left) > kills {
		t.Errorf("%d temporary files are left, %v", len(left), err)
	}
	records, _ := filepath.Glob(filepath.Join(h.p.Dir, "run", "children", "*"))
	t.Logf("calls ended as %v; left are %d temporary files and records %v", ends, len(left), records)
	sound(t, h.p.Dir)
}

func both(a, b []int) (out []int) {
	for _, n := range a {
		if slices.Contains(b, n) {
			out = append(out, n)
		}
	}
	return out
}
