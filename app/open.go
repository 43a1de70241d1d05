package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"time"

	"hermes-webui/server"
)

// openPage is the command open: it prints the address of the running server
// and, where there is a desktop, opens it in the browser.
func openPage(ctx context.Context, c config, out io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	address := frontDoor(c)
	if _, _, err := getHealth(ctx, address+"/health"); err != nil {
		return fmt.Errorf("no server answers at %s (%w). Start one with `hermes-webui`, "+
			"or see what is wrong with `hermes-webui doctor`", address, err)
	}
	fmt.Fprintln(out, address)
	if !canShow(c.Env) {
		return nil
	}
	return browser{c.Environ, slog.New(slog.DiscardHandler)}.open(address)
}

// canShow reports whether a window that is opened now would be seen by whoever
// typed the command. It asks for less than a tray does: only a display.
func canShow(env func(string) string) bool {
	if env("SSH_CONNECTION") != "" {
		return false
	}
	return runtime.GOOS == "windows" || runtime.GOOS == "darwin" || env("DISPLAY") != "" || env("WAYLAND_DISPLAY") != ""
}

// place says where the program is.
func (p *process) place() server.Place {
	return server.Place{State: p.StateDir, Logs: logsIn(p.StateDir), Desktop: canShow(p.Env)}
}

// openLogs shows the folder of the logs.
func (p *process) openLogs() error {
	if !canShow(p.Env) {
		return errors.New("the server runs without a desktop")
	}
	return browser{p.Environ, p.log}.open(logsIn(p.StateDir))
}
