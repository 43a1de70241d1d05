package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// What a clone needs.
var (
	oldestGo   = release{1, 26, 0}
	oldestNode = release{20, 19, 0}
)

type release [3]int

func (r release) String() string { return fmt.Sprintf("%d.%d.%d", r[0], r[1], r[2]) }

func (r release) before(other release) bool {
	for i := range r {
		if r[i] != other[i] {
			return r[i] < other[i]
		}
	}
	return false
}

// parseRelease reads v20.19.0, go1.26 and go1.27rc1.
func parseRelease(s string) (release, error) {
	var r release
	s = strings.TrimPrefix(strings.TrimPrefix(s, "go"), "v")
	for i, field := range strings.SplitN(s, ".", 3) {
		digits := field
		if end := strings.IndexFunc(field, func(c rune) bool { return c < '0' || c > '9' }); end >= 0 {
			digits = field[:end]
		}
		n, err := strconv.Atoi(digits)
		if err != nil {
			return r, fmt.Errorf("%q is not a version", s)
		}
		r[i] = n
	}
	return r, nil
}

// need checks the prerequisites and says what to install.
func need(ctx context.Context) error {
	if err := needVersion(ctx, oldestGo, "Go", "https://go.dev/dl/", "go", "env", "GOVERSION"); err != nil {
		return err
	}
	if err := needVersion(ctx, oldestNode, "Node.js", "https://nodejs.org/", "node", "--version"); err != nil {
		return err
	}
	if !found("npm") {
		return fmt.Errorf("npm is missing. It comes with Node.js: install that from https://nodejs.org/ " +
			"(on Debian also: apt-get install npm)")
	}
	return nil
}

func needVersion(ctx context.Context, oldest release, what, from string, call ...string) error {
	if !found(call[0]) {
		return fmt.Errorf("%s is missing. Install %s %s or newer from %s", what, what, oldest, from)
	}
	said, err := output(ctx, call[0], call[1:]...)
	if err != nil {
		return fmt.Errorf("`%s` fails: %w. Install %s %s or newer from %s",
			strings.Join(call, " "), err, what, oldest, from)
	}
	has, err := parseRelease(said)
	if err != nil {
		return fmt.Errorf("cannot read the version of %s: %w", what, err)
	}
	if has.before(oldest) {
		return fmt.Errorf("%s is %s, too old. Install %s or newer from %s", what, has, oldest, from)
	}
	return nil
}
