// Command hermes-webui serves the Hermes Web UI: one program with the server,
// the page and the tray. This package is the only one that knows all
// others, reads flags and environment, and ends the process.
package main

import (
	"context"
	"fmt"
	"os"

	"hermes-webui/server/agent/direct/child"
)

func main() {
	if err := child.HideProcess(); err != nil { // before anything can be started
		fmt.Fprintln(os.Stderr, "hermes-webui: commands of an agent could read the keys of this process:", err)
	}
	os.Exit(run(context.Background(), os.Args[1:], os.Environ(), stdio{os.Stdout, os.Stderr}))
}
