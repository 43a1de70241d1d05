//go:build pausepoints

package server

// Pause is called at named points. A test that wants the program to get stuck
// there sets it before anything is opened. Shipped programs do not have it.
var Pause func(point string)

func pause(point string) {
	if Pause != nil {
		Pause(point)
	}
}
