package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"strings"
)

// goTest runs all Go tests with the race detector. Those of the whole program
// build and start a plain binary themselves: what is measured is what is shipped.
func goTest(ctx context.Context, compiler error) (string, error) {
	args := []string{"test", "-json", "-timeout", "20m"}
	env := noCgo()
	if compiler == nil {
		args, env = append(args, "-race"), []string{"CGO_ENABLED=1"}
	}
	cmd := tool{env: env}.command(ctx, "go", append(args, "./...")...)
	cmd.Stdout = nil
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	t := tally{out: map[string]*strings.Builder{}}
	t.read(pipe)
	err = cmd.Wait()
	if _, failed := err.(*exec.ExitError); failed {
		err = fmt.Errorf("%d tests failed", t.fail)
	}
	if err == nil && compiler != nil {
		err = fmt.Errorf("ran without the race detector: %w", compiler)
	}
	return t.String(), err
}

// tally counts tests and keeps what they print until it is known whether
// anybody needs to see it.
type tally struct {
	pass, fail, skip int
	out              map[string]*strings.Builder
}

// testEvent is a line of `go test -json`.
type testEvent struct {
	Action, Package, Test, Output, ImportPath string
	Elapsed                                   float64
}

func (t *tally) String() string {
	s := fmt.Sprintf("%d passed", t.pass)
	if t.fail > 0 {
		s += fmt.Sprintf(", %d failed", t.fail)
	}
	if t.skip > 0 {
		s += fmt.Sprintf(", %d skipped", t.skip)
	}
	return s
}

func (t *tally) read(r io.Reader) {
	s := bufio.NewScanner(r)
	s.Buffer(nil, 16<<20)
	for s.Scan() {
		var e testEvent
		if json.Unmarshal(s.Bytes(), &e) != nil {
			fmt.Println(s.Text()) // not a test's: the go command itself complains
			continue
		}
		t.take(e)
	}
}

func (t *tally) take(e testEvent) {
	key := e.Package + " " + e.Test
	switch e.Action {
	case "output":
		if t.out[key] == nil {
			t.out[key] = &strings.Builder{}
		}
		t.out[key].WriteString(e.Output)
	case "build-output":
		fmt.Print(e.Output)
	case "pass", "fail", "skip":
		t.end(e, key)
	}
}

func (t *tally) count(action string) {
	switch action {
	case "pass":
		t.pass++
	case "fail":
		t.fail++
	case "skip":
		t.skip++
	}
}

// unfinished prints what tests said that a crash of their process has cut off:
// no event tells their end.
func (t *tally) unfinished(pkg string) {
	for key, said := range t.out {
		if strings.HasPrefix(key, pkg+" ") {
			fmt.Print(said.String())
			delete(t.out, key)
		}
	}
}

func (t *tally) end(e testEvent, key string) {
	if e.Test != "" {
		t.count(e.Action)
	}
	said := t.out[key]
	delete(t.out, key)
	if e.Action == "fail" && said != nil {
		fmt.Print(said.String())
	}
	if e.Test == "" && e.Action == "fail" {
		t.unfinished(e.Package)
	}
	if e.Test == "" && e.Action != "skip" {
		fmt.Printf("%-4s %s (%.1fs)\n", e.Action, e.Package, e.Elapsed)
	}
}
