package supervise

import (
	"context"
	"io"
	"log/slog"
)

// Journal writes lines as systemd's journal takes them from a program's output:
// a priority in front, and no time, which the journal has by itself
// (sd-daemon(3)).
type Journal struct {
	least      slog.Level
	byPriority [4]slog.Handler
}

// NewJournal writes to w what is at least of a level.
func NewJournal(w io.Writer, least slog.Level) Journal {
	j := Journal{least: least}
	for i, prefix := range []string{"<7>", "<6>", "<4>", "<3>"} { // debug, info, warning, error
		j.byPriority[i] = slog.NewTextHandler(prefixed{w, prefix}, &slog.HandlerOptions{Level: least, ReplaceAttr: bare})
	}
	return j
}

// bare leaves out what the journal says anyway.
func bare(groups []string, a slog.Attr) slog.Attr {
	if len(groups) == 0 && (a.Key == slog.TimeKey || a.Key == slog.LevelKey) {
		return slog.Attr{}
	}
	return a
}

type prefixed struct {
	w      io.Writer
	prefix string
}

// Write gets a line at a time.
func (p prefixed) Write(line []byte) (int, error) {
	if _, err := p.w.Write(append([]byte(p.prefix), line...)); err != nil {
		return 0, err
	}
	return len(line), nil
}

// Enabled takes what is at least of the level.
func (j Journal) Enabled(_ context.Context, l slog.Level) bool { return l >= j.least }

// Handle writes a line.
func (j Journal) Handle(ctx context.Context, r slog.Record) error {
	return j.byPriority[priority(r.Level)].Handle(ctx, r)
}

func priority(l slog.Level) int {
	switch {
	case l >= slog.LevelError:
		return 3
	case l >= slog.LevelWarn:
		return 2
	case l >= slog.LevelInfo:
		return 1
	}
	return 0
}

// WithAttrs returns one that adds attributes to each line.
func (j Journal) WithAttrs(attrs []slog.Attr) slog.Handler {
	return j.each(func(h slog.Handler) slog.Handler { return h.WithAttrs(attrs) })
}

// WithGroup returns one that puts what follows in a group.
func (j Journal) WithGroup(name string) slog.Handler {
	return j.each(func(h slog.Handler) slog.Handler { return h.WithGroup(name) })
}

func (j Journal) each(f func(slog.Handler) slog.Handler) Journal {
	for i, h := range j.byPriority {
		j.byPriority[i] = f(h)
	}
	return j
}
