package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
)

// run builds everything and starts the server, which prints its address.
// Interrupting it is its good end.
func run(ctx context.Context, args []string) error {
	if err := bin(ctx, nil); err != nil {
		return err
	}
	cmd := tool{quit: true}.command(ctx, binaryPath(), append([]string{"--serve"}, args...)...)
	err := cmd.Run()
	if ctx.Err() != nil && (err == nil || errors.Is(err, context.Canceled)) {
		return nil
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() >= 0 {
		return fmt.Errorf("the server ended with code %d", exit.ExitCode())
	}
	return err
}
