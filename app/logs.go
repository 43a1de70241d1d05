package main

import (
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

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

// logConfig is what flags and environment said of the log.
type logConfig struct {
	Format logFormat
	File   string // absolute; "" = stderr
	Level  slog.Level
}

// logFlags are the flags of the log before they are checked.
type logFlags struct{ format, file, level once }

func (l *logFlags) define(fs *flag.FlagSet) {
	fs.Var(&l.format, "log-format", "")
	fs.Var(&l.file, "log-file", "")
	fs.Var(&l.level, "log-level", "")
}

func (l *logFlags) check(env func(string) string) (c logConfig, err error) {
	if c.Format, err = logFormatOf(first(l.format, "--log-format", env, "HERMES_WEBUI_LOG_FORMAT")); err != nil {
		return c, err
	}
	if c.File, err = logFileOf(first(l.file, "--log-file", env, "HERMES_WEBUI_LOG_FILE")); err != nil {
		return c, err
	}
	c.Level, err = logLevelOf(first(l.level, "--log-level", env, "HERMES_WEBUI_LOG_LEVEL"))
	return c, err
}

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

func logLevelOf(value, from string) (slog.Level, error) {
	switch strings.ToLower(value) {
	case "debug":
		return slog.LevelDebug, nil
	case "", "info":
		return slog.LevelInfo, nil
	case "warn", "warning":
		return slog.LevelWarn, nil
	case "error":
		return slog.LevelError, nil
	}
	return 0, fmt.Errorf("%s=%s is no level of the log; there are debug, info, warn and error", from, value)
}

// newLog writes to w as suits its end: for a person on a terminal, for the
// journal, and plain key=value lines elsewhere. Messages are constant; what
// differs is in the attributes.
func newLog(c config, end, w io.Writer) *slog.Logger {
	f, file := end.(*os.File)
	options := &slog.HandlerOptions{Level: c.Log.Level}
	switch format := c.Log.Format; {
	case format == logJSON:
		return slog.New(slog.NewJSONHandler(w, options))
	case format == logJournal, format != logText && file && supervise.ToJournal(f, c.Env):
		return slog.New(supervise.NewJournal(w, c.Log.Level))
	case format != logText && file && isatty.IsTerminal(f.Fd()):
		return slog.New(tint.NewTextHandler(w, &tint.Options{TimeFormat: "15:04:05.000", Level: c.Log.Level, NoColor: !colours(f)}))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
