package server

import (
	"net/http"

	"hermes-webui/server/health"
)

// getMetrics asks nothing that could hang: of the checks it tells the last
// round.
func (s *Server) getMetrics(w http.ResponseWriter, r *http.Request) {
	report := s.shallow(r.Context())
	version := s.cfg.Version
	all := []health.Metric{{
		Name: "hermes_webui_build_info", Kind: health.Gauge, Help: "Always 1; the labels say what runs.",
		Samples: []health.Sample{{Labels: map[string]string{"version": version.Version, "commit": version.Commit}, Value: 1}},
	}}
	all = append(all, report.Metrics()...)
	if c := s.live.Load(); c != nil {
		all = append(all, health.One("hermes_webui_events_seq", health.Gauge, "The number of the newest event.", c.Log.Newest()))
		if c.Metrics != nil {
			all = append(all, c.Metrics()...)
		}
	}
	all = append(all, s.cfg.Checks.Last().Metrics()...)
	all = append(all, health.Process()...)
	w.Header().Set("Content-Type", health.MetricsType)
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(health.Text(all))
}
