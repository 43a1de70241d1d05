package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"
)

const (
	evidenceKept = 10
	evidencePre  = "wedge-"
)

// keepEvidence writes down what an engineer wants to know of a server that got
// stuck, before it is cured: what failed, the last lines of the log, what all
// goroutines do, which descriptors are open. It returns the file.
func (p *process) keepEvidence(w *wedge) (string, error) {
	dir := filepath.Join(p.StateDir, "logs")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "Hermes Web UI %s, process %d, %s/%s, at %s\n", version, os.Getpid(), runtime.GOOS, runtime.GOARCH, time.Now().Format(time.RFC3339))
	fmt.Fprintf(&b, "Started by: %s %s (%s)\n", p.by.Name, p.by.Signal, p.by.Certainty)
	fmt.Fprintf(&b, "Does not answer: %v %v\n\n", w.Parts, w.Err)
	for name, c := range p.vital.Last().Checks {
		fmt.Fprintf(&b, "check %s: %s in %.1f ms: %s %v\n", name, c.Status, c.Millis, c.Says, c.Err)
	}
	fmt.Fprintf(&b, "\nLast lines of the log:\n")
	for _, line := range p.sink.recent() {
		fmt.Fprintln(&b, line)
	}
	fmt.Fprintf(&b, "\nOpen descriptors:\n%s\nGoroutines:\n%s\n", descriptors(), goroutines())
	file := filepath.Join(dir, evidencePre+time.Now().UTC().Format("20060102T150405.000Z")+".txt")
	p.tidyEvidence(dir)
	return file, os.WriteFile(file, b.Bytes(), 0o600)
}

// tidyEvidence leaves room for one more file.
func (p *process) tidyEvidence(dir string) {
	files, err := filepath.Glob(filepath.Join(dir, evidencePre+"*.txt"))
	if err != nil {
		return
	}
	slices.Sort(files)
	for len(files) >= evidenceKept {
		if err := os.Remove(files[0]); err != nil {
			p.log.Warn("old evidence cannot be removed", "err", err)
		}
		files = files[1:]
	}
}

// descriptors lists what is open, where the system tells.
func descriptors() string {
	links, _ := filepath.Glob("/proc/self/fd/*") // elsewhere there is no such folder
	var b bytes.Buffer
	for _, link := range links {
		if to, err := os.Readlink(link); err == nil {
			fmt.Fprintf(&b, "%s %s\n", filepath.Base(link), to)
		}
	}
	return b.String()
}
