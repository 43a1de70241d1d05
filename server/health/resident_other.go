//go:build !linux

package health

// resident is known on Linux only.
func resident() (int64, bool) { return 0, false }
