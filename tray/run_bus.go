//go:build linux

package tray

import (
	"cmp"
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"fyne.io/systray"
	"github.com/godbus/dbus/v5"
)

const appName = "Hermes Web UI"

// sessionAway is how long the bus of a guest may be away. A server that has its
// own tray waits for ever: it has something else to do.
const sessionAway = time.Minute

// ErrNoBus says that there is no session bus, so no tray.
var ErrNoBus = errors.New("there is no session bus, so no tray")

// Run shows the tray until ctx ends. It draws the newest of states. Where the
// session bus or the panel is missing, or goes, it waits until there is one
// again. It is called once in a process.
func Run(ctx context.Context, o Options, host Host, states <-chan State) error {
	if noBus(o.Bus) {
		return ErrNoBus
	}
	// The library looks here, and would start a bus of its own if it found nothing.
	if err := os.Setenv("DBUS_SESSION_BUS_ADDRESS", o.Bus); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	mail := newMail(host, o.Slog)
	l := &loop{ctx: ctx, todo: make(chan func()), log: o.Slog, fault: mail.fault}
	t := &busTray{Options: o, end: cancel, loop: l, mail: mail, menu: &menu{surface: fyne{}, loop: l, host: host}}
	systray.SetTitle(appName) // before the start: it becomes the Id by which panels know the icon
	systray.SetOnTapped(func() {
		l.post(func() {
			l.call("open", &entry{item: nothing{}}, func(ctx context.Context) error { return host.Open(ctx, "") })
		})
	})
	t.start, _ = systray.RunWithExternalLoop(nil, nil) // without onReady it may start again
	var all sync.WaitGroup
	drawn := make(chan struct{})
	all.Go(func() {
		t.menu.build()
		l.run(t.menu, states, t.up.Load, drawn)
	})
	all.Go(func() { mail.run(ctx, o.Notices) })
	select {
	case <-drawn:
		t.await()
		buses(ctx, o.Bus, o.Slog, func(conn *dbus.Conn) { t.live(ctx, conn) })
	case <-ctx.Done():
	}
	why := context.Cause(ctx)
	cancel(nil)
	all.Wait()
	if errors.Is(why, ErrShown) || errors.Is(why, ErrGone) {
		return why
	}
	return nil
}

// noBus reports whether there is none at an address: one that we started would
// be nobody's.
func noBus(address string) bool { return address == "" || strings.HasPrefix(address, "autolaunch:") }

// busTray is the tray on a bus that may go and come back.
type busTray struct {
	Options
	end   context.CancelCauseFunc
	away  *time.Timer // runs while a guest has no bus
	loop  *loop
	menu  *menu
	mail  *mail
	start func()
	up    atomic.Bool // the library has a connection
}

// deafFor is longer than the library takes from its start until it hears of
// panels that restart: of one in between it hears nothing.
const deafFor = 10 * time.Second

// register shows the icon to the panel in the words of the library. Panels take
// the same icon twice for one.
func (t *busTray) register() {
	shared, err := dbus.SessionBus()
	if err == nil {
		err = shared.Object(panel, "/StatusNotifierWatcher").Call(panel+".RegisterStatusNotifierItem", 0, "/StatusNotifierItem").Err
	}
	if err != nil {
		t.loop.log.Debug("the panel does not take the icon", "err", err)
	}
}

// live is one life of a bus.
func (t *busTray) live(ctx context.Context, conn *dbus.Conn) {
	if t.away != nil {
		t.away.Stop()
	}
	defer t.await()
	if err := t.claim(conn); err != nil {
		t.end(err)
		return
	}
	t.mail.use(conn)
	var began time.Time
	err := panels(ctx, conn, t.loop.log, t.Name, func() {
		firstAnswered = false // this panel has not
		switch {
		case !t.up.Swap(true):
			t.start()
			began = time.Now()
			t.loop.post(func() { t.menu.draw(t.menu.state) })
		case time.Since(began) < deafFor:
			t.register()
		}
	})
	started := t.up.Swap(false)
	t.mail.use(nil)
	if errors.Is(err, ErrShown) {
		t.end(err)
	}
	if ctx.Err() == nil {
		t.loop.log.Info("the tray waits for the session to come back", "why", err)
		return
	}
	if started && conn.Connected() {
		if shared, err := dbus.SessionBus(); err == nil {
			_ = shared.Close() // the icon goes now, not with the process
		}
	}
}

// await begins to count how long a guest has no bus.
func (t *busTray) await() {
	if t.Guest {
		t.away = time.AfterFunc(cmp.Or(t.Patience, sessionAway), func() { t.end(ErrGone) })
	}
}

// claim takes the name of the tray. That of the server's own process comes first.
func (t *busTray) claim(conn *dbus.Conn) error {
	if t.Name == "" {
		return nil
	}
	flags := dbus.NameFlagDoNotQueue
	if t.Guest {
		flags |= dbus.NameFlagAllowReplacement
	} else {
		flags |= dbus.NameFlagReplaceExisting
	}
	reply, err := conn.RequestName(t.Name, flags)
	switch {
	case err != nil:
		t.loop.log.Warn("the tray has no name on the session bus", "name", t.Name, "err", err)
	case reply != dbus.RequestNameReplyPrimaryOwner && reply != dbus.RequestNameReplyAlreadyOwner && t.Guest:
		return ErrShown
	}
	return nil
}
