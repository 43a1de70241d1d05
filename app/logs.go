package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/DeRuina/timberjack"
	"github.com/lmittmann/tint"
	"github.com/mattn/go-isatty"

	"hermes-webui/app/supervise"
)

// logFormat is how a line of the log looks.
type logFormat string

const (
	logAuto    logFormat = "auto"    // as suits the end of the log
	logText    logFormat = "text"    // key=value
	logJSON    logFormat = "json"    //
	logJournal logFormat = "journal" // key=value behind a priority; the journal knows the time
)

const (
	logFileMegabytes = 10 // then it is rotated
	logFilesKept     = 5
)

func logFormatOf(value, from string) (logFormat, error) {
	switch f := logFormat(value); f {
	case "":
		return logAuto, nil
	case logAuto, logText, logJSON, logJournal:
		return f, nil
	}
	return "", fmt.Errorf("%s=%s is no format of the log; there are auto, text, json and journal", from, value)
}

func logFileOf(value, from string) (string, error) {
	if value == "" {
		return "", nil
	}
	path, err := filepath.Abs(value)
	if err != nil {
		return "", fmt.Errorf("%s=%s: %w", from, value, err)
	}
	return path, nil
}

// logEnd is where the log goes: the complaints of the program, or a file, which
// is rotated and which SIGHUP opens again.
func logEnd(c config, complaints io.Writer) (end io.Writer, reopen func() error, err error) {
	if c.LogFile == "" {
		return complaints, nil, nil
	}
	f, err := os.OpenFile(c.LogFile, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, exitWith(exitUsage, "the log cannot be written: %w", err)
	}
	_ = f.Close() // it can be opened: that is all
	file := &timberjack.Logger{Filename: c.LogFile, MaxSize: logFileMegabytes, MaxBackups: logFilesKept, FileMode: 0o600}
	return file, file.Close, nil // the next line opens it again
}

// newLog writes to w as suits its end: for a person on a terminal, for the
// journal, and plain key=value lines elsewhere. Messages are constant; what
// differs is in the attributes.
func newLog(c config, end, w io.Writer) *slog.Logger {
	f, file := end.(*os.File)
	switch {
	case c.LogFormat == logJSON:
		return slog.New(slog.NewJSONHandler(w, nil))
	case c.LogFormat == logJournal, c.LogFormat != logText && file && supervise.ToJournal(f, c.Env):
		return slog.New(supervise.NewJournal(w))
	case c.LogFormat != logText && file && isatty.IsTerminal(f.Fd()):
		return slog.New(tint.NewTextHandler(w, &tint.Options{TimeFormat: "15:04:05.000"}))
	}
	return slog.New(slog.NewTextHandler(w, nil))
}
