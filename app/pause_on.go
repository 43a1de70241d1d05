//go:build pausepoints

package main

import (
	"os"

	"hermes-webui/server/turn"
)

// armPause stops the program for ever at the point that HERMES_WEBUI_TEST_PAUSE
// names, after it has made the file HERMES_WEBUI_TEST_PAUSED, so that a test
// can kill it exactly there.
func armPause(env func(string) string) {
	point, mark := env("HERMES_WEBUI_TEST_PAUSE"), env("HERMES_WEBUI_TEST_PAUSED")
	if point == "" {
		return
	}
	turn.Pause = func(at string) {
		if at != point {
			return
		}
		if err := os.WriteFile(mark, nil, 0o600); err != nil {
			panic(err)
		}
		select {}
	}
}
