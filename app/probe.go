package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"time"

	"hermes-webui/server/health"
)

// The program asks itself how it is, as a watchdog would: its front door, and
// beside it the paths behind the front that deep health takes too, those of them
// on which everything depends. So what hangs is found without anybody looking.
// That is noticed after at most probeEvery, strikes times the longest answer and
// the pauses between, 15 s in all. Deep health as a whole costs several times
// as much, so it is asked seldom.
const (
	probeEvery  = 6 * time.Second
	probeWithin = 2200 * time.Millisecond // the slowest check has 2 s
	probeAgain  = 1100 * time.Millisecond // more than a round of checks counts as new
	strikes     = 3
	deepEvery   = time.Minute
	// oversleep: who wakes so late is on a machine that sleeps or has no time for
	// anybody, and learns nothing about the server.
	oversleep = time.Second
)

// wedge is what a probe found. Parts are the checks that failed; none where the
// front door did not answer at all.
type wedge struct {
	Parts []string
	Err   error
}

// guard probes until ctx ends, and cures what it finds.
func (p *process) guard(ctx context.Context) {
	deep := time.Now()
	for rest(ctx, probeEvery) {
		parts := &p.vital
		if time.Since(deep) > deepEvery {
			deep, parts = time.Now(), &p.checks // who shows them is told
		}
		w, ok := p.suspect(ctx, parts)
		p.unwell.Store(w != nil)
		p.Link.probed(w)
		if w != nil && ok {
			p.cure(ctx, w)
		}
	}
}

// suspect returns what is wrong, nil for nothing, and whether that was seen
// often enough, with a machine awake.
func (p *process) suspect(ctx context.Context, parts *health.Checks) (w *wedge, sure bool) {
	for n := 1; ; n++ {
		ended := keepTime()
		w = p.probe(ctx, parts)
		awake := ended() // in any case, or the keeper stays
		if w == nil || ctx.Err() != nil {
			return nil, false
		}
		if !awake {
			p.log.Warn("a probe of this server means nothing: the machine has no time for it", "err", w.Err)
			return nil, false
		}
		p.unwell.Store(true)
		p.log.Warn("the server does not pass its own probe", "try", n, "parts", w.Parts, "err", w.Err)
		if n == strikes {
			stalls := p.diskStalls(w.Parts)
			if stalls {
				p.log.Error("the disk does not answer; starting anew would not help", "folder", p.StateDir)
			}
			return w, !stalls
		}
		if !rest(ctx, probeAgain) {
			return nil, false
		}
	}
}

// probe asks the front door with a connection of its own, and parts behind it.
func (p *process) probe(ctx context.Context, parts *health.Checks) *wedge {
	ctx, cancel := context.WithTimeout(ctx, probeWithin)
	defer cancel()
	behind := make(chan []string, 1)
	go func() { behind <- failingOf(ctx, parts) }()
	status, body, err := askFront(ctx, p.port.Addr().String())
	w := wedge{Parts: <-behind, Err: err}
	if err == nil && status != http.StatusOK {
		w.Parts, w.Err = append(w.Parts, failing(body)...), fmt.Errorf("the front door answers %d", status)
	}
	if len(w.Parts) == 0 && w.Err == nil {
		return nil
	}
	return &w
}

// askFront asks /health over a connection of its own, with no more around it than
// that needs: it is done all day.
func askFront(ctx context.Context, addr string) (status int, body []byte, err error) {
	dialer := net.Dialer{KeepAlive: -1} // nothing lives long here
	conn, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		return 0, nil, err
	}
	defer conn.Close()
	if end, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(end)
	}
	if _, err := fmt.Fprintf(conn, "GET /health HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", addr); err != nil {
		return 0, nil, err
	}
	res, err := http.ReadResponse(bufio.NewReaderSize(conn, 2<<10), nil)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	body, err = io.ReadAll(io.LimitReader(res.Body, 64<<10))
	return res.StatusCode, body, err
}

// failingOf names the parts that do not work.
func failingOf(ctx context.Context, all *health.Checks) (parts []string) {
	round, err := all.Run(ctx)
	if err != nil {
		return nil // the time is over, and the front has not answered either
	}
	for name, c := range round.Checks {
		if !c.Status.Well() {
			parts = append(parts, name)
		}
	}
	slices.Sort(parts)
	return parts
}

// failing names the checks that failed.
func failing(body []byte) (parts []string) {
	var report struct {
		Checks map[string]struct{ Status string }
	}
	if json.Unmarshal(body, &report) != nil {
		return nil
	}
	for name, c := range report.Checks {
		if c.Status == "error" || c.Status == "blocked" {
			parts = append(parts, name)
		}
	}
	slices.Sort(parts)
	return parts
}

// rest waits, and reports whether ctx goes on.
func rest(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// keepTime watches the clock with short naps. The function that it returns ends
// that, and reports whether every nap was about as long as it should.
func keepTime() (awake func() bool) {
	const nap = 250 * time.Millisecond
	stop, late := make(chan struct{}), make(chan bool, 1)
	go func() {
		over := false
		t := time.NewTicker(nap)
		defer t.Stop()
		for last := time.Now(); ; {
			select {
			case <-t.C:
				over = over || time.Since(last) > nap+oversleep
				last = time.Now()
			case <-stop:
				late <- over || time.Since(last) > nap+oversleep
				return
			}
		}
	}()
	return func() bool { close(stop); return !<-late }
}
