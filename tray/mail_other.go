//go:build windows || darwin

package tray

import (
	"context"
	"log/slog"
)

// mail sends messages of the desktop. A click on one does not open the page here:
// on macOS the system's script runner shows them, and on Windows the library
// hears of no clicks but those on the icon.
type mail struct {
	log  *slog.Logger
	more chan Notice
}

func newMail(_ Host, log *slog.Logger) *mail { return &mail{log: log, more: make(chan Notice, 8)} }

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
