package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// The program asks itself how it is, through its own front door, as a watchdog
// would: what hangs is then found without anybody looking. A wedge is noticed
// after at most probeEvery and strikes times the longest answer, 15 s in all.
const (
	probeEvery  = 5 * time.Second
	probeWithin = 3 * time.Second // the slowest check has 2 s
	probeAgain  = 300 * time.Millisecond
	strikes     = 3
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
	for rest(ctx, probeEvery) {
		w, ok := p.suspect(ctx)
		p.unwell.Store(w != nil)
		if w != nil && ok {
			p.cure(ctx, w)
		}
	}
}

// suspect returns what is wrong, nil for nothing, and whether that was seen
// often enough, with a machine awake.
func (p *process) suspect(ctx context.Context) (w *wedge, sure bool) {
	for n := 1; ; n++ {
		awake := keepTime()
		if w = p.probe(ctx); w == nil || ctx.Err() != nil {
			return nil, false
		}
		if !awake() {
			p.log.Warn("a probe of this server means nothing: the machine has no time for it", "err", w.Err)
			return nil, false
		}
		p.unwell.Store(true)
		p.log.Warn("the server does not pass its own probe", "try", n, "parts", w.Parts, "err", w.Err)
		if n == strikes {
			return w, true
		}
		if !rest(ctx, probeAgain) {
			return nil, false
		}
	}
}

// probe asks the front door with a connection of its own, and deep.
func (p *process) probe(ctx context.Context) *wedge {
	ctx, cancel := context.WithTimeout(ctx, probeWithin)
	defer cancel()
	status, body, err := getHealth(ctx, p.url()+"/health?deep=1")
	if err != nil {
		return &wedge{Err: err}
	}
	if status == http.StatusOK {
		return nil
	}
	return &wedge{Parts: failing(body), Err: fmt.Errorf("the health check answers %d", status)}
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
