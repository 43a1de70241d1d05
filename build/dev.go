package main

import (
	"context"
	"errors"
	"fmt"
)

// dev starts the server and, in front of it, the page's development server,
// which passes /api and /health on to it. When one ends, the other is stopped.
func dev(ctx context.Context, args []string) error {
	if err := need(ctx); err != nil {
		return err
	}
	if err := packages(ctx); err != nil {
		return err
	}
	if err := binary(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	server := tool{quit: true}.command(ctx, binaryPath(), append([]string{"--serve"}, args...)...)
	page := tool{dir: pageDir, quit: true}.command(ctx, "node", "node_modules/vite/bin/vite.js")
	ended := make(chan error, 2)
	go func() { ended <- named("the server", server.Run()) }()
	go func() { ended <- named("the page's development server", page.Run()) }()
	first := <-ended
	stopped := ctx.Err() != nil // by a person
	cancel()
	second := <-ended
	if stopped {
		return nil
	}
	return errors.Join(first, ignoreCancel(second))
}

func named(what string, err error) error {
	if err == nil {
		return fmt.Errorf("%s ended", what)
	}
	return fmt.Errorf("%s ended: %w", what, err)
}

func ignoreCancel(err error) error {
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}
