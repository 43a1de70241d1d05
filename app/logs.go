package main

import (
	"io"
	"log/slog"
	"os"

	"github.com/lmittmann/tint"
	"github.com/mattn/go-isatty"
)

// newLog writes to w as suits its end: for a person on a terminal, and plain
// key=value lines elsewhere. Messages are constant; what differs is in the
// attributes.
func newLog(end, w io.Writer) *slog.Logger {
	if f, ok := end.(*os.File); ok && isatty.IsTerminal(f.Fd()) {
		return slog.New(tint.NewTextHandler(w, &tint.Options{TimeFormat: "15:04:05.000"}))
	}
	return slog.New(slog.NewTextHandler(w, nil))
}
