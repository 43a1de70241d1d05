// Command build builds, runs and checks Hermes Web UI: `go run ./build run`.
// It uses only the standard library, so that a clone needs nothing but Go,
// Node and npm.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// a command does one thing with the arguments after its name.
type command struct {
	name, about string
	do          func(ctx context.Context, args []string) error
}

func commands() []command {
	return []command{
		{"run", "build everything and start the server; further arguments go to it", run},
		{"bin", "build everything into build/out", bin},
		{"dev", "the server, and the page with hot reload", dev},
		{"test", "set up what is needed and run every check", test},
		{"check", "test without the browser", check},
		{"bench", "run the benchmarks", bench},
		{"agent", "install the real Hermes Agent for the tests, in the cache folder", agent},
		{"model", "set up and serve a small real model on loopback", model},
	}
}

func main() {
	// The first signal stops what runs in good order, the second kills us.
	ctx, release := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, release)
	if err := dispatch(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

func dispatch(ctx context.Context, args []string) error {
	if err := enterRepository(); err != nil {
		return err
	}
	if len(args) == 0 {
		return errors.New("say what to do\n" + help())
	}
	for _, c := range commands() {
		if c.name == args[0] {
			return c.do(ctx, args[1:])
		}
	}
	return fmt.Errorf("there is no command %q\n%s", args[0], help())
}

func help() string {
	text := "Usage: go run ./build COMMAND\n"
	for _, c := range commands() {
		text += fmt.Sprintf("  %-6s %s\n", c.name, c.about)
	}
	return text
}
