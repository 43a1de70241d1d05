package tray

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// Host does what is chosen in the menu. Its methods may take their time and are
// called from several goroutines. An error is a sentence for the person, and is
// shown.
type Host interface {
	Open(ctx context.Context, path string) error // in the browser; "" = the page as it was left
	NewSession(ctx context.Context) error
	Restart(ctx context.Context) error // the server; live turns go on
	RestartAgent(ctx context.Context) error
	StopTurn(ctx context.Context, turn string) error
	Answer(ctx context.Context, a Answer) error
	ToggleLogin(ctx context.Context) error
	OpenLogs(ctx context.Context) error
	Quit(ctx context.Context) error      // ends the server, and with it the tray
	CloseTray(ctx context.Context) error // ends the tray alone
}

// Answer allows or denies an ask, once. Digest is that of the ask as it was
// shown: whoever takes the answer refuses it when the ask has another.
type Answer struct {
	Ask    string `json:"ask"`
	Digest string `json:"digest"`
	Allow  bool   `json:"allow"`
}

// Notice is a message of the desktop. One with the Key of an earlier one takes
// its place; one without a Title removes it.
type Notice struct {
	Key   string `json:"key"`
	Title string `json:"title"`
	Text  string `json:"text"`
	Path  string `json:"path"` // opened by a click
}

// Options say where the tray lives.
type Options struct {
	Bus string // address of the session bus; macOS and Windows have none
	// Name is taken on the bus while the tray is shown there, so that there is one
	// for a server; "" = none is.
	Name string
	// Guest: the server is another process. Where that shows a tray itself, or this
	// bus has gone for a while, Run returns.
	Guest    bool
	Patience time.Duration // how long the bus of a guest may be away; 0 = a minute
	Notices  <-chan Notice // nil = none
	Slog     *slog.Logger
}

// Why the tray of a guest ended.
var (
	ErrShown = errors.New("another process shows the tray for this server")
	ErrGone  = errors.New("the session has ended")
)
