package main

import (
	"fmt"
	"log/slog"
	"os/exec"
	"runtime"
	"slices"
	"strings"
)

// browser opens addresses in the person's browser.
type browser struct {
	env environ
	log *slog.Logger
}

// open asks the desktop for the browser and does not wait for it. What goes
// wrong later, once the desktop's own program runs, is in the log.
func (b browser) open(address string) error {
	cmd, err := b.command(address)
	if err != nil {
		return err
	}
	cmd.Env = forDesktop(b.env)
	detach(cmd) // Ctrl+C ends the server, not the browser
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("the browser cannot be opened: %w. Open %s yourself", err, address)
	}
	b.log.Info("opening the browser", "address", address, "by", cmd.Path)
	go func() {
		if err := cmd.Wait(); err != nil {
			b.log.Warn("the browser may not have opened; open the address yourself", "address", address, "by", cmd.Path, "err", err)
		}
	}()
	return nil
}

// command is what opens an address. BROWSER counts where the desktop has no
// program of its own for it, as xdg-open does.
func (b browser) command(address string) (*exec.Cmd, error) {
	switch runtime.GOOS {
	case "windows":
		return exec.Command("rundll32", "url.dll,FileProtocolHandler", address), nil
	case "darwin":
		return exec.Command("/usr/bin/open", address), nil
	}
	names := []string{"xdg-open", b.env.get("BROWSER"), "x-www-browser", "wslview"}
	for _, name := range names {
		if path, ok := b.env.look(name); ok {
			return exec.Command(path, address), nil
		}
	}
	return nil, fmt.Errorf("no browser can be opened: xdg-open is missing (package xdg-utils). Open %s yourself", address)
}

// notForDesktop begin the names of variables that are ours alone: what agents
// and servers get.
var notForDesktop = []string{"HERMES_WEBUI_", "OPENAI_API_KEY=", "ANTHROPIC_API_KEY=", "OPENROUTER_API_KEY="}

// forDesktop is the environment for a program of the person's desktop.
func forDesktop(env environ) []string {
	return slices.DeleteFunc(slices.Clone(env), func(pair string) bool {
		return ofSupervisor(pair) ||
			slices.ContainsFunc(notForDesktop, func(start string) bool { return strings.HasPrefix(pair, start) })
	})
}
