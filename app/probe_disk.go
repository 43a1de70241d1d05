package main

import (
	"os"
	"path/filepath"
	"slices"
	"time"
)

// onDisk are the checks that wait for the disk.
var onDisk = []string{"store", "writer", "sessions"}

// diskWithin is how long a disk that works may take for a small file.
const diskWithin = 2 * time.Second

// diskStalls reports whether what does not answer waits for a disk that does
// not: a card or a network disk may rest for many seconds, and starting anew
// would only cut the turns that run.
func (p *process) diskStalls(parts []string) bool {
	if !slices.ContainsFunc(parts, func(part string) bool { return slices.Contains(onDisk, part) }) {
		return false
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = syncSmall(filepath.Join(p.StateDir, "run", "probe")) // that it fails is not that it stalls
	}()
	select {
	case <-done:
		return false
	case <-time.After(diskWithin):
		return true
	}
}

// syncSmall writes a few bytes all the way to the disk.
func syncSmall(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close(); _ = os.Remove(path) }()
	if _, err := f.WriteString("is the disk there?\n"); err != nil {
		return err
	}
	return f.Sync()
}
