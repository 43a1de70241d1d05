//go:build cgo

package tray

import "context"

// waitForShell has nothing to wait for: the menu bar is there before programs.
func waitForShell(context.Context) {}
