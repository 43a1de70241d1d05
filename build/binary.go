package main

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// binaryPath is where the program is left.
func binaryPath() string {
	name := "hermes-webui"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return filepath.Join(filepath.FromSlash(outDir), name)
}

// bin builds the page and the program.
func bin(ctx context.Context, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("bin takes no arguments")
	}
	if err := need(ctx); err != nil {
		return err
	}
	if err := page(ctx); err != nil {
		return err
	}
	if err := binary(ctx); err != nil {
		return err
	}
	fmt.Println(binaryPath())
	return nil
}

// binary builds the program with the page as it is in frontend/dist.
func binary(ctx context.Context) error {
	args := []string{"build", "-trimpath", "-ldflags", linkerFlags(ctx), "-o", binaryPath(), "./app"}
	if err := (tool{env: noCgo()}).run(ctx, "go", args...); err != nil {
		return fmt.Errorf("go build failed: %w", err)
	}
	return nil
}

// noCgo: nothing on Linux and Windows needs a C compiler, and without it the
// program runs on any distribution.
func noCgo() []string {
	if runtime.GOOS == "linux" || runtime.GOOS == "windows" {
		return []string{"CGO_ENABLED=0"}
	}
	return nil
}

// linkerFlags puts version, commit and date into the program. Without git, or
// outside of a clone, they say so: a build never fails for want of them.
func linkerFlags(ctx context.Context) string {
	version := gitOr(ctx, "dev", "describe", "--tags", "--always", "--dirty")
	commit := gitOr(ctx, "unknown", "rev-parse", "--short=12", "HEAD")
	date := gitOr(ctx, time.Now().UTC().Format(time.RFC3339), "log", "-1", "--format=%cI")
	return strings.Join([]string{"-s", "-w",
		"-X", "main.version=" + version, "-X", "main.commit=" + commit, "-X", "main.date=" + date}, " ")
}

func gitOr(ctx context.Context, fallback string, args ...string) string {
	if s, err := output(ctx, "git", args...); err == nil && s != "" {
		return s
	}
	return fallback
}
