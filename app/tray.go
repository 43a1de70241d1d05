package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/turn"
	"hermes-webui/tray"
)

// serveWithTray runs the server beside a tray, which wants the main goroutine
// on some systems. The server's end is the tray's; without a tray the server
// goes on.
func serveWithTray(stop, now context.Context, c config, io stdio) error {
	showing, end := context.WithCancel(context.Background())
	defer end()
	c.Link = newTrayLink(end)
	c.Link.show(tray.State{Version: version})
	ended := make(chan error, 1)
	go func() {
		err := serve(stop, now, c, io)
		if runtime.GOOS == "darwin" { // there the end of the tray is that of the process, with code 0
			os.Exit(conclude(err, io))
		}
		ended <- err
		end()
	}()
	var log *slog.Logger
	select {
	case log = <-c.Link.log:
	case err := <-ended:
		return err
	}
	h := &trayHost{c.Link, browser{c.Environ, log}}
	options := tray.Options{Bus: trayBus(c.Env), Name: trayName(c.StateDir), Notices: c.Link.notices, Slog: log}
	if err := tray.Run(showing, options, h, c.Link.states); err != nil {
		log.Warn("running without a tray", "err", err)
	}
	return <-ended
}

// trayLink is between a tray and the server, which comes after it and may go
// before it.
type trayLink struct {
	states    chan tray.State // holds the newest
	notices   chan tray.Notice
	server    atomic.Pointer[process] // nil = it does not take anything
	feed      atomic.Pointer[trayFeed]
	log       chan *slog.Logger // of the server, once it owns the state folder
	restarted chan error        // what became of the newest restart
	close     func()            // ends the tray
}

func newTrayLink(end func()) *trayLink {
	return &trayLink{
		states: make(chan tray.State, 1), notices: make(chan tray.Notice, 16), log: make(chan *slog.Logger, 1),
		restarted: make(chan error, 1), close: end,
	}
}

// beginTray lets the tray be shown, if there is one.
func (p *process) beginTray(context.Context) error {
	if p.Link != nil {
		p.Link.log <- p.log
	}
	return nil
}

// show hands the tray a state. There is one who calls it at a time.
func (l *trayLink) show(s tray.State) {
	select {
	case <-l.states: // nobody has seen it, and nobody needs to
	default:
	}
	l.states <- s
}

// notify hands the tray a message. Where too many wait it is left out: what it
// is about is in the menu too.
func (l *trayLink) notify(n tray.Notice) {
	select {
	case l.notices <- n:
	default:
	}
}

// restarting is called when a restart of the front begins.
func (l *trayLink) restarting() {
	if l == nil {
		return
	}
	if f := l.feed.Load(); f != nil {
		f.phase(tray.Restarting)
	}
}

// hasRestarted is called at the end of a restart.
func (l *trayLink) hasRestarted(err error) {
	if l == nil {
		return
	}
	select {
	case <-l.restarted:
	default:
	}
	l.restarted <- err
	if f := l.feed.Load(); f != nil {
		f.phase(tray.Ready)
	}
}

// probed is called with what the server's own probe found, nil for nothing.
func (l *trayLink) probed(w *wedge) {
	if l == nil {
		return
	}
	f := l.feed.Load()
	switch {
	case f == nil:
	case w == nil:
		f.trouble("")
	case len(w.Parts) > 0:
		f.trouble(strings.Join(w.Parts, ", "))
	default:
		f.trouble("the page cannot be reached")
	}
}

// trayHost does what is chosen in the tray of this process's own server.
type trayHost struct {
	link    *trayLink
	browser browser
}

var errNotServing = errors.New("the server is starting or stopping; try again in a moment")

func (h *trayHost) serving() (*process, error) {
	if p := h.link.server.Load(); p != nil {
		return p, nil
	}
	return nil, errNotServing
}

// Open implements tray.Host.
func (h *trayHost) Open(_ context.Context, path string) error {
	p, err := h.serving()
	if err != nil {
		return err
	}
	return h.browser.open(p.url() + path)
}

// NewSession implements tray.Host: the page's first screen begins one.
func (h *trayHost) NewSession(ctx context.Context) error { return h.Open(ctx, "/") }

// restartWithin is more than a front takes to close and another to open.
const restartWithin = 10 * time.Second

// Restart implements tray.Host.
func (h *trayHost) Restart(ctx context.Context) error {
	p, err := h.serving()
	if err != nil {
		return err
	}
	select {
	case <-h.link.restarted: // of one that somebody else asked for
	default:
	}
	ask(p.restart)()
	ctx, cancel := context.WithTimeout(ctx, restartWithin)
	defer cancel()
	select {
	case err := <-h.link.restarted:
		return err
	case <-ctx.Done():
		return errors.New("the server does not restart; its log says more")
	}
}

// RestartAgent implements tray.Host.
func (h *trayHost) RestartAgent(ctx context.Context) error {
	p, err := h.serving()
	if err != nil {
		return err
	}
	return said(p.core.roster.Restart(ctx))
}

// StopTurn implements tray.Host.
func (h *trayHost) StopTurn(ctx context.Context, id string) error {
	p, err := h.serving()
	if err == nil {
		_, _, err = p.core.desk.Stop(ctx, chat.TurnID(id))
	}
	return said(err)
}

// byTray names this way of answering in the record.
const byTray = "tray"

// Answer implements tray.Host.
func (h *trayHost) Answer(ctx context.Context, a tray.Answer) error {
	p, err := h.serving()
	if err != nil {
		return err
	}
	choice := turn.Refused
	if a.Allow {
		choice = turn.Once
	}
	_, _, err = p.core.desk.Answer(ctx, chat.AskID(a.Ask), turn.Answer{Answer: agent.Answer{Choice: choice}, Digest: a.Digest, By: byTray})
	return said(err)
}

// ToggleLogin implements tray.Host.
func (h *trayHost) ToggleLogin(ctx context.Context) error {
	p, err := h.serving()
	if err != nil {
		return err
	}
	return said(p.toggleLogin(ctx))
}

// OpenLogs implements tray.Host.
func (h *trayHost) OpenLogs(context.Context) error {
	p, err := h.serving()
	if err != nil {
		return err
	}
	return h.browser.open(logsIn(p.StateDir))
}

// Quit implements tray.Host.
func (h *trayHost) Quit(context.Context) error {
	p, err := h.serving()
	if err == nil {
		ask(p.quit)()
	}
	return err
}

// CloseTray implements tray.Host.
func (h *trayHost) CloseTray(context.Context) error { h.link.close(); return nil }

// said is an error in the words for a person.
func said(err error) error {
	if err == nil {
		return nil
	}
	return errors.New(sentence(err))
}
