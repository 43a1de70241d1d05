package server

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"hermes-webui/server/health"
)

const lockWithin = 500 * time.Millisecond

// getHealth keeps the Python program's fields and spelling, also the space in
// `"status": "ok"`: shell scripts look for these bytes.
func (s *Server) getHealth(w http.ResponseWriter, r *http.Request) {
	if !slices.Contains([]string{"1", "true", "yes", "on"}, r.URL.Query().Get("deep")) {
		sendHealth(w, s.shallow(r.Context()))
		return
	}
	if s.live.Load() == nil {
		starting().send(w)
		return
	}
	report, err := s.deep(r.Context())
	if err != nil {
		problemOf(err).send(w)
		return
	}
	sendHealth(w, report)
}

// shallow asks for nothing but the lock of the streams.
func (s *Server) shallow(ctx context.Context) health.Report {
	lock := s.lookAtLock(ctx)
	report := s.cfg.Health.Report(streamsOf(lock))
	if !lock.Status.Well() {
		report.Status = "degraded"
		report.Checks = health.Results{"streams_lock": {Finding: lock, Millis: lockWithin.Seconds() * 1000}}
	}
	return report
}

// deep asks every part.
func (s *Server) deep(ctx context.Context) (health.Report, error) {
	round, err := s.cfg.Checks.Run(ctx)
	if err != nil {
		return health.Report{}, err
	}
	report := s.cfg.Health.Report(streamsOf(round.Checks["streams_lock"].Finding))
	report.Deep(round)
	return report, nil
}

type healthAnswer struct{ Body health.Report }

// getReport is the same for the page, which wants to show what is wrong and so
// gets it with 200.
func (s *Server) getReport(ctx context.Context, _ *struct{}) (*healthAnswer, error) {
	report, err := s.deep(ctx)
	return &healthAnswer{report}, err
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

// checkers are the checks of what belongs to a front.
func (s *Server) checkers() []health.Checker {
	return []health.Checker{
		{
			Name: "streams_lock", Within: 2 * lockWithin,
			Look: func(ctx context.Context) (health.Finding, error) { return s.lookAtLock(ctx), nil },
		},
		{
			Name: "stream_runtime", Within: 2 * lockWithin,
			Look: func(ctx context.Context) (health.Finding, error) {
				n, err := s.streams.count(ctx)
				open := int64(n)
				return health.Finding{Status: health.OK, Says: "Open pages get what happens.", ActiveStreams: &open}, err
			},
		},
	}
}

// lookAtLock is blocked where the lock cannot be had in time.
func (s *Server) lookAtLock(ctx context.Context) health.Finding {
	ctx, cancel := context.WithTimeout(ctx, lockWithin)
	defer cancel()
	n, err := s.streams.count(ctx)
	if err != nil {
		waited := lockWithin.Seconds()
		return health.Finding{
			Status: health.Blocked, Waited: &waited, Says: "The list of open pages does not answer.",
			Fix: "Restart the server. If that does not help, the log says more.",
		}
	}
	open := int64(n)
	return health.Finding{Status: health.OK, Says: "The list of open pages answers.", ActiveStreams: &open}
}

func streamsOf(f health.Finding) int {
	if f.ActiveStreams == nil {
		return 0
	}
	return int(*f.ActiveStreams)
}
