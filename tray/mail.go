//go:build linux

package tray

import (
	"context"
	"html"
	"log/slog"
	"sync"

	"github.com/godbus/dbus/v5"
)

const (
	noticeName = "org.freedesktop.Notifications"
	noticePath = dbus.ObjectPath("/org/freedesktop/Notifications")
	byDefault  = "default" // the action of a click on the message itself
)

// mail sends messages of the desktop, over a connection of our own: the library
// stops looking for panels when another's signal comes over the shared one.
type mail struct {
	host Host
	log  *slog.Logger

	mu    sync.Mutex
	conn  *dbus.Conn
	ids   map[string]uint32 // by Key
	paths map[uint32]string
	more  chan Notice

	sending sync.Mutex // until it is known which id a message has: a click may be faster
}

func newMail(host Host, log *slog.Logger) *mail {
	return &mail{host: host, log: log, ids: map[string]uint32{}, paths: map[uint32]string{}, more: make(chan Notice, 8)}
}

// Tell shows one message of the desktop, for a program that has no tray. A click
// on it does nothing.
func Tell(ctx context.Context, o Options, n Notice) {
	if noBus(o.Bus) {
		return
	}
	conn, err := connect(ctx, o.Bus)
	if err != nil {
		o.Slog.Debug("no message of the desktop", "err", err)
		return
	}
	defer conn.Close()
	m := newMail(nil, o.Slog)
	m.conn = conn
	m.send(ctx, n)
}

// use makes a bus the one that messages go to; nil = there is none.
func (m *mail) use(conn *dbus.Conn) {
	m.mu.Lock()
	m.conn = conn
	clear(m.ids)
	clear(m.paths)
	m.mu.Unlock()
	if conn == nil {
		return
	}
	signals := make(chan *dbus.Signal, 16)
	conn.Signal(signals)
	for _, member := range []string{"ActionInvoked", "NotificationClosed"} {
		err := conn.AddMatchSignal(dbus.WithMatchSender(noticeName), dbus.WithMatchObjectPath(noticePath),
			dbus.WithMatchInterface(noticeName), dbus.WithMatchMember(member))
		if err != nil {
			m.log.Warn("clicks on messages of the desktop will not be heard", "err", err)
			return
		}
	}
	go m.listen(signals)
}

// listen ends with its connection, which closes the channel.
func (m *mail) listen(signals <-chan *dbus.Signal) {
	for s := range signals {
		if len(s.Body) != 2 {
			continue
		}
		id, ok := s.Body[0].(uint32)
		if !ok {
			continue
		}
		path, ours := m.about(id)
		switch {
		case !ours:
		case s.Name == noticeName+".ActionInvoked":
			if err := m.host.Open(context.Background(), path); err != nil {
				m.fault(err.Error())
			}
		case s.Name == noticeName+".NotificationClosed":
			m.forget(id)
		}
	}
}

// about returns what a message of ours opens.
func (m *mail) about(id uint32) (path string, ours bool) {
	m.sending.Lock()
	defer m.sending.Unlock()
	m.mu.Lock()
	defer m.mu.Unlock()
	path, ours = m.paths[id]
	return path, ours
}

func (m *mail) forget(id uint32) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.paths, id)
	for key, other := range m.ids {
		if other == id {
			delete(m.ids, key)
		}
	}
}

// fault tells a person that something they chose was not done.
func (m *mail) fault(text string) {
	select {
	case m.more <- Notice{Title: "That was not done", Text: text}:
	default: // so many at once help nobody
	}
}

func (m *mail) run(ctx context.Context, notices <-chan Notice) {
	for {
		select {
		case <-ctx.Done():
			return
		case n := <-m.more:
			m.send(ctx, n)
		case n, ok := <-notices:
			if !ok {
				notices = nil
				continue
			}
			m.send(ctx, n)
		}
	}
}

// send shows or removes a message. A desktop without messages is none to blame.
func (m *mail) send(ctx context.Context, n Notice) {
	m.mu.Lock()
	conn, old := m.conn, m.ids[n.Key]
	m.mu.Unlock()
	if conn == nil || n.Title == "" && old == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, busWithin)
	defer cancel()
	service := conn.Object(noticeName, noticePath)
	if n.Title == "" {
		_ = service.CallWithContext(ctx, noticeName+".CloseNotification", 0, old).Err // it may be gone already
		m.forget(old)
		return
	}
	m.sending.Lock()
	defer m.sending.Unlock()
	var id uint32
	actions := []string{byDefault, "Open"}
	if m.host == nil { // nobody who would hear of a click
		actions = nil
	}
	hints := map[string]dbus.Variant{"desktop-entry": dbus.MakeVariant("hermes-webui")}
	err := service.CallWithContext(ctx, noticeName+".Notify", 0, appName, old, "", cut(plain(n.Title), 100),
		html.EscapeString(cut(plain(n.Text), 300)), actions, hints, int32(-1)).Store(&id)
	if err != nil {
		m.log.Debug("no message of the desktop", "err", err)
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.paths[id] = n.Path
	if n.Key != "" {
		m.ids[n.Key] = id
	}
}
