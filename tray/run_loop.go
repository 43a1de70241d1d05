//go:build windows || (darwin && cgo)

package tray

import (
	"context"
	"runtime"
	"sync"

	"fyne.io/systray"
)

const appName = "Hermes Web UI"

// Run shows the tray until ctx ends. It draws the newest of states. It must be
// called on the main goroutine, once in a process. On macOS it may never return:
// the system ends the process by itself, so nothing may wait for it.
func Run(ctx context.Context, o Options, host Host, states <-chan State) error {
	waitForShell(ctx)
	if ctx.Err() != nil {
		return nil
	}
	ctx, cancel := context.WithCancel(ctx)
	mail := newMail(host, o.Slog)
	l := &loop{ctx: ctx, todo: make(chan func()), log: o.Slog, fault: mail.fault}
	m := &menu{surface: fyne{}, loop: l, host: host}
	var all sync.WaitGroup
	if runtime.GOOS == "windows" { // on macOS a click opens the menu
		systray.SetOnTapped(func() {
			l.post(func() {
				l.call("open", &entry{item: nothing{}}, func(ctx context.Context) error { return host.Open(ctx, "") })
			})
		})
	}
	systray.Run(func() { // must return: menus wait for it
		systray.SetTooltip(appName)
		all.Go(func() {
			m.build()
			l.run(m, states, func() bool { return true }, make(chan struct{}))
		})
		all.Go(func() { mail.run(ctx, o.Notices) })
		context.AfterFunc(ctx, systray.Quit) // the library takes it once, and before this it is lost
	}, cancel)
	cancel()
	all.Wait()
	return nil
}
