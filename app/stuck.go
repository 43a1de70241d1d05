package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"time"

	"hermes-webui/tray"
)

// reachAgain is how long a start waits until it asks again a server that takes no
// connections: it is starting, or about to end.
const reachAgain = 50 * time.Millisecond

// reach waits until the owner of the state folder answers, whatever it says. It
// fails after answerWithin, and with errAway at once where nobody owns the folder.
func (d *desktopStart) reach(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	d.log.Debug("asking the server that runs already")
	for {
		err := askAlive(ctx, d.StateDir)
		switch {
		case err == nil:
			return nil
		case !held(d.StateDir):
			return fmt.Errorf("%w: %w", errAway, err)
		case ctx.Err() != nil:
			return err
		}
		select {
		case <-time.After(reachAgain):
		case <-ctx.Done():
			return err
		}
	}
}

func askAlive(ctx context.Context, stateDir string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, controlURL+"/health", nil)
	if err != nil {
		return err
	}
	res, err := controlClient(stateDir).Do(req)
	if err != nil {
		return err
	}
	return res.Body.Close()
}

// besideStuck tells the person that the server does not answer. Where that has no
// tray here, one is shown for it: it says so too, and when the server answers again.
func (d *desktopStart) besideStuck(ctx context.Context, h holder, why error) error {
	if ctx.Err() != nil || errors.Is(why, errAway) {
		return why
	}
	d.log.Warn("a server runs already, but does not answer", "pid", h.PID, "address", h.Address, "err", why)
	stuck := d.stuck(h)
	if d.tray == nil || d.shows(h) {
		return stuck
	}
	told := make(chan struct{})
	go func() { // some desktops keep it until the person has read it
		defer close(told)
		d.tell(stuck)
	}()
	err := d.tray(ctx, d.config, h, tray.NotAnswering, d.log)
	if err == nil || errors.Is(err, tray.ErrGone) {
		return nil
	}
	d.log.Info("no tray is shown", "why", err)
	<-told
	return stuck
}

// stuck says what a person can do about a server that does not answer.
func (d *desktopStart) stuck(h holder) error {
	return exitWith(exitHeld, "Hermes Web UI is running (process %d) but does not answer. Try again in a minute, or end that process "+
		"with `%s` and start again; `hermes-webui doctor` says what is wrong (%w: %s)", h.PID, ending(h.PID), errHeld, d.StateDir)
}

// ending is the command that ends a process which hears nothing any more.
func ending(pid int) string {
	if runtime.GOOS == "windows" {
		return fmt.Sprintf("taskkill /F /PID %d", pid)
	}
	return fmt.Sprintf("kill -9 %d", pid)
}
