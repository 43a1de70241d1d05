// Package health knows how the program is: since when it runs, what it accepts
// and which turns are live. It answers from memory, so that a watchdog's
// question costs nothing and cannot hang on the database. The words (run,
// stream, accept loop) are those of the Python program, whose watchdogs read
// the same fields.
package health

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"hermes-webui/server/chat"
)

// Phase says how far the program has come.
type Phase string

const (
	Starting Phase = "starting"
	Ready    Phase = "ready"
	Stopping Phase = "stopping"
)

// Board collects. It lives as long as the process. The zero value is not ready;
// use New.
type Board struct {
	started time.Time

	mu          sync.Mutex
	phase       Phase
	connections int64
	lastAccept  time.Time
	requests    int64
	runs        map[chat.TurnID]run
	lastEnd     time.Time
	origin      Origin
}

type run struct {
	session chat.SessionID
	started time.Time
	waiting int // open asks
}

// New returns the board of a program that is starting.
func New() *Board {
	return &Board{started: time.Now(), phase: Starting, runs: map[chat.TurnID]run{}}
}

// SetPhase says how far the program has come.
func (b *Board) SetPhase(p Phase) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.phase = p
}

// SetOrigin says how the program was started.
func (b *Board) SetOrigin(o Origin) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.origin = o
}

// Accepted counts a connection. A watchdog that makes fresh connections must
// see the number grow.
func (b *Board) Accepted() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.connections++
	b.lastAccept = time.Now()
}

// Requested counts a request.
func (b *Board) Requested() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.requests++
}

// Follow keeps the list of live turns by following the log until ctx ends. It
// is a follower like any other: nothing in a turn knows of it.
func (b *Board) Follow(ctx context.Context, log chat.Log, reader chat.Reader, bell chat.Bell) error {
	cursor := log.Newest() // before the list: what happens in between is applied twice, which is harmless
	live, err := reader.Live(ctx)
	if err != nil {
		return fmt.Errorf("health: list live turns: %w", err)
	}
	b.reset(live)
	for {
		events, err := log.After(ctx, cursor, chat.Filter{}, 256)
		if err != nil {
			return fmt.Errorf("health: follow the log: %w", err)
		}
		for _, e := range events {
			b.apply(e)
			cursor = e.Seq
		}
		if len(events) > 0 {
			continue
		}
		if err := bell.Wait(ctx, cursor, chat.Filter{}); err != nil {
			return err
		}
	}
}

func (b *Board) reset(live []chat.TurnRow) {
	b.mu.Lock()
	defer b.mu.Unlock()
	clear(b.runs)
	for _, t := range live {
		r := run{session: t.Session, started: t.QueuedAt.Time}
		if t.StartedAt != nil {
			r.started = t.StartedAt.Time
		}
		if t.State == chat.Waiting {
			r.waiting = 1
		}
		b.runs[t.ID] = r
	}
}

// apply takes the events that begin, hold up and end a turn; the others say
// nothing about health.
func (b *Board) apply(e chat.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e.Body.(type) {
	case chat.TurnStarted:
		b.runs[e.Turn] = run{session: e.Session, started: e.At.Time}
	case chat.AskRaised:
		b.wait(e.Turn, 1)
	case chat.AskClosed:
		b.wait(e.Turn, -1)
	case chat.TurnEnded:
		delete(b.runs, e.Turn)
		b.lastEnd = e.At.Time
	}
}

func (b *Board) wait(t chat.TurnID, by int) {
	if r, ok := b.runs[t]; ok {
		r.waiting = max(0, r.waiting+by)
		b.runs[t] = r
	}
}

// Report is the answer to GET /health.
type Report struct {
	Status          string     `json:"status"` // ok | degraded
	Phase           Phase      `json:"phase"`
	Sessions        int        `json:"sessions"` // with a live turn
	ActiveStreams   int        `json:"active_streams"`
	ActiveRuns      int        `json:"active_runs"`
	Runs            []Run      `json:"runs"`
	LastRunFinished *float64   `json:"last_run_finished_at"` // unix seconds
	OldestRunAge    *float64   `json:"oldest_run_age_seconds,omitempty"`
	IdleSince       *float64   `json:"idle_seconds_since_last_run,omitempty"`
	ServerStarted   float64    `json:"server_started_at"` // unix seconds
	Uptime          float64    `json:"uptime_seconds"`
	AcceptLoop      AcceptLoop `json:"accept_loop"`
	Requests        int64      `json:"http_requests_total"` // unlike connections

	// Of a deep answer.
	StartedBy *Origin  `json:"started_by,omitempty"`
	CheckedAt *float64 `json:"checked_at,omitempty"` // unix seconds
	Checks    Results  `json:"checks,omitempty"`
	origin    Origin
}

// Deep adds what a round found, and how the program was started.
func (r *Report) Deep(round Round) {
	r.Checks, r.StartedBy = round.Checks, &r.origin
	at := unix(round.At)
	r.CheckedAt = &at
	if !round.Checks.Well() {
		r.Status = "degraded"
	}
}

// Run is a live turn as everybody may see it: no model, no tool, no name.
type Run struct {
	StartedAt float64 `json:"started_at"` // unix seconds
	Phase     string  `json:"phase"`      // running | waiting
	Age       float64 `json:"age_seconds"`
}

// Origin says how the program was started. Each word is that of package
// supervise.
type Origin struct {
	Name      string `json:"name"` // "" = no supervisor
	Signal    string `json:"signal"`
	Certainty string `json:"certainty"` // none | likely | certain
}

// AcceptLoop counts accepted connections, whatever became of them.
type AcceptLoop struct {
	Total int64   `json:"requests_total"`
	Last  float64 `json:"last_request_at"` // unix seconds, 0 = never
}

// Report says how the program is now. Streams are counted by the server.
func (b *Board) Report(streams int) Report {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	r := Report{
		Status: "ok", Phase: b.phase, ActiveStreams: streams, ActiveRuns: len(b.runs), Runs: []Run{},
		ServerStarted: unix(b.started), Uptime: seconds(now.Sub(b.started)),
		AcceptLoop: AcceptLoop{Total: b.connections}, Requests: b.requests, origin: b.origin,
	}
	if !b.lastAccept.IsZero() {
		r.AcceptLoop.Last = unix(b.lastAccept)
	}
	sessions := map[chat.SessionID]struct{}{}
	for _, one := range b.runs {
		sessions[one.session] = struct{}{}
		r.Runs = append(r.Runs, one.report(now))
	}
	r.Sessions = len(sessions)
	slices.SortFunc(r.Runs, func(a, b Run) int { return int(1000 * (a.StartedAt - b.StartedAt)) })
	b.finishTimes(&r, now)
	return r
}

func (b *Board) finishTimes(r *Report, now time.Time) {
	if len(r.Runs) > 0 {
		r.OldestRunAge = &r.Runs[0].Age
	}
	if b.lastEnd.IsZero() {
		return
	}
	end := unix(b.lastEnd)
	r.LastRunFinished = &end
	if len(r.Runs) == 0 {
		idle := seconds(now.Sub(b.lastEnd))
		r.IdleSince = &idle
	}
}

func (r run) report(now time.Time) Run {
	phase := "running"
	if r.waiting > 0 {
		phase = "waiting"
	}
	return Run{unix(r.started), phase, seconds(now.Sub(r.started))}
}

// unix returns seconds since 1970 with milliseconds.
func unix(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

// seconds returns a duration with one decimal.
func seconds(d time.Duration) float64 { return float64(d.Milliseconds()/100) / 10 }
