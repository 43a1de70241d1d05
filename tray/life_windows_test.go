package tray

import (
	"context"
	"log/slog"
	"testing"
)

// A server that fails at once ends before its tray is there: nothing waits then
// for a window that nobody closes.
func TestATrayThatIsEndedBeforeItsStartEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Run(ctx, Options{Slog: slog.New(slog.DiscardHandler)}, nil, make(chan State)); err != nil {
		t.Error(err)
	}
}
