// Package server is HTTP and nothing but HTTP. Every route is in routes.go; a
// handler decodes, makes one call into the domain and sends. A Server is one
// front: it may be thrown away and built again while the core (store, desk,
// agents) lives on, so nothing in the core may hold a reference into it.
package server

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"sync/atomic"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"hermes-webui/server/chat"
	"hermes-webui/server/health"
)

// Config is what a front needs from the first moment, before the store is open.
type Config struct {
	Version  Version
	BasePath string         // "" or "/prefix", no slash at the end
	Pages    fs.FS          // the built page: index.html, assets/…
	Health   *health.Board  // counts connections and requests
	Checks   *health.Checks // the front puts its own in when it is ready
	Restart  func()         // asks for a new front; returns at once
	Quit     func()         // asks for the end of the program; returns at once
	Open     func() error   // opens the page in the browser of the desktop that the program runs on
	Place    func() Place   // where the program is
	OpenLogs func() error   // shows Place.Logs on the desktop that the program runs on
	// Followed is called when the first page connects and when the last one is
	// gone; it must return at once. nil = nobody wants to know.
	Followed func(bool)
	Slog     *slog.Logger
}

// Version names the running program.
type Version struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
	Date    string `json:"date"`
}

// Core is what stays when a front is restarted. It is plugged in with Ready.
type Core struct {
	Desk       Desk
	Log        chat.Log
	Bell       chat.Bell
	Reader     chat.Reader
	Drafts     chat.Drafts
	Agents     Agents
	Providers  Providers
	Finder     Finder
	MCPServers MCPServers
	Settings   Settings
	Rules      Rules
	Workspaces Workspaces
	Blobs      Blobs
	Pictures   Pictures
	Autostart  Autostart
	Status     StatusBoard
	Metrics    func() []health.Metric // of what the server cannot see; may be nil
}

// Server answers requests. Until Ready was called it serves the page, /health
// and 503 for everything else.
type Server struct {
	cfg     Config
	log     *slog.Logger
	live    atomic.Pointer[running]
	streams *streams
	page    *page
	router  *chi.Mux
	api     huma.API
	handler http.Handler
}

// running is a core and what is read from it once.
type running struct {
	Core
	info chat.LogInfo
}

// New returns a front that is not Ready yet.
func New(cfg Config) (*Server, error) {
	p, err := newPage(cfg.Pages, cfg.BasePath, cfg.Version.Version)
	if err != nil {
		return nil, fmt.Errorf("server: read the page: %w", err)
	}
	s := &Server{cfg: cfg, log: cfg.Slog, streams: newStreams(cfg.Followed), page: p}
	s.handler = s.route()
	return s, nil
}

// Ready plugs the core in: from now on the API answers.
func (s *Server) Ready(ctx context.Context, c Core) error {
	info, err := c.Reader.Epochs(ctx)
	if err != nil {
		return fmt.Errorf("server: read the starts of the log: %w", err)
	}
	s.cfg.Checks.Put(s.checkers()...)
	s.live.Store(&running{Core: c, info: info})
	return nil
}

// Handler returns the whole front as one handler.
func (s *Server) Handler() http.Handler { return s.handler }

// core is only for handlers behind the gate, where it is never nil.
func (s *Server) core() *running { return s.live.Load() }
