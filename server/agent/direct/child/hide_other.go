//go:build !linux

package child

// HideProcess does nothing here: other systems have no /proc to read from, or
// protect it themselves.
func HideProcess() error { return nil }
