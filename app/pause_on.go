//go:build pausepoints

package main

import (
	"os"

	"hermes-webui/server"
	"hermes-webui/server/store"
	"hermes-webui/server/turn"
)

// pauseAt is the pause point of this package.
var pauseAt = func(string) {}

// armPause stops a goroutine for ever at the point that HERMES_WEBUI_TEST_PAUSE
// names, after it has made the file HERMES_WEBUI_TEST_PAUSED, so that a test
// can kill the program exactly there. With HERMES_WEBUI_TEST_PAUSE_FROM it does
// so once, after the test has made that file: so a program that runs gets stuck.
func armPause(env func(string) string) {
	point, mark, from := env("HERMES_WEBUI_TEST_PAUSE"), env("HERMES_WEBUI_TEST_PAUSED"), env("HERMES_WEBUI_TEST_PAUSE_FROM")
	if point == "" {
		return
	}
	pause := func(at string) {
		if at != point || from != "" && os.Remove(from) != nil {
			return
		}
		if err := os.WriteFile(mark, nil, 0o600); err != nil {
			panic(err)
		}
		select {}
	}
	turn.Pause, store.Pause, server.Pause, pauseAt = pause, pause, pause, pause
}
