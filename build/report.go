package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"time"
)

// report collects how the steps of a test ended.
type report struct{ steps []step }

type step struct {
	name, counts string
	took         time.Duration
	err          error
}

// do runs a step and remembers its end; a failure does not keep the others
// from running, the person's interrupt does.
func (r *report) do(ctx context.Context, name string, f func() (counts string, err error)) {
	s := step{name: name, err: ctx.Err()}
	if s.err == nil {
		fmt.Printf("\n== %s\n", name)
		began := time.Now()
		s.counts, s.err = f()
		s.took = time.Since(began)
	}
	if s.err != nil {
		fmt.Printf("%s: %v\n", name, s.err)
	}
	r.steps = append(r.steps, s)
}

// finish prints the table and fails if a step did.
func (r *report) finish(w io.Writer) error {
	failed := 0
	var total time.Duration
	fmt.Fprintf(w, "\n%-6s %-14s %8s  %s\n", "", "step", "time", "")
	for _, s := range r.steps {
		state, note := "ok", s.counts
		if s.err != nil {
			state, note = "FAILED", strings.TrimPrefix(s.counts+"; "+firstLine(s.err), "; ")
			failed++
		}
		total += s.took
		fmt.Fprintf(w, "%-6s %-14s %7.1fs  %s\n", state, s.name, s.took.Seconds(), note)
	}
	fmt.Fprintf(w, "%-6s %-14s %7.1fs\n", "", "together", total.Seconds())
	if failed > 0 {
		return fmt.Errorf("%d of %d steps failed", failed, len(r.steps))
	}
	return nil
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// tail shows what a program prints and keeps the end, where test runners write
// their sums.
type tail struct{ kept []byte }

const tailSize = 8 << 10

func (t *tail) Write(b []byte) (int, error) {
	t.kept = append(t.kept, b...)
	if extra := len(t.kept) - tailSize; extra > 0 {
		t.kept = append(t.kept[:0], t.kept[extra:]...)
	}
	return os.Stdout.Write(b)
}

var (
	colours = regexp.MustCompile(`\x1b\[[0-9;]*m`)
	sums    = regexp.MustCompile(`(?m)^\s*(?:Tests\s+)?((?:\d+ failed[ |]+)?\d+ passed)`)
)

// counts finds "12 passed" as Vitest and Playwright write it.
func (t *tail) counts() string {
	text := colours.ReplaceAllString(string(t.kept), "")
	all := sums.FindAllStringSubmatch(text, -1)
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1][1]
}
