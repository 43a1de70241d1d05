package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/flock"
)

func TestASecondOwnerLearnsWhoTheFirstIs(t *testing.T) {
	dir := t.TempDir()
	if err := makeStateDir(dir); err != nil {
		t.Fatal(err)
	}
	first, err := claim(dir, holder{PID: 4711, Address: "http://127.0.0.1:1", Since: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	_, err = claim(dir, holder{PID: 4712})
	e, ok := errors.AsType[*exitError](err)
	if !ok || e.code != exitHeld || !errors.Is(err, errHeld) {
		t.Fatalf("got %v, want exit %d", err, exitHeld)
	}
	for _, want := range []string{"4711", "http://127.0.0.1:1", "--state-dir"} {
		if !strings.Contains(e.Error(), want) {
			t.Errorf("%q does not say %q", e, want)
		}
	}
	if err := first.release(); err != nil {
		t.Fatal(err)
	}
	second, err := claim(dir, holder{PID: 4712})
	if err != nil {
		t.Fatalf("after the first is gone: %v", err)
	}
	if err := second.release(); err != nil {
		t.Error(err)
	}
	if held(dir) {
		t.Error("still held after the release")
	}
}

func TestASecondOwnerWaitsForTheNameOfAFirstThatHasJustBegun(t *testing.T) {
	dir := t.TempDir()
	if err := makeStateDir(dir); err != nil {
		t.Fatal(err)
	}
	first, err := claim(dir, holder{PID: 4711})
	if err != nil {
		t.Fatal(err)
	}
	defer first.release()
	if err := os.Remove(infoPath(dir)); err != nil { // as if it were not written yet
		t.Fatal(err)
	}
	said := make(chan error, 1)
	go func() {
		_, err := claim(dir, holder{PID: 4712})
		said <- err
	}()
	if err := first.write(holder{PID: 4711}); err != nil {
		t.Fatal(err)
	}
	if err := <-said; err == nil || !strings.Contains(err.Error(), "4711") {
		t.Errorf("got %v", err)
	}
}

func TestWhatWeMakeIsForTheOwnerOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	if err := makeStateDir(dir); err != nil {
		t.Fatal(err)
	}
	own, err := claim(dir, holder{PID: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer own.release()
	err = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestALookAtTheLockDoesNotKeepAnOwnerOut(t *testing.T) {
	dir := t.TempDir()
	if err := makeStateDir(dir); err != nil {
		t.Fatal(err)
	}
	look := flock.New(filepath.Join(dir, "run", "lock"))
	if got, err := look.TryLock(); err != nil || !got {
		t.Fatal(got, err)
	}
	time.AfterFunc(20*time.Millisecond, func() { _ = look.Unlock() })
	own, err := claim(dir, holder{PID: 4711})
	if err != nil {
		t.Fatal(err)
	}
	if err := own.release(); err != nil {
		t.Error(err)
	}
}
