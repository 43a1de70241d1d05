package main

import "fmt"

// Set by the linker (see build/binary.go).
var (
	version = "dev"
	commit  = "unknown"
	date    = "unknown"
)

// versionLine is what `hermes-webui version` prints.
func versionLine() string {
	return fmt.Sprintf("hermes-webui %s (commit %s, built %s)", version, commit, date)
}
