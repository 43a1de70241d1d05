package main

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestVersionsAreReadAsTheToolsPrintThem(t *testing.T) {
	for said, want := range map[string]release{
		"go1.26.8":      {1, 26, 8},
		"go1.26":        {1, 26, 0},
		"go1.27rc1":     {1, 27, 0},
		"v20.19.0":      {20, 19, 0},
		"go1.26.0-X:no": {1, 26, 0},
	} {
		got, err := parseRelease(said)
		if err != nil || got != want {
			t.Errorf("parseRelease(%q) = %v, %v; want %v", said, got, err, want)
		}
	}
	if got, err := parseRelease("devel"); err == nil {
		t.Errorf("parseRelease of no version = %v, want an error", got)
	}
}

func TestAnOldReleaseIsBeforeANewerOne(t *testing.T) {
	if !(release{20, 18, 9}).before(oldestNode) {
		t.Error("20.18.9 passes as new enough")
	}
	for _, fine := range []release{oldestNode, {20, 19, 1}, {22, 0, 0}} {
		if fine.before(oldestNode) {
			t.Errorf("%v is refused", fine)
		}
	}
}

func TestAMissingProgramIsNamedWithWhereToGetIt(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	err := needVersion(t.Context(), oldestNode, "Node.js", "https://nodejs.org/", "node", "--version")
	if err == nil {
		t.Fatal("no error without node")
	}
	for _, want := range []string{"Node.js", "20.19.0", "https://nodejs.org/"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %q", err, want)
		}
	}
}

func TestCompressedFilesHoldTheSameAndSmallOnesStayAlone(t *testing.T) {
	dir := t.TempDir()
	text := strings.Repeat("the same again ", 500)
	write(t, filepath.Join(dir, "big.js"), text)
	write(t, filepath.Join(dir, "small.js"), "1")
	write(t, filepath.Join(dir, "font.woff2"), text)
	if err := compress(dir); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join(dir, "big.js.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || string(got) != text {
		t.Errorf("the compressed file holds other text (%v)", err)
	}
	for _, no := range []string{"small.js.gz", "font.woff2.gz"} {
		if _, err := os.Stat(filepath.Join(dir, no)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s exists", no)
		}
	}
}

func TestTheSumChangesWithContentAndName(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	write(t, a, "1")
	write(t, b, "1")
	one, err := sumOf(a)
	if err != nil {
		t.Fatal(err)
	}
	if other, _ := sumOf(b); other == one {
		t.Error("another name gives the same sum")
	}
	write(t, a, "2")
	if other, _ := sumOf(a); other == one {
		t.Error("another content gives the same sum")
	}
}

func TestAReportGoesOnAfterAFailureAndFails(t *testing.T) {
	var r report
	ran := false
	r.do(context.Background(), "one", func() (string, error) { return "", errors.New("broken") })
	r.do(context.Background(), "two", func() (string, error) { ran = true; return "3 passed", nil })
	var out strings.Builder
	if err := r.finish(&out); err == nil {
		t.Error("a report with a failed step succeeds")
	}
	if !ran {
		t.Error("the step after the failure did not run")
	}
	for _, want := range []string{"FAILED one", "broken", "ok     two", "3 passed"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, out.String())
		}
	}
}

func TestSumsOfTestRunnersAreFound(t *testing.T) {
	for said, want := range map[string]string{
		" Test Files  3 passed (3)\n      Tests  \x1b[32m41 passed\x1b[39m (41)\n": "41 passed",
		"  1 failed\n  12 passed (30.1s)\n":                                        "12 passed",
		"      Tests  2 failed | 39 passed (41)\n":                                 "2 failed | 39 passed",
		"nothing here": "",
	} {
		tail := tail{kept: []byte(said)}
		if got := tail.counts(); got != want {
			t.Errorf("counts of %q = %q, want %q", said, got, want)
		}
	}
}

func TestGoTestLinesAreCounted(t *testing.T) {
	tally := tally{out: map[string]*strings.Builder{}}
	tally.read(strings.NewReader(`{"Action":"output","Package":"p","Test":"TestA","Output":"hidden\n"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"fail","Package":"p","Test":"TestB"}
{"Action":"skip","Package":"p","Test":"TestC"}
{"Action":"fail","Package":"p"}
`))
	if got, want := tally.String(), "1 passed, 1 failed, 1 skipped"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
