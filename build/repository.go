package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const (
	pageDir = "frontend"
	distDir = "frontend/dist"
	outDir  = "build/out"
)

// enterRepository makes the root of the repository the working directory, so
// that the commands work from any folder in it.
func enterRepository() error {
	dir, err := os.Getwd()
	if err != nil {
		return err
	}
	for {
		mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && strings.HasPrefix(string(mod), "module hermes-webui\n") {
			return os.Chdir(dir)
		}
		if filepath.Dir(dir) == dir {
			return errors.New("call this from the repository of Hermes Web UI")
		}
		dir = filepath.Dir(dir)
	}
}

// needFile says which file is missing and why it is needed.
func needFile(path, why string) error {
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("%s is missing: %s", path, why)
	}
	return nil
}
