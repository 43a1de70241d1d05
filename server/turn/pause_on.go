//go:build pausepoints

package turn

// Pause is called at the named points of a turn's life. A test that kills the
// process there sets it before the Desk is opened. Shipped programs do not
// have it.
var Pause func(point string)

func pause(point string) {
	if Pause != nil {
		Pause(point)
	}
}
