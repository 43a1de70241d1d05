package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// The real Hermes Agent for the tests, from the Python package index. The tests
// look for it where agentDir says (server/agent/hermes/hermestest).
const agentVersion = "0.19.0"

var agentPackages = []string{"hermes-agent[mcp,acp]==" + agentVersion, "aiohttp==3.14.1"}

// agent installs hermes-agent in a virtual environment in the cache folder and
// prints its interpreter. It needs half a minute the first time.
func agent(ctx context.Context, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("agent takes no arguments")
	}
	python, err := agentPython(ctx)
	if err == nil {
		fmt.Println(python)
	}
	return err
}

func agentPython(ctx context.Context) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no cache folder: %w", err)
	}
	venv := filepath.Join(cache, "hermes-webui-agent", agentVersion)
	python := filepath.Join(venv, "bin", "python")
	if runtime.GOOS == "windows" {
		python = filepath.Join(venv, "Scripts", "python.exe")
	}
	if _, err := output(ctx, python, "-c", "import tui_gateway, aiohttp, mcp"); err == nil {
		return python, nil
	}
	system, err := agentInterpreter(ctx)
	if err != nil {
		return "", err
	}
	// --clear: a half-made environment of an interrupted run is no use.
	if err := (tool{}).run(ctx, system, "-m", "venv", "--clear", venv); err != nil {
		return "", fmt.Errorf("cannot make a virtual environment (on Debian: apt-get install python3-venv): %w", err)
	}
	install := append([]string{"-m", "pip", "install", "--quiet", "--disable-pip-version-check"}, agentPackages...)
	if err := (tool{}).run(ctx, python, install...); err != nil {
		return "", fmt.Errorf("pip cannot install %s: %w", strings.Join(agentPackages, " "), err)
	}
	return python, nil
}

// agentInterpreter finds a Python that this release of the agent takes.
func agentInterpreter(ctx context.Context) (string, error) {
	const fits = "import sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))"
	for _, name := range []string{"python3", "python3.13", "python3.12", "python3.11", "python"} {
		if !found(name) {
			continue
		}
		if _, err := output(ctx, name, "-c", fits); err == nil {
			return name, nil
		}
	}
	return "", fmt.Errorf("hermes-agent %s needs Python 3.11, 3.12 or 3.13 with venv (on Debian: apt-get install python3 python3-venv)", agentVersion)
}
