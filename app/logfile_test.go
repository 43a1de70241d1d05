package main

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func TestALogThatWasOpenedAgainIsStillRotated(t *testing.T) {
	dir := t.TempDir()
	end, reopen, err := logEnd(config{Log: logConfig{File: filepath.Join(dir, "web.log")}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	line := append(bytes.Repeat([]byte("x"), 1<<20-1), '\n')
	for range 2 {
		for range logFileMegabytes + 1 {
			if _, err := end.Write(line); err != nil {
				t.Fatal(err)
			}
		}
		if err := reopen(); err != nil {
			t.Fatal(err)
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 3 {
		t.Errorf("%d files, want the log and two old ones: %v", len(files), err)
	}
	for _, f := range files {
		info, err := f.Info()
		if err != nil || info.Size() > logFileMegabytes<<20 {
			t.Errorf("%s has %d bytes, %v", f.Name(), info.Size(), err)
		}
		if mode := info.Mode().Perm(); runtime.GOOS != "windows" && mode != 0o600 {
			t.Errorf("%s may be read by others: %v", f.Name(), mode)
		}
	}
}
