//go:build linux

package traytest

import (
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

const (
	messagesName = "org.freedesktop.Notifications"
	messagesPath = dbus.ObjectPath("/org/freedesktop/Notifications")
)

// Messages is the part of a desktop that shows messages of programs.
type Messages struct {
	tb      testing.TB
	conn    *dbus.Conn
	shown   chan Message
	removed chan uint32
	next    uint32
}

// Message is one as it came.
type Message struct {
	ID, Replaces uint32
	Title, Text  string
	Actions      []string
}

// NewMessages starts it on a bus. It ends with the test.
func NewMessages(tb testing.TB, b *Bus) *Messages {
	tb.Helper()
	conn, err := dbus.Connect(b.Address)
	must(tb, err)
	tb.Cleanup(func() { _ = conn.Close() })
	m := &Messages{tb: tb, conn: conn, shown: make(chan Message, 16), removed: make(chan uint32, 16)}
	must(tb, conn.Export(messagesMethods{m}, messagesPath, messagesName))
	_, err = conn.RequestName(messagesName, dbus.NameFlagDoNotQueue)
	must(tb, err)
	return m
}

type messagesMethods struct{ m *Messages }

// Notify shows a message.
func (s messagesMethods) Notify(_ string, replaces uint32, _, title, text string, actions []string, _ map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	id := replaces
	if id == 0 {
		s.m.next++
		id = s.m.next
	}
	s.m.shown <- Message{id, replaces, title, text, actions}
	return id, nil
}

// CloseNotification removes one.
func (s messagesMethods) CloseNotification(id uint32) *dbus.Error {
	s.m.removed <- id
	return nil
}

// Next waits for a message.
func (m *Messages) Next() Message { m.tb.Helper(); return next(m.tb, m.shown, "a message") }

// Removed waits until one is removed.
func (m *Messages) Removed() uint32 { m.tb.Helper(); return next(m.tb, m.removed, "a removed message") }

// Click is a person's click on a message.
func (m *Messages) Click(id uint32) {
	m.tb.Helper()
	must(m.tb, m.conn.Emit(messagesPath, messagesName+".ActionInvoked", id, "default"))
}

func next[T any](tb testing.TB, from <-chan T, what string) (v T) {
	tb.Helper()
	select {
	case v = <-from:
	case <-time.After(within):
		tb.Fatalf("%s did not come", what)
	}
	return v
}
