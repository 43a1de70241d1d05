// Package hermestest has what tests need to run the real Hermes Agent: its
// Python, a home of its own, and a model server that plays a scenario for each
// marker word in a prompt. `go run ./build agent` installs the agent.
package hermestest

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// Version is the release of hermes-agent that the tests run.
const Version = "0.19.0"

// Python returns the interpreter that has hermes-agent installed. It fails the
// test where there is none: what the real agent does cannot be tested without
// it. HERMES_WEBUI_TEST_AGENT names another interpreter, for trying another
// release.
func Python(tb testing.TB) string {
	tb.Helper()
	python := os.Getenv("HERMES_WEBUI_TEST_AGENT")
	if python == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			tb.Fatalf("no cache folder to look for hermes-agent in: %v", err)
		}
		python = interpreter(filepath.Join(cache, "hermes-webui-agent", Version))
	}
	if _, err := os.Stat(python); err != nil {
		tb.Fatalf("hermes-agent %s is not installed for the tests: call `go run ./build agent`, "+
			"or name a Python that has it in HERMES_WEBUI_TEST_AGENT (%v)", Version, err)
	}
	return python
}

func interpreter(venv string) string {
	if runtime.GOOS == "windows" {
		return filepath.Join(venv, "Scripts", "python.exe")
	}
	return filepath.Join(venv, "bin", "python")
}
