// Command hermes-webui serves the Hermes Web UI: one program with the server,
// the page and, later, the tray. This package is the only one that knows all
// others, reads flags and environment, and ends the process.
package main

import (
	"context"
	"os"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Getenv, stdio{os.Stdout, os.Stderr}))
}
