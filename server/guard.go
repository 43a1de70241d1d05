package server

import (
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"

	"hermes-webui/server/fault"
)

// startingRetry is the Retry-After of everything that comes too early.
const startingRetry = time.Second

// contentPolicy lets the page load only what the program brings along, and
// nobody put the page into a frame. Styles are also set from code.
const contentPolicy = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
	"img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; " +
	"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// inert is the policy of what came from elsewhere: opened by itself it can do
// nothing.
const inert = "default-src 'none'; sandbox"

// secure sets the headers that every answer has.
func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if isAPI(r.URL.Path) {
			h.Set("Cache-Control", "no-store")
		}
		next.ServeHTTP(w, r)
	})
}

// loopbackHost refuses requests for other names than this machine's own. A
// foreign page whose name was bent to 127.0.0.1 (DNS rebinding) arrives with
// its own name in Host. Any port is right: `ssh -L` changes it.
func loopbackHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isOwner(r.Context()) && !isLoopbackHost(r.Host) {
			newProblem(http.StatusForbidden, fault.CodeForeignHost,
				"This server answers only under names of its own machine, such as localhost or 127.0.0.1. Open it under one of these.").send(w)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func isLoopbackHost(host string) bool {
	if host == "" {
		return true // HTTP/1.0 without Host: no browser does that
	}
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap().IsLoopback()
}

// sameOrigin refuses what other sites' pages send. Reading is harmless (a GET
// changes nothing, see onlyOwnPage for those that reach out), and a script that
// sends neither Origin nor Sec-Fetch-Site is no page.
func sameOrigin() func(http.Handler) http.Handler {
	p := http.NewCrossOriginProtection()
	p.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fromElsewhere().send(w) }))
	return func(next http.Handler) http.Handler {
		guarded := p.Handler(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if isOwner(r.Context()) {
				next.ServeHTTP(w, r)
				return
			}
			guarded.ServeHTTP(w, r)
		})
	}
}

// onlyOwnPage is for a GET that knocks at ports or wakes up disks: what another
// site's page cannot read it could still set off.
func onlyOwnPage(o *huma.Operation) {
	o.Middlewares = append(o.Middlewares, func(ctx huma.Context, next func(huma.Context)) {
		switch ctx.Header("Sec-Fetch-Site") {
		case "", "none", "same-origin":
			next(ctx)
		default:
			_, w := humachi.Unwrap(ctx)
			fromElsewhere().send(w)
		}
	})
}

func fromElsewhere() *problem {
	return newProblem(http.StatusForbidden, fault.CodeCrossOrigin,
		"This request came from another site's page, which may not use this server.")
}

// gate keeps everybody out of the API until there is one.
func (s *Server) gate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isAPI(r.URL.Path) && s.live.Load() == nil {
			starting().send(w)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func starting() *problem {
	p := newProblem(http.StatusServiceUnavailable, fault.CodeStarting, "The server is starting. Try again in a second.")
	p.retry = startingRetry
	return p
}

// observe counts requests, gives each answer a deadline and, at debug, logs
// each: the route and not the path, which may name a session.
func (s *Server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.cfg.Health.Requested()
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(answerWithin)) // not every writer has one
		if !s.log.Enabled(r.Context(), slog.LevelDebug) {
			next.ServeHTTP(w, r)
			return
		}
		begin, sw := time.Now(), &statusWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(sw, r)
		s.log.DebugContext(r.Context(), "request", slog.String("method", r.Method), slog.String("route", routeOf(r)),
			slog.Int("status", sw.status), slog.Duration("took", time.Since(begin)))
	})
}

func routeOf(r *http.Request) string {
	if c := chi.RouteContext(r.Context()); c != nil {
		return c.RoutePattern()
	}
	return ""
}

// statusWriter remembers the status for the log.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap keeps flushing and deadlines working.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// recoverPanic answers 500 where a handler panicked, and logs where.
func (s *Server) recoverPanic(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if v == http.ErrAbortHandler { //nolint:errorlint // the very value is meant to be passed on
				panic(v)
			}
			s.log.ErrorContext(r.Context(), "request panicked", slog.String("method", r.Method),
				slog.String("route", routeOf(r)), slog.Any("panic", v), slog.String("stack", string(debug.Stack())))
			problemOf(nil).send(w)
		}()
		next.ServeHTTP(w, r)
	})
}
