package main

import (
	"io"
	"os"
	"sync/atomic"

	"github.com/DeRuina/timberjack"
)

const (
	logFileMegabytes = 10 // then it is rotated
	logFilesKept     = 5
)

// logEnd is where the log goes: the complaints of the program, or a file, which
// is rotated and which reopen opens again. Without a file reopen is nil.
func logEnd(c config, complaints io.Writer) (end io.Writer, reopen func() error, err error) {
	if c.Log.File == "" {
		return complaints, nil, nil
	}
	f, err := os.OpenFile(c.Log.File, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, exitWith(exitUsage, "the log cannot be written: %w", err)
	}
	_ = f.Close() // it can be opened: that is all
	l := &logFile{path: c.Log.File}
	l.now.Store(l.opened())
	return l, l.reopen, nil
}

// logFile is a file that can be opened again: its writer rotates no more once
// it was closed, so another takes its place.
type logFile struct {
	path string
	now  atomic.Pointer[timberjack.Logger]
}

// opened returns a writer that opens the file with its first line.
func (l *logFile) opened() *timberjack.Logger {
	return &timberjack.Logger{Filename: l.path, MaxSize: logFileMegabytes, MaxBackups: logFilesKept, FileMode: 0o600}
}

// Write gets a line at a time.
func (l *logFile) Write(line []byte) (int, error) { return l.now.Load().Write(line) }

func (l *logFile) reopen() error { return l.now.Swap(l.opened()).Close() }
