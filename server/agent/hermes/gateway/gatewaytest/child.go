package gatewaytest

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
)

const childArg = "gatewaytest:"

// Argv is the command that runs a double as a child. The test program's TestMain
// calls Child first.
func Argv(o Options) []string {
	b, err := json.Marshal(o)
	if err != nil {
		panic(err) // plain values
	}
	return []string{os.Args[0], childArg + string(b)}
}

// Child runs a double, and ends the process, where Argv is how it was started.
// It returns elsewhere.
func Child() {
	if len(os.Args) < 2 || !strings.HasPrefix(os.Args[1], childArg) {
		return
	}
	var o Options
	if err := json.Unmarshal([]byte(strings.TrimPrefix(os.Args[1], childArg)), &o); err != nil {
		fmt.Fprintln(os.Stderr, "gatewaytest:", err)
		os.Exit(2)
	}
	os.Exit(run(o))
}

func run(o Options) int {
	if o.Says != "" {
		fmt.Fprintln(os.Stderr, o.Says)
	}
	if o.Fails {
		return 3
	}
	if o.Lingers {
		signal.Ignore(asking()...)
	}
	if o.Helper {
		if err := startHelper(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 2
		}
	}
	err := New(o).Serve(os.Stdin, os.Stdout)
	if errors.Is(err, errDied) {
		fmt.Fprintln(os.Stderr, "[gateway-crash] the double died as it was told to")
		return 3
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	if o.Lingers {
		select {} // until it is killed
	}
	return 0
}
