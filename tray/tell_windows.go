package tray

import (
	"context"
	"os"
	"runtime"

	"golang.org/x/sys/windows"
)

// Tell shows one message, for a program that has no tray, and returns when the
// person has read it: a box, as only an icon shows messages that go by themselves.
// Where nobody is logged in to see it, as beside a service, it shows nothing.
func Tell(_ context.Context, o Options, n Notice) {
	var session uint32
	if err := windows.ProcessIdToSessionId(uint32(os.Getpid()), &session); err != nil || session == 0 {
		o.Slog.Debug("no message of the desktop: nobody would see it", "err", err)
		return
	}
	text, err := windows.UTF16PtrFromString(plain(n.Text))
	if err != nil {
		return // a zero in it
	}
	title, err := windows.UTF16PtrFromString(plain(n.Title))
	if err != nil {
		return
	}
	read := make(chan error)
	go func() {
		runtime.LockOSThread() // never unlocked: what a tray left in its own thread would close the box
		_, err := windows.MessageBox(0, text, title, windows.MB_OK|windows.MB_ICONERROR|windows.MB_SETFOREGROUND)
		read <- err
	}()
	if err := <-read; err != nil {
		o.Slog.Debug("no message of the desktop", "err", err)
	}
}
