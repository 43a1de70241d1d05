//go:build !linux

package main

import "log/slog"

// keepFileLocks does nothing: only Linux has the locks that it asks for.
func keepFileLocks(*slog.Logger) {}
