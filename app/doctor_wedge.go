package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// recently is how long a cured server is still worth a word.
const recently = 7 * 24 * time.Hour

// checkWedges: did the server get stuck lately, and where does it say why?
func checkWedges(_ context.Context, e *exam) []finding {
	if e.blind {
		return nil
	}
	files, _ := filepath.Glob(filepath.Join(e.StateDir, "logs", evidencePre+"*.txt"))
	n, last, newest := 0, "", time.Time{}
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil || time.Since(info.ModTime()) > recently {
			continue
		}
		n++
		if info.ModTime().After(newest) {
			last, newest = file, info.ModTime()
		}
	}
	if n == 0 {
		return nil
	}
	times := "once"
	if n > 1 {
		times = fmt.Sprintf("%d times", n)
	}
	return one("stuck", warn, fmt.Sprintf("In the last seven days a server here got stuck %s and was cured, last at %s.", times, newest.Local().Format(time.DateTime)),
		"What it was doing is written down; with a report of this error it helps others.", "less "+quoted(last))
}
