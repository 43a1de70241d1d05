package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"github.com/mattn/go-isatty"

	"hermes-webui/app/supervise"
)

// waits reports whether a headless start waits while another process owns the
// state folder. A supervisor would only start it again, each time in vain;
// a person at a terminal wants to know at once.
func waits(by supervise.Origin, complaints io.Writer) bool {
	switch by.Certainty {
	case supervise.Certain:
		return true
	case supervise.Likely:
		return !onTerminal(complaints)
	}
	return false
}

func onTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}

// awaitLock takes the lock of the state folder, and waits for it if need be. The
// port comes after it: it may be that of the same process.
func (p *process) awaitLock(ctx context.Context) error {
	if !p.waits {
		return nil
	}
	if err := makeStateDir(p.StateDir); err != nil {
		return err
	}
	i := instanceOf(p.StateDir)
	got, err := i.take()
	if err == nil && !got {
		why := heldBy(p.StateDir)
		p.log.Info("waiting for the state folder", "why", why)
		p.tell(p.notify.Status("Waiting: " + why))
		if err = queue(ctx, i); err == nil {
			p.log.Info("the state folder is free")
		}
	}
	if err != nil {
		return fmt.Errorf("cannot lock the state folder %s: %w", p.StateDir, err)
	}
	p.early = i
	return nil
}

// queue waits in the system's own queue for the lock, which costs nothing.
func queue(ctx context.Context, i *instance) error {
	locked := make(chan error, 1)
	go func() { locked <- i.lock.Lock() }()
	select {
	case err := <-locked:
		return err
	case <-ctx.Done():
		go func() { // it may come all the same, after this process has said no
			if <-locked == nil {
				_ = i.lock.Unlock()
			}
		}()
		return ctx.Err()
	}
}

// dropLock gives up a lock that was waited for and not used.
func (p *process) dropLock(context.Context) error {
	if p.early == nil {
		return nil
	}
	return p.early.lock.Unlock()
}

const (
	portGrace = 5 * time.Second // how long a process that gave up the state folder may keep the port
	portEvery = 50 * time.Millisecond
)

// bind takes the port. One who waited for the lock also waits a moment for the
// port, which a process that ends keeps longer than the lock.
func (p *process) bind(ctx context.Context) (*net.TCPListener, error) {
	given, err := supervise.Sockets(p.Env)
	if err != nil {
		return nil, exitWith(exitUsage, "%w", err)
	}
	if len(given) > 0 {
		return adopt(given)
	}
	if p.early == nil {
		return bind(ctx, p.config)
	}
	for end := time.Now().Add(portGrace); ; {
		ln, err := listenAt(ctx, p.config)
		if err == nil {
			return ln, nil
		}
		if !addressInUse(err) || time.Now().After(end) {
			return nil, explainTaken(ctx, p.config, err, false)
		}
		select {
		case <-time.After(portEvery):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
