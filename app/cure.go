package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"hermes-webui/app/supervise"
)

const (
	curesMost   = 3                // replacements of this process
	curesWithin = 10 * time.Minute // in so long
	frontWithin = 2 * time.Second  // for a new front to pass the probe
	lastWords   = 2 * time.Second  // for agents to end and the log to be written
	// curedAt holds the times of earlier replacements across them, unix seconds.
	curedAt = "HERMES_WEBUI_CURED_AT"
)

// ofFront are the checks of what a new front mends.
var ofFront = []string{"streams_lock", "stream_runtime"}

// cure keeps the evidence and gets the server to answer again: by the smallest
// means first, the part that is stuck; else all of it is started anew.
func (p *process) cure(ctx context.Context, w *wedge) {
	file, err := p.keepEvidence(w)
	p.log.Error("the server is stuck", "parts", w.Parts, "err", w.Err, "evidence", file, "evidence_err", err)
	if len(w.Parts) == 1 && w.Parts[0] == "log" {
		p.sink.again()
		p.log.Warn("the log is written again")
		return
	}
	if p.newFront(ctx, w) {
		p.log.Warn("the server answers again: its front was restarted")
		p.unwell.Store(false)
		return
	}
	past := recentCures(p.Env(curedAt), time.Now())
	if len(past) >= curesMost {
		p.log.Error("the server stays as it is: starting it anew has not helped", "times", len(past), "within", curesWithin,
			"do", "look at the evidence, then restart the server by hand")
		rest(ctx, time.Minute)
		return
	}
	if restarts(p.by) {
		p.log.Error("ending, to be started again", "supervisor", p.by.Name, "code", exitUnwell)
		p.leave()
		p.exit(exitUnwell)
	}
	p.log.Error("starting anew in place")
	p.leave()
	if err := p.replace(append(past, time.Now())); err != nil {
		p.log.Error("the program cannot be started anew in place", "err", err)
		p.exit(exitUnwell)
	}
}

// newFront puts a new front in place where the front alone is stuck, or may be.
func (p *process) newFront(ctx context.Context, w *wedge) bool {
	if slices.ContainsFunc(w.Parts, func(part string) bool { return !slices.Contains(ofFront, part) }) {
		return false
	}
	if len(w.Parts) == 0 && !p.coreIsWell(ctx) {
		return false
	}
	ask(p.restart)()
	for end := time.Now().Add(frontWithin); time.Now().Before(end) && rest(ctx, probeAgain); {
		if p.probeSoon(ctx, time.Until(end)) {
			return true
		}
	}
	return false
}

func (p *process) probeSoon(ctx context.Context, within time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	return p.probe(ctx, &p.vital) == nil
}

// coreIsWell asks the parts without the front door.
func (p *process) coreIsWell(ctx context.Context) bool {
	round, err := p.checks.Run(ctx)
	if err != nil {
		return false
	}
	for name, c := range round.Checks {
		if !c.Status.Well() && !slices.Contains(ofFront, name) {
			return false
		}
	}
	return true
}

// restarts reports whether whoever started this process certainly starts it
// again. A unit of systemd or launchd need not say so, a container neither.
func restarts(by supervise.Origin) bool {
	sure := []string{"runit", "s6", "daemontools", "supervisord", "pm2"}
	return by.Certainty == supervise.Certain && slices.Contains(sure, by.Name)
}

// leave ends what would outlive this process, within a bounded time: some of it
// may be stuck. What it leaves is ended by the next start.
func (p *process) leave() {
	ctx, cancel := context.WithTimeout(context.Background(), lastWords)
	defer cancel()
	done := make(chan struct{})
	go func() { defer close(done); p.core.closeAgents() }()
	select {
	case <-done:
	case <-ctx.Done():
	}
	p.sink.flush(ctx)
}

// recentCures reads when this program was replaced, of late.
func recentCures(list string, now time.Time) (times []time.Time) {
	for word := range strings.FieldsSeq(list) {
		sec, err := strconv.ParseInt(word, 10, 64)
		if at := time.Unix(sec, 0); err == nil && now.Sub(at) < curesWithin && !at.After(now) {
			times = append(times, at)
		}
	}
	return times
}

func cures(times []time.Time) string {
	words := make([]string, len(times))
	for i, t := range times {
		words[i] = strconv.FormatInt(t.Unix(), 10)
	}
	return strings.Join(words, " ")
}

// replaced returns env with other values; an empty one takes the name away.
func replaced(env environ, set map[string]string) environ {
	out := make(environ, 0, len(env)+len(set))
	for _, pair := range env {
		name, _, ok := cutPair(pair)
		if _, ours := set[name]; ok && !ours {
			out = append(out, pair)
		}
	}
	for name, value := range set {
		if value != "" {
			out = append(out, fmt.Sprintf("%s=%s", name, value))
		}
	}
	return out
}
