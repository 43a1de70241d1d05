package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"hermes-webui/app/wholetest"
	"hermes-webui/server/agent/hermes/gateway"
	"hermes-webui/server/agent/hermes/hermestest"
	"hermes-webui/server/chat"
)

// How long after Enter the first word comes, through the program and as the
// agent's own terminal client has it: that speaks to the same gateway, over the
// same pipe, from the same machine and model.
//
//	go test -run '^$' -bench Hermes -benchtime 1x -count 3 ./app
func BenchmarkHermesFirstWord(b *testing.B) {
	for b.Loop() {
		p, _, model := withHermes(b)
		own := ownClient(b, model)
		s := p.Session("hermes", "")
		firstWord(b, p, s) // the first of each builds the agent
		own()
		var through, control []float64
		for range 15 {
			control = append(control, own()...)
			through = append(through, firstWord(b, p, s)...)
		}
		b.ReportMetric(middle(through), "through-p50-ms")
		b.ReportMetric(middle(control), "own-client-p50-ms")
		b.ReportMetric(middle(through)/middle(control), "ratio")
		p.Stop()
	}
	noteLoad(b)
}

// The first prompt of a new session, whose words were typed for some seconds
// before, beside one that was sent without a draft.
func BenchmarkHermesFirstPrompt(b *testing.B) {
	for b.Loop() {
		p, _, _ := withHermes(b)
		firstWord(b, p, p.Session("hermes", "")) // the process runs
		cold := firstWord(b, p, p.Session("hermes", ""))
		s := p.Session("hermes", "")
		p.Do(200, "PUT", "/api/sessions/"+string(s)+"/draft", map[string]any{"text": "[[plain]]", "attachments": []string{}, "rev": 0})
		time.Sleep(6 * time.Second) // somebody writes
		warm := firstWord(b, p, s)
		b.ReportMetric(middle(cold), "cold-ms")
		b.ReportMetric(middle(warm), "typed-ms")
		p.Stop()
	}
	noteLoad(b)
}

// Fifty sessions in one agent, ten of which stream.
func BenchmarkHermesFifty(b *testing.B) {
	for b.Loop() {
		p, _, _ := withHermes(b)
		var all []chat.SessionID
		for range 50 {
			s := p.Session("hermes", "")
			if turn := p.Ended(s, p.Send(s, "[[plain]]")); turn.State != chat.Done {
				b.Fatalf("a turn ended %s: %+v", turn.State, turn.Error)
			}
			all = append(all, s)
		}
		begun := time.Now()
		var wg sync.WaitGroup
		for _, s := range all[:10] {
			turn := p.Send(s, "[[burst]]")
			wg.Go(func() {
				if t := p.Ended(s, turn); t.State != chat.Done || strings.Count(wholetest.TextOf(t), "word") != 10_000 {
					b.Errorf("a stream ended %s with %d words", t.State, strings.Count(wholetest.TextOf(t), "word"))
				}
			})
		}
		wg.Wait()
		b.ReportMetric(time.Since(begun).Seconds(), "stream-s")
		ours, err := p.RSS()
		if err != nil {
			b.Fatal(err)
		}
		agents, theirs := childrenOf(b, p.Pid()), 0.0
		for _, pid := range agents {
			theirs += rss(pid)
		}
		b.ReportMetric(float64(ours)/1e6, "rss-MB")
		b.ReportMetric(theirs, "agent-rss-MB")
		b.ReportMetric(float64(len(agents)), "agent-processes")
		p.Stop()
		for _, pid := range agents {
			if alive(pid) {
				b.Errorf("process %d is left", pid)
			}
		}
	}
	noteLoad(b)
}

// firstWord sends a prompt and returns after how many milliseconds its first word
// came.
func firstWord(b *testing.B, p *wholetest.Program, s chat.SessionID) []float64 {
	st, err := p.Open(b.Context(), []string{string(s)}, "", "")
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	begun := time.Now()
	turn := p.Send(s, "[[plain]]")
	first := 0.0
	for {
		f, err := st.Next()
		if err != nil {
			b.Fatal(err)
		}
		e, ok, err := f.Event()
		if err != nil {
			b.Fatal(err)
		}
		if !ok || e.Turn != turn {
			continue
		}
		switch e.Body.(type) {
		case chat.TextAppended:
			if first == 0 {
				first = float64(time.Since(begun)) / 1e6
			}
		case chat.TurnEnded:
			return []float64{first}
		}
	}
}

// ownClient speaks to an agent as its own terminal client does.
func ownClient(b *testing.B, model *hermestest.Model) func() []float64 {
	home := hermestest.Home(b, model.URL)
	h := gateway.NewHost(gateway.Spec{Python: hermestest.Python(b), Home: home, Dir: b.TempDir(), Env: hermestest.Env(home)}, nil)
	b.Cleanup(h.Stop)
	c, err := h.Client(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	var made struct {
		Session string `json:"session_id"`
	}
	if err := c.Call(b.Context(), "session.create", map[string]any{"source": "tui"}, &made); err != nil {
		b.Fatal(err)
	}
	feed := c.Listen(made.Session)
	return func() []float64 {
		begun := time.Now()
		if err := c.Call(b.Context(), "prompt.submit", map[string]any{"session_id": made.Session, "text": "[[plain]]"}, nil); err != nil {
			b.Fatal(err)
		}
		first := 0.0
		for {
			m, err := feed.Next(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			if m.Type == "message.delta" && first == 0 {
				first = float64(time.Since(begun)) / 1e6
			}
			if m.Type == "session.info" && first > 0 {
				return []float64{first}
			}
		}
	}
}

func middle(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
}

func rss(pid int) float64 {
	b, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			var kb float64
			_, _ = fmt.Sscan(rest, &kb)
			return kb / 1000
		}
	}
	return 0
}

func noteLoad(b *testing.B) {
	load, _ := os.ReadFile("/proc/loadavg")
	b.Logf("load average: %s", load)
}
