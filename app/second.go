package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"hermes-webui/tray"
)

// companion shows a tray for a server that another process runs, until the
// person closes it or that server is gone for good. It begins with a phase.
type companion func(ctx context.Context, c config, h holder, begins tray.Phase, log *slog.Logger) error

// desktopStart is a start with a tray. Only the lock of the state folder decides
// who serves; whoever comes second serves the person by the server that is there.
type desktopStart struct {
	config
	log   *slog.Logger
	tray  companion    // nil = this program has none
	serve func() error // fails with errHeld when the state folder is taken
	told  error        // what a person was told last
}

// startDesktop serves, or helps the person to the server that runs already.
func startDesktop(stop, now context.Context, c config, io stdio, tray companion) error {
	c, io, err := leaveConsole(c, io)
	d := &desktopStart{config: c, log: newLog(c, io.Err, io.Err), tray: tray, serve: func() error { return serveWithTray(stop, now, c, io) }}
	if err == nil {
		err = d.run(stop)
	}
	if err != nil && stop.Err() == nil {
		d.tell(err)
	}
	return err
}

// tellWithin is how long a desktop may take to show a message.
const tellWithin = 5 * time.Second

// tell says why it did not start to a person who reads no log: whoever starts it
// from a menu sees nothing else. It says one thing once.
func (d *desktopStart) tell(err error) {
	if d.told != nil && errors.Is(err, d.told) || consoleRead() {
		return
	}
	d.told = err
	ctx, cancel := context.WithTimeout(context.Background(), tellWithin)
	defer cancel()
	tray.Tell(ctx, tray.Options{Bus: trayBus(d.Env), Slog: d.log}, tray.Notice{Title: "Hermes Web UI did not start", Text: sentence(err)})
}

// errAway says that the owner of the state folder went away while it was asked.
// Another one may own the folder by now.
var errAway = errors.New("the server went away")

// run tries again where the owner went away while it was asked.
func (d *desktopStart) run(ctx context.Context) error {
	for {
		if !held(d.StateDir) {
			if err := d.serve(); !errors.Is(err, errHeld) {
				return err
			}
		}
		h, err := awaitHolder(ctx, d.StateDir)
		if err != nil {
			return err
		}
		if err = d.second(ctx, h); !errors.Is(err, errAway) || ctx.Err() != nil {
			return err
		}
	}
}

// awaitHolder returns what the owner says about itself, which it does a moment
// after it took the lock.
func awaitHolder(ctx context.Context, dir string) (holder, error) {
	h, err := readHolder(dir)
	for end := time.Now().Add(5 * time.Second); err != nil && time.Now().Before(end) && ctx.Err() == nil; h, err = readHolder(dir) {
		time.Sleep(20 * time.Millisecond)
	}
	if err != nil && held(dir) {
		return h, exitWith(exitHeld, "%w: %s", errHeld, heldBy(dir))
	}
	return h, nil
}

// second does what a person wants who starts the program once more.
func (d *desktopStart) second(ctx context.Context, h holder) error {
	if err := d.reach(ctx); err != nil {
		return d.besideStuck(ctx, h, err)
	}
	if now, err := readHolder(d.StateDir); err == nil {
		h = now // the one before it may have left its hint
	}
	switch {
	case d.tray != nil && !d.shows(h):
		d.log.Info("a server runs already: showing a tray for it", "pid", h.PID, "address", h.Address)
		return d.accompany(ctx, h)
	case d.Mode.Mode == trayOnly:
		d.log.Info("it runs already, nothing to do", "pid", h.PID, "address", h.Address)
		return nil
	}
	d.log.Info("it runs already: opening the browser", "pid", h.PID, "address", h.Address)
	return d.open(ctx, h)
}

// shows reports whether a server has a tray in this session. Who logs out and in
// again, or twice at once, may have another session bus.
func (d *desktopStart) shows(h holder) bool {
	bus := trayBus(d.Env)
	return (decision{Mode: h.Mode}).tray() && (h.Bus == "" || bus == "" || h.Bus == bus)
}

// accompany shows a tray for a server that has none here, and the page to a person
// who did not just log in. Where no tray can be shown that is all.
func (d *desktopStart) accompany(ctx context.Context, h holder) error {
	if d.Mode.Mode == desktop {
		if err := (browser{d.Environ, d.log}).open(h.Address); err != nil {
			d.log.Warn("the browser cannot be opened", "address", h.Address, "err", err)
		}
	}
	switch err := d.tray(ctx, d.config, h, tray.Starting, d.log); {
	case errors.Is(err, tray.ErrShown), errors.Is(err, tray.ErrGone):
		d.log.Info("the tray ends", "why", err)
	case err != nil:
		d.log.Warn("no tray can be shown", "err", err)
	}
	return nil
}

// answerWithin is how long a server may take to open the browser, or to be ready
// for that.
const answerWithin = 10 * time.Second

// open asks the server to open the browser. One that has no desktop leaves it
// to this process.
func (d *desktopStart) open(ctx context.Context, h holder) error {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	for {
		status, err := askOpen(ctx, d.StateDir)
		switch {
		case err != nil && !held(d.StateDir):
			return fmt.Errorf("%w: %w", errAway, err)
		case err != nil && ctx.Err() == nil: // it ended while it was asked, and another one serves
			time.Sleep(reachAgain)
		case err != nil:
			d.log.Warn("the server does not answer", "pid", h.PID, "err", err)
			return d.stuck(h)
		case status < http.StatusMultipleChoices:
			return nil
		case status == http.StatusServiceUnavailable && ctx.Err() == nil: // it is starting
			time.Sleep(50 * time.Millisecond)
		default:
			return browser{d.Environ, d.log}.open(h.Address)
		}
		if now, err := readHolder(d.StateDir); err == nil {
			h = now
		}
	}
}

func askOpen(ctx context.Context, stateDir string) (status int, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, controlURL+"/api/system/open", nil)
	if err != nil {
		return 0, err
	}
	res, err := controlClient(stateDir).Do(req)
	if err != nil {
		return 0, err
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<20))
	return res.StatusCode, res.Body.Close()
}

// openBrowser opens the page, or a path of it, in the person's browser.
func (p *process) openBrowser(path string) error {
	if !p.Mode.tray() {
		return fmt.Errorf("the server runs without a desktop. Open %s%s yourself", p.url(), path)
	}
	return browser{p.Environ, p.log}.open(p.url() + path)
}

// welcome opens the browser once the page can be shown. A process that replaced
// a stuck one was started by nobody: the page is open already.
func (p *process) welcome() {
	if p.Mode.Mode != desktop || p.Env(curedAt) != "" {
		return
	}
	if err := p.openBrowser("/"); err != nil {
		p.log.Warn("the browser was not opened", "err", err)
	}
}
