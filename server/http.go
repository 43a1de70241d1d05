package server

import (
	"log/slog"
	"net"
	"net/http"
	"time"

	"hermes-webui/server/health"
)

// Times of the listener. There is no ReadTimeout and no WriteTimeout: both
// would cut event streams. Bodies and answers have deadlines of their own.
const (
	readHeaderTimeout = 10 * time.Second
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 64 << 10
	answerWithin      = 2 * time.Minute // for every answer that is not a stream
)

// NewHTTPServer returns a server with this program's limits. It counts accepted
// connections, so that a watchdog can see that the accept loop is alive.
func NewHTTPServer(h http.Handler, board *health.Board, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: readHeaderTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug), // clients that break off
		ConnState: func(_ net.Conn, state http.ConnState) {
			if state == http.StateNew {
				board.Accepted()
			}
		},
	}
}
