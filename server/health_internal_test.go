package server

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"hermes-webui/server/health"
)

func TestAHeldLockOfStreamsIsToldInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := New(Config{
			Pages: fstest.MapFS{"index.html": {Data: []byte("<head></head>")}}, Health: health.New(), Checks: &health.Checks{},
			Slog: slog.New(slog.DiscardHandler),
		})
		if err != nil {
			t.Fatal(err)
		}
		s.cfg.Checks.Put(s.checkers()...)
		s.live.Store(&running{})
		ask := func(path string, within time.Duration, status int, words ...string) {
			t.Helper()
			begin, w := time.Now(), httptest.NewRecorder()
			s.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil))
			if w.Code != status || time.Since(begin) > within {
				t.Errorf("%s: %d after %v", path, w.Code, time.Since(begin))
			}
			for _, word := range words {
				if !strings.Contains(w.Body.String(), word) {
					t.Errorf("%s: %s is not in %s", path, word, w.Body)
				}
			}
		}
		s.streams.lock <- struct{}{}
		ask("/health", lockWithin, 503, `"status": "degraded"`, `"streams_lock"`, `"status": "blocked"`, `"timeout_seconds": 0.5`)
		ask("/health?deep=on", 2*lockWithin, 503, `"streams_lock"`, `"stream_runtime"`, `"status": "blocked"`)
		s.streams.release()
		time.Sleep(time.Second)
		ask("/health?deep=1", 0, 200, `"status": "ok"`)
	})
}
