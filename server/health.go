package server

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"hermes-webui/server/chat"
	"hermes-webui/server/health"
)

const (
	lockWithin  = 500 * time.Millisecond
	checkWithin = 5 * time.Second // watchdogs give up after 10
)

// getHealth keeps the Python program's fields and spelling, also the space in
// `"status": "ok"`: shell scripts look for these bytes.
func (s *Server) getHealth(w http.ResponseWriter, r *http.Request) {
	deep := slices.Contains([]string{"1", "true", "yes", "on"}, r.URL.Query().Get("deep"))
	c := s.live.Load()
	if deep && c == nil {
		starting().send(w)
		return
	}
	lock, streams := s.checkStreams(r.Context())
	report := s.cfg.Health.Report(streams)
	checks := health.Checks{"streams_lock": lock}
	if deep && lock.Status == "ok" {
		s.checkDeep(r.Context(), c, checks, streams)
	}
	if !checks.Well() {
		report.Status = "degraded"
	}
	if deep || !checks.Well() {
		report.Checks = checks
	}
	sendHealth(w, report)
}

func sendHealth(w http.ResponseWriter, report health.Report) {
	body, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		problemOf(err).send(w)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if report.Status != "ok" {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_, _ = w.Write(append(body, '\n'))
}

func (s *Server) checkStreams(ctx context.Context) (health.Check, int) {
	ctx, cancel := context.WithTimeout(ctx, lockWithin)
	defer cancel()
	begin := time.Now()
	n, err := s.streams.count(ctx)
	check := health.Check{Status: "ok", ActiveStreams: &n, Millis: millisSince(begin)}
	if err != nil {
		check = health.Check{Status: "blocked", Millis: millisSince(begin)}
	}
	return check, n
}

// checkDeep asks what a person would use. Projects and the agent's own database
// are not there yet, which is well.
func (s *Server) checkDeep(ctx context.Context, c *running, checks health.Checks, streams int) {
	ctx, cancel := context.WithTimeout(ctx, checkWithin)
	defer cancel()
	checks["stream_runtime"] = health.Check{Status: "ok", ActiveStreams: &streams}
	checks["sessions"] = timed(func() error {
		_, err := c.Reader.Sessions(ctx, chat.Query{Limit: 1})
		return err
	})
	// A read, not an integrity check: that takes as long as the file is large,
	// and a watchdog would kill a program that is merely old.
	checks["store"] = timed(func() error {
		_, err := c.Reader.Epochs(ctx)
		return err
	})
	checks["projects"] = health.Check{Status: "missing"}
	checks["state_db"] = health.Check{Status: "missing"}
}

// timed runs a check. Its error is for the log of whoever failed; the answer is
// public and says only that it failed.
func timed(check func() error) health.Check {
	begin := time.Now()
	if err := check(); err != nil {
		return health.Check{Status: "error", Error: problemOf(err).Code, Millis: millisSince(begin)}
	}
	return health.Check{Status: "ok", Millis: millisSince(begin)}
}

func millisSince(t time.Time) float64 { return float64(time.Since(t).Microseconds()) / 1000 }
