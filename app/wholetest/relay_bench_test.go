package wholetest

import (
	"context"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"hermes-webui/server/agent/direct/modeltest"
	"hermes-webui/server/chat"
)

// The relay benchmarks measure how much later a token reaches a client through
// the program than one that reads the model server itself, in the same run.
// Every token carries the moment at which the model server sent it.
//
//	go test -run '^$' -bench Relay -benchtime 1x ./app/wholetest

// delays collects how old tokens were when they came.
type delays struct {
	mu  sync.Mutex
	all []time.Duration
}

func (d *delays) take(text string, now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for word := range strings.FieldsSeq(text) {
		stamp, ok := strings.CutPrefix(word, "@")
		nanos, err := strconv.ParseInt(stamp, 10, 64)
		if ok && err == nil {
			d.all = append(d.all, now.Sub(time.Unix(0, nanos)))
		}
	}
}

func (d *delays) p(q float64) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	slices.Sort(d.all)
	return d.all[min(len(d.all)-1, int(q*float64(len(d.all))))]
}

func BenchmarkRelaySparse(b *testing.B) {
	for b.Loop() {
		relay(b, 1, 100, 100*time.Millisecond, 0).report(b)
	}
}

func BenchmarkRelayDense(b *testing.B) {
	for b.Loop() {
		relay(b, 20, 800, 10*time.Millisecond, 0).report(b)
	}
}

// Twenty streaming turns with 1,000 clients that look at nothing, beside the
// same without them, in one run.
func BenchmarkRelayIdleClients(b *testing.B) {
	for b.Loop() {
		alone := relay(b, 20, 1000, 10*time.Millisecond, 0)
		crowd := relay(b, 20, 1000, 10*time.Millisecond, 1000)
		crowd.report(b)
		b.ReportMetric(float64(crowd.cpu)/float64(alone.cpu), "cpu-ratio")
	}
}

// measured is what one run of the relay gave.
type measured struct {
	through, control delays
	cpu              time.Duration // of the server
	rss              int64
}

func (m *measured) report(b *testing.B) {
	b.ReportMetric(ms(m.through.p(.5)), "relay-p50-ms")
	b.ReportMetric(ms(m.through.p(.99)), "relay-p99-ms")
	b.ReportMetric(ms(m.control.p(.99)), "control-p99-ms")
	b.ReportMetric(ms(m.through.p(.99)-m.control.p(.99)), "over-control-p99-ms")
	b.ReportMetric(ms(m.cpu), "server-cpu-ms")
	b.ReportMetric(float64(m.rss)/1e6, "rss-MB")
	load, _ := os.ReadFile("/proc/loadavg")
	b.Logf("load average: %s", load)
}

func relay(b *testing.B, turns, tokens int, gap time.Duration, idle int) *measured {
	base := Model(b, modeltest.Script{Tokens: slices.Repeat([]string{" "}, tokens), Gap: gap, Stamp: true})
	p := Start(b, Options{Env: []string{"OPENAI_BASE_URL=" + base}})
	defer p.Kill()
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	for range idle {
		look(b, ctx, p)
	}
	before, err := p.CPU()
	if err != nil {
		b.Fatal(err)
	}
	m := &measured{}
	var wg sync.WaitGroup
	for range turns {
		wg.Go(func() { readThrough(b, ctx, p, &m.through) })
	}
	wg.Go(func() {
		if err := Direct(ctx, base, "go", func(text string) { m.control.take(text, time.Now()) }); err != nil {
			b.Error(err)
		}
	})
	wg.Wait()
	after, err := p.CPU()
	if err != nil {
		b.Fatal(err)
	}
	m.cpu = after - before
	if m.rss, err = p.RSS(); err != nil {
		b.Fatal(err)
	}
	if got, want := len(m.through.all), turns*tokens; got != want {
		b.Errorf("%d tokens came through, want %d", got, want)
	}
	return m
}

// look opens a stream that has no session open, and reads it.
func look(b *testing.B, ctx context.Context, p *Program) {
	st, err := p.Open(ctx, nil, "", "")
	if err != nil {
		b.Fatal(err)
	}
	go func() {
		defer st.Close()
		for {
			if _, err := st.Next(); err != nil {
				return
			}
		}
	}()
}

func ms(d time.Duration) float64 { return float64(d) / 1e6 }

func readThrough(b *testing.B, ctx context.Context, p *Program, d *delays) {
	s := p.Session("direct", "openai/scripted")
	st, err := p.Open(ctx, []string{string(s)}, "", "")
	if err != nil {
		b.Error(err)
		return
	}
	defer st.Close()
	turn := p.Send(s, "go")
	for {
		f, err := st.Next()
		if err != nil {
			b.Error(err)
			return
		}
		e, ok, err := f.Event()
		if err != nil {
			b.Error(err)
			return
		}
		if !ok || e.Turn != turn {
			continue
		}
		switch body := e.Body.(type) {
		case chat.TextAppended:
			d.take(body.Text, f.At)
		case chat.TurnEnded:
			if body.State != chat.Done {
				b.Errorf("the turn ended %s: %v", body.State, body.Error)
			}
			return
		}
	}
}

// What one answer of 30,000 tokens costs on disk.
func BenchmarkLongAnswer(b *testing.B) {
	answer := modeltest.Script{Tokens: slices.Repeat([]string{"token "}, 30000), Gap: 200 * time.Microsecond}
	p := Start(b, Options{Env: []string{"OPENAI_BASE_URL=" + Model(b, answer)}})
	for b.Loop() {
		before, err := p.Written()
		if err != nil {
			b.Fatal(err)
		}
		s := p.Session("direct", "openai/scripted")
		turn := p.Ended(s, p.Send(s, "go"))
		after, err := p.Written()
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(TextOf(turn))), "text-B")
		b.ReportMetric(float64(after-before), "written-B")
	}
}
