//go:build !linux

package workspace

import "runtime"

// ofSystem reports whether a resolved folder shows the system.
func ofSystem(real string) bool { return runtime.GOOS != "windows" && same(real, "/dev") }
