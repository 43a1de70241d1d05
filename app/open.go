package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"time"
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
	return openBrowser(c.Environ, address)
}

// canShow reports whether a window that is opened now would be seen by whoever
// typed the command.
func canShow(env func(string) string) bool {
	if env("SSH_CONNECTION") != "" {
		return false
	}
	return runtime.GOOS == "windows" || runtime.GOOS == "darwin" || env("DISPLAY") != "" || env("WAYLAND_DISPLAY") != ""
}

// openers are the commands that open an address in the person's browser, the
// best first.
func openers() [][]string {
	switch runtime.GOOS {
	case "windows":
		return [][]string{{"rundll32", "url.dll,FileProtocolHandler"}}
	case "darwin":
		return [][]string{{"open"}}
	default:
		return [][]string{{"xdg-open"}, {"x-www-browser"}, {"wslview"}}
	}
}

// openBrowser opens an address and does not wait for the browser to end.
func openBrowser(env environ, address string) error {
	for _, words := range openers() {
		cmd := exec.Command(words[0], append(words[1:], address)...)
		cmd.Env = env
		if cmd.Start() == nil {
			return cmd.Process.Release()
		}
	}
	return errors.New("there is no program that opens a browser; open the address yourself")
}
