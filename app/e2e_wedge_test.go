//go:build unix

package main_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"hermes-webui/app/wholetest"
	"hermes-webui/server/agent/direct/modeltest"
	"hermes-webui/server/chat"
)

// wedged is a program of the test build, which gets stuck at a point when told.
type wedged struct {
	*wholetest.Program
	t          *testing.T
	from, mark string
}

func startWedged(t *testing.T, point string, env ...string) wedged {
	t.Helper()
	dir := t.TempDir()
	w := wedged{t: t, from: filepath.Join(dir, "from"), mark: filepath.Join(dir, "mark")}
	w.Program = wholetest.Start(t, wholetest.Options{Tags: "pausepoints", Env: append([]string{
		"HERMES_WEBUI_TEST_PAUSE=" + point, "HERMES_WEBUI_TEST_PAUSE_FROM=" + w.from, "HERMES_WEBUI_TEST_PAUSED=" + w.mark,
	}, env...)})
	return w
}

// arm makes the next goroutine that comes by the point stay there.
func (w wedged) arm() {
	w.t.Helper()
	if err := os.WriteFile(w.from, nil, 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// wedge waits until one has come by.
func (w wedged) wedge() {
	w.t.Helper()
	w.until("something is stuck", func() bool { _, err := os.Stat(w.mark); return err == nil })
}

// until waits for another process, of which nothing tells.
func (w wedged) until(what string, done func() bool) {
	w.t.Helper()
	for end := time.Now().Add(30 * time.Second); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			w.t.Fatalf("waited 30 s until %s", what)
		}
	}
}

// deep is the answer of deep health, as far as these tests read it.
type deep struct {
	Status  string  `json:"status"`
	Started float64 `json:"server_started_at"`
}

func (w wedged) deep() (d deep, ok bool) {
	client := http.Client{Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	r, err := client.Get(w.URL + "/health?deep=1")
	if err != nil {
		return d, false
	}
	defer r.Body.Close()
	return d, json.NewDecoder(r.Body).Decode(&d) == nil && r.StatusCode == http.StatusOK
}

func (w wedged) evidence() []string {
	w.t.Helper()
	files, err := filepath.Glob(filepath.Join(w.Dir, "logs", "wedge-*.txt"))
	if err != nil {
		w.t.Fatal(err)
	}
	return files
}

// cured waits until the server answers again after evidence was kept, and
// returns how long that took.
func (w wedged) cured(since time.Time) time.Duration {
	w.t.Helper()
	w.until("there is evidence", func() bool { return len(w.evidence()) > 0 })
	w.until("the server answers again", func() bool { _, ok := w.deep(); return ok })
	return time.Since(since)
}

// TestAServerThatGetsStuckCuresItself measures from the moment something is
// stuck to the first good answer of deep health.
func TestAServerThatGetsStuckCuresItself(t *testing.T) {
	for point, c := range map[string]struct {
		anew  bool   // the program is started anew in place
		trace string // of the stuck goroutine, in the evidence
	}{
		"accept":  {true, "(*port).accept"},
		"streams": {false, "(*streams)"},
		"writer":  {true, "(*writer).loop"},
		"read":    {true, "(*Store).read"},
		"log":     {false, "(*sink).pass"},
	} {
		t.Run(point, func(t *testing.T) {
			t.Parallel()
			w := startWedged(t, point)
			before, _ := w.deep()
			pid := w.Pid()
			w.arm()
			go func() { _, _ = w.Try(t.Context(), "GET", "/health", nil) }() // something comes by
			signal(t, w.Program, syscall.SIGUSR1)                            // also by the log
			w.wedge()
			took := w.cured(time.Now())
			t.Logf("well again after %v", took.Round(10*time.Millisecond))
			if b, err := os.ReadFile(w.evidence()[0]); err != nil || !strings.Contains(string(b), c.trace) || !strings.Contains(string(b), "msg=ready") {
				t.Errorf("evidence (%v) without %s:\n%.2000s", err, c.trace, b)
			}
			after, _ := w.deep()
			if anew := after.Started != before.Started; anew != c.anew {
				t.Errorf("started anew: %v, want %v", anew, c.anew)
			}
			select {
			case <-w.Done():
				t.Error("the process has ended")
			default:
			}
			if b, err := os.ReadFile(filepath.Join(w.Dir, "run", "instance.json")); err != nil || !strings.Contains(string(b), `"pid":`+strconv.Itoa(pid)+",") {
				t.Errorf("another process answers: %s, %v", b, err)
			}
		})
	}
}

func TestALaneThatGetsStuckCostsOneTurnAndNothingElse(t *testing.T) {
	w := startWedged(t, "ended-before-commit", "OPENAI_API_KEY=k", "OPENAI_MODEL=tester", "OPENAI_BASE_URL="+wholetest.Model(t, modeltest.Say("all ", "of ", "it")))
	s := w.Session("direct", "")
	first := w.Send(s, "one")
	w.Ended(s, first)
	w.arm()
	second := w.Send(s, "two")
	w.wedge()
	took := w.cured(time.Now())
	t.Logf("well again after %v", took.Round(10*time.Millisecond))
	snap := w.Snapshot(s)
	if len(snap.Turns) != 2 || snap.Turns[0].State != chat.Done || snap.Turns[1].ID != second || snap.Turns[1].Prompt.Text != "two" {
		t.Fatalf("%d turns: %+v", len(snap.Turns), snap.Turns)
	}
	if got := wholetest.TextOf(snap.Turns[1]); !strings.HasPrefix("all of it", got) {
		t.Errorf("the text is %q", got)
	}
	third := w.Send(s, "three")
	if got := w.Ended(s, third); got.State != chat.Done {
		t.Errorf("the next turn is %s", got.State)
	}
}
