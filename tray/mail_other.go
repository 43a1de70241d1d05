//go:build windows || darwin

package tray

import (
	"context"
	"log/slog"
	"os/exec"
	"runtime"
)

// mail sends messages of the desktop. On macOS they are shown by the system's
// script runner, so a click on one does not open the page. On Windows there are
// none yet: what needs a person is in the icon, the menu and the page.
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

// script takes the words as arguments: no text can become a part of it.
const script = "on run argv\ndisplay notification (item 2 of argv) with title (item 1 of argv)\nend run"

func (m *mail) send(ctx context.Context, n Notice) {
	if runtime.GOOS != "darwin" || n.Title == "" {
		return
	}
	err := exec.CommandContext(ctx, "/usr/bin/osascript", "-e", script, cut(plain(n.Title), 100), cut(plain(n.Text), 300)).Run()
	if err != nil {
		m.log.Debug("no message of the desktop", "err", err)
	}
}
