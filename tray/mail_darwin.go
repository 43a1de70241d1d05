package tray

import (
	"context"
	"os/exec"
)

// script takes the words as arguments: no text can become a part of it.
const script = "on run argv\ndisplay notification (item 2 of argv) with title (item 1 of argv)\nend run"

func (m *mail) send(ctx context.Context, n Notice) {
	if n.Title == "" {
		return
	}
	err := exec.CommandContext(ctx, "/usr/bin/osascript", "-e", script, cut(plain(n.Title), 100), cut(plain(n.Text), 300)).Run()
	if err != nil {
		m.log.Debug("no message of the desktop", "err", err)
	}
}
