package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"hermes-webui/frontend"
	"hermes-webui/server"
)

// front is what speaks HTTP. It can be thrown away and built anew while the
// core lives on; nothing in the core refers to it.
type front struct {
	api    *server.Server
	doors  []*door
	failed chan error // why a door no longer accepts, at most one of each
}

const (
	firstRequests = 200 * time.Millisecond // how long a connection may take to say something when the front closes
	lastRequests  = time.Second            // how long requests may take then
	comeBack      = 500 * time.Millisecond // when streams are asked to come back
)

// newFront answers what comes in at the port and, where there is one, at the
// control socket.
func newFront(p, control *port, cfg server.Config, log *slog.Logger) (*front, error) {
	api, err := server.New(cfg)
	if err != nil {
		return nil, err
	}
	f := &front{api: api, doors: []*door{newDoor(p, server.NewHTTPServer(api.Handler(), cfg.Health, log))}}
	if control != nil {
		owners := server.NewHTTPServer(api.OwnerHandler(), cfg.Health, log)
		owners.ConnState = func(net.Conn, http.ConnState) {} // what watchdogs count comes by the port
		f.doors = append(f.doors, newDoor(control, owners))
	}
	f.failed = make(chan error, len(f.doors))
	return f, nil
}

// serve begins to accept.
func (f *front) serve() {
	for _, d := range f.doors {
		go d.serve(f.failed)
	}
}

func (f *front) ready(ctx context.Context, c *core) error {
	return f.api.Ready(ctx, c.forServer())
}

// close stops accepting, tells the streams, gives requests a moment, and cuts
// what is left. Closing twice is the same as once.
func (f *front) close(ctx context.Context) error {
	for _, d := range f.doors {
		_ = d.entrance.Close() // never fails
	}
	ctx, cancel := context.WithTimeout(ctx, lastRequests)
	defer cancel()
	streams := make(chan error, 1)
	go func() { streams <- f.api.CloseStreams(ctx, comeBack) }()
	first, enough := context.WithTimeout(ctx, firstRequests)
	for _, d := range f.doors {
		d.arrivals.wait(first)
	}
	enough()
	var err error
	for _, d := range f.doors {
		err = errors.Join(err, d.close(ctx))
	}
	cancel()
	<-streams // what did not end in time was cut just now
	return err
}

func (p *process) openFront(context.Context) (err error) {
	p.front, err = newFront(p.port, p.control, p.serverConfig(), p.log)
	if err == nil {
		p.pages.Store(p.front.api)
		p.front.serve()
	}
	return err
}

func (p *process) closeFront(ctx context.Context) error { return p.front.close(ctx) }

// restartFront puts a new front in place of the old one. Live turns and agents
// go on; clients come back by their cursors. Where no new one can be made the
// old one stays.
func (p *process) restartFront(ctx context.Context) {
	p.Link.restarting()
	err := p.replaceFront(ctx)
	p.Link.hasRestarted(err)
	if err != nil {
		p.log.Error("the front cannot be restarted, the old one goes on", "err", err)
	}
}

func (p *process) replaceFront(ctx context.Context) error {
	next, err := newFront(p.port, p.control, p.serverConfig(), p.log)
	if err == nil {
		err = next.ready(ctx, p.core)
	}
	if err != nil {
		return err
	}
	next.serve() // ready first: nobody is told that the program is starting
	old := p.front
	p.front = next
	p.pages.Store(next.api)
	if err := old.close(ctx); err != nil {
		p.log.Warn("the old front was not closed well", "err", err)
	}
	p.log.Info("front restarted")
	return nil
}

func (p *process) serverConfig() server.Config {
	return server.Config{
		Version:  server.Version{Version: version, Commit: commit, Date: date},
		Pages:    frontend.FS(),
		Health:   p.health,
		Checks:   &p.checks,
		Restart:  ask(p.restart),
		Quit:     ask(p.quit),
		Open:     func() error { return p.openBrowser("/") },
		Place:    p.place,
		OpenLogs: p.openLogs,
		Slog:     p.log,
		Followed: func(yes bool) { p.core.profiles.follow(yes) },
	}
}
