//go:build !linux && !windows && !darwin

package tray

import (
	"context"
	"errors"
)

// ErrNone says that there is no tray for this system.
var ErrNone = errors.New("there is no tray for this system. Everything in the menu is also in the page")

// Run returns ErrNone.
func Run(context.Context, Options, Host, <-chan State) error { return ErrNone }

// Tell shows nothing.
func Tell(context.Context, Options, Notice) {}
