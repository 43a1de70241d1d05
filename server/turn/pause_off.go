//go:build !pausepoints

package turn

// pause marks the points at which tests kill the process, see pause_on.go.
func pause(string) {}
