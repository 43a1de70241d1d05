package main

import (
	"context"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// tool is one call of another program.
type tool struct {
	dir  string   // "" = the repository
	env  []string // beside ours
	out  io.Writer
	quit bool // ask it to end before it is killed
}

// run calls a program and shows what it says.
func (t tool) run(ctx context.Context, name string, args ...string) error {
	cmd := t.command(ctx, name, args...)
	return cmd.Run()
}

func (t tool) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = t.dir
	cmd.Env = append(os.Environ(), t.env...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if t.out != nil {
		cmd.Stdout, cmd.Stderr = t.out, t.out
	}
	if t.quit {
		apart(cmd)
		cmd.Cancel = func() error { return interrupt(cmd) }
		cmd.WaitDelay = 20 * time.Second
	}
	return cmd
}

// output calls a program and returns what it prints, trimmed.
func output(ctx context.Context, name string, args ...string) (string, error) {
	b, err := exec.CommandContext(ctx, name, args...).Output()
	return strings.TrimSpace(string(b)), err
}

func found(name string) bool {
	_, err := exec.LookPath(name)
	return err == nil
}
