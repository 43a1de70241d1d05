package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// test sets up what is needed and runs every check. It goes on after a failure
// so that one call shows all of them.
func test(ctx context.Context, args []string) error { return checks(ctx, args, true) }

// check is test without the browser.
func check(ctx context.Context, args []string) error { return checks(ctx, args, false) }

func checks(ctx context.Context, args []string, browser bool) error {
	if len(args) > 0 {
		return fmt.Errorf("test and check take no arguments; for a single Go test use `go test`")
	}
	if err := need(ctx); err != nil {
		return err
	}
	var r report
	compiler := ensure(ctx, "gcc", "the race detector", "gcc", "libc6-dev")
	r.do(ctx, "page packages", func() (string, error) { return "", packages(ctx) })
	r.do(ctx, "hermes agent", func() (string, error) { _, err := agentPython(ctx); return "", err })
	r.do(ctx, "supervisors", func() (string, error) { return "", supervisors(ctx) })
	r.do(ctx, "desktop", func() (string, error) { return "", desktops(ctx) })
	r.do(ctx, "gofmt", func() (string, error) { return formatted(ctx) })
	r.do(ctx, "page build", func() (string, error) { return "", page(ctx) })
	r.do(ctx, "page size", func() (string, error) { return npm(ctx, "budget") })
	r.do(ctx, "go build", func() (string, error) { return "", binary(ctx) })
	r.do(ctx, "go vet", func() (string, error) { return vet(ctx) })
	r.do(ctx, "other systems", func() (string, error) { return "", elsewhere(ctx) })
	r.do(ctx, "staticcheck", func() (string, error) { return "", staticcheck(ctx) })
	r.do(ctx, "go test", func() (string, error) { return goTest(ctx, compiler) })
	r.do(ctx, "svelte-check", func() (string, error) { return npm(ctx, "check") })
	r.do(ctx, "biome", func() (string, error) { return npm(ctx, "lint") })
	r.do(ctx, "api client", func() (string, error) { return npm(ctx, "api:check") })
	r.do(ctx, "vitest", func() (string, error) { return npm(ctx, "test") })
	if browser {
		r.do(ctx, "playwright", func() (string, error) { return playwright(ctx) })
	}
	return r.finish(os.Stdout)
}

// formatted fails with the names of the files that gofmt would change.
func formatted(ctx context.Context) (string, error) {
	root, err := output(ctx, "go", "env", "GOROOT")
	if err != nil {
		return "", err
	}
	gofmt := filepath.Join(root, "bin", "gofmt")
	list, err := output(ctx, gofmt, "-l", "app", "build", "server", "tray", "autostart", pageDir+"/embed.go")
	if err != nil {
		return "", fmt.Errorf("gofmt failed: %w", err)
	}
	if list != "" {
		return "", fmt.Errorf("not formatted, call gofmt -w on: %s", strings.ReplaceAll(list, "\n", " "))
	}
	return "", nil
}

// elsewhere links the program for systems that it is not tested on.
func elsewhere(ctx context.Context) error {
	var failed []error
	for _, system := range [][]string{{"GOOS=windows", "GOARCH=amd64"}, {"GOOS=darwin", "GOARCH=arm64"}} {
		t := tool{env: append(system, "CGO_ENABLED=0")}
		if err := t.run(ctx, "go", "build", "-o", os.DevNull, "./app"); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", system[0], err))
		}
	}
	return errors.Join(failed...)
}

// vet looks at the program as it is shipped, with its pause points, and for the
// systems that this one is not.
func vet(ctx context.Context) (string, error) {
	var failed []error
	for _, v := range []struct {
		name string
		env  []string
		args []string
	}{
		{"here", nil, []string{"./..."}},
		{"pause points", nil, []string{"-tags", "pausepoints", "./..."}},
		{"windows", []string{"GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=0"}, []string{"./..."}},
		{"darwin", []string{"GOOS=darwin", "GOARCH=arm64", "CGO_ENABLED=0"}, []string{"./..."}},
	} {
		if err := (tool{env: v.env}).run(ctx, "go", append([]string{"vet"}, v.args...)...); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", v.name, err))
		}
	}
	return "", errors.Join(failed...)
}

func staticcheck(ctx context.Context) error {
	return tool{}.run(ctx, "go", "tool", "-modfile=build/tools.mod", "staticcheck", "./...")
}

// npm calls a script of the page and finds its number of tests, if it has any.
func npm(ctx context.Context, script string, env ...string) (string, error) {
	var said tail
	err := tool{dir: pageDir, env: env, out: &said}.run(ctx, "npm", "run", "--silent", script)
	return said.counts(), err
}

// playwright drives the built program in Debian's Chromium.
func playwright(ctx context.Context) (string, error) {
	if err := chromium(ctx); err != nil {
		return "", err
	}
	return npm(ctx, "e2e", "CI=1")
}
