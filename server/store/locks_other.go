//go:build !linux

package store

import "log/slog"

// KeepFileLocks does nothing: only Linux has the locks that it asks for.
func KeepFileLocks(*slog.Logger) {}
