package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Stamps remember what the packages and the page were made from. They lie in
// node_modules, so that deleting it makes everything anew.
const (
	packagesStamp = pageDir + "/node_modules/.hermes-packages"
	pageStamp     = pageDir + "/node_modules/.hermes-page"
)

// packages installs the page's npm packages when the lock file has changed.
func packages(ctx context.Context) error {
	const lock = pageDir + "/package-lock.json"
	if err := needFile(lock, "it names the page's packages"); err != nil {
		return err
	}
	sum, err := sumOf(lock, pageDir+"/package.json")
	if err != nil {
		return err
	}
	if stamped(packagesStamp, sum) {
		return nil
	}
	fmt.Println("installing the page's packages")
	err = tool{dir: pageDir}.run(ctx, "npm", "ci", "--no-audit", "--no-fund", "--loglevel=error")
	if err != nil {
		return fmt.Errorf("npm ci failed: %w", err)
	}
	return os.WriteFile(packagesStamp, []byte(sum), 0o644)
}

// page builds the web app into frontend/dist when its sources have changed.
func page(ctx context.Context) error {
	if err := packages(ctx); err != nil {
		return err
	}
	sources, err := pageSources()
	if err != nil {
		return err
	}
	sum, err := sumOf(sources...)
	if err != nil {
		return err
	}
	if stamped(pageStamp, sum) && needFile(distDir+"/index.html", "") == nil {
		return nil
	}
	fmt.Println("building the page")
	if err := os.Remove(pageStamp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := (tool{dir: pageDir}).run(ctx, "npm", "run", "--silent", "build"); err != nil {
		return fmt.Errorf("npm run build failed: %w", err)
	}
	// The bundler empties the folder; the repository keeps it with this file.
	if err := os.WriteFile(distDir+"/.gitkeep", nil, 0o644); err != nil {
		return err
	}
	if err := compress(distDir); err != nil {
		return err
	}
	return os.WriteFile(pageStamp, []byte(sum), 0o644)
}

// pageSources lists the files that the page is made from.
func pageSources() ([]string, error) {
	made := map[string]bool{"node_modules": true, "dist": true, "test-results": true, "playwright-report": true}
	var files []string
	err := filepath.WalkDir(pageDir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && made[d.Name()]:
			return filepath.SkipDir
		case d.Type().IsRegular():
			files = append(files, path)
		}
		return nil
	})
	return files, err
}

// sumOf is a digest of names and contents; WalkDir gives the names in order.
func sumOf(files ...string) (string, error) {
	h := sha256.New()
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(h, "%s %d\n", filepath.ToSlash(f), len(b))
		h.Write(b)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func stamped(path, sum string) bool {
	b, err := os.ReadFile(path)
	return err == nil && string(b) == sum
}
