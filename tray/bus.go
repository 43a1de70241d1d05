//go:build linux

package tray

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/godbus/dbus/v5"
)

// busWithin is how long a bus may take to greet: one that hangs is none.
const busWithin = 5 * time.Second

// connect makes a connection of our own. That of the library is shared, and is
// opened by starting a bus where there is none.
func connect(ctx context.Context, address string) (*dbus.Conn, error) {
	type result struct {
		conn *dbus.Conn
		err  error
	}
	made := make(chan result, 1)
	late, cancel := context.WithTimeout(ctx, busWithin)
	defer cancel()
	go func() {
		conn, err := dbus.Connect(address)
		made <- result{conn, err}
	}()
	select {
	case r := <-made:
		return r.conn, r.err
	case <-late.Done():
		go func() {
			if r := <-made; r.err == nil {
				_ = r.conn.Close()
			}
		}()
		return nil, fmt.Errorf("the session bus does not answer: %w", late.Err())
	}
}

// buses yields a connection to each bus that comes up at an address, the next
// one when the last is gone. use returns when its connection is closed.
func buses(ctx context.Context, address string, log *slog.Logger, use func(*dbus.Conn)) {
	said := false
	for ctx.Err() == nil {
		conn, err := connect(ctx, address)
		if err != nil {
			if !said && ctx.Err() == nil {
				said = true
				log.Warn("no tray for now: the session bus cannot be reached", "err", err)
			}
			if conn = awaited(ctx, address); conn == nil {
				continue
			}
		}
		said = false
		use(conn)
		_ = conn.Close()
	}
}

// awaited waits until it is worth another attempt. It looks once more after it
// began to watch, so that nothing is missed.
func awaited(ctx context.Context, address string) *dbus.Conn {
	back := newReturn(address)
	defer back.close()
	conn, err := connect(ctx, address)
	if err == nil {
		return conn
	}
	back.wait(ctx)
	return nil
}

// panel is the name that a program has which shows icons.
const panel = "org.kde.StatusNotifierWatcher"

// panels calls seen when there is a panel, and whenever one comes, until the
// connection is closed or the tray's own name is taken away.
func panels(ctx context.Context, conn *dbus.Conn, log *slog.Logger, own string, seen func()) error {
	signals := make(chan *dbus.Signal, 16)
	conn.Signal(signals)
	defer conn.RemoveSignal(signals)
	err := conn.AddMatchSignalContext(ctx,
		dbus.WithMatchSender("org.freedesktop.DBus"), dbus.WithMatchInterface("org.freedesktop.DBus"),
		dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, panel))
	if err != nil {
		return err
	}
	var there bool
	err = conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.NameHasOwner", 0, panel).Store(&there)
	if err != nil {
		return err
	}
	if there {
		seen()
	} else {
		log.Info("no panel shows icons of programs for now; everything in the menu is also in the page")
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-conn.Context().Done():
			return errors.New("the session bus is gone")
		case s, ok := <-signals:
			if ok && s.Name == "org.freedesktop.DBus.NameLost" && own != "" && len(s.Body) == 1 && s.Body[0] == own {
				return ErrShown
			}
			if ok && s.Name == "org.freedesktop.DBus.NameOwnerChanged" && len(s.Body) == 3 && s.Body[0] == panel && s.Body[2] != "" {
				seen()
			}
		}
	}
}
