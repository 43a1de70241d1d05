//go:build !linux && !windows && !(darwin && cgo)

package tray

import (
	"context"
	"errors"
)

// ErrNone says that this build has no tray.
var ErrNone = errors.New("this build has no tray: on macOS it needs cgo, and on this system there is none. Everything in the menu is also in the page")

// Run returns ErrNone.
func Run(context.Context, Options, Host, <-chan State) error { return ErrNone }
