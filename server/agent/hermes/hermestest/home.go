package hermestest

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// ModelName is the model of homes that Home makes.
const ModelName = "fake-model"

// Home makes a fresh HERMES_HOME whose agent asks the model server at base (with
// /v1), asks before dangerous commands by itself, and contacts nobody else. more
// is YAML to add to config.yaml.
func Home(tb testing.TB, base string, more ...string) string {
	tb.Helper()
	home := filepath.Join(folder(tb), "hermes")
	WriteHome(tb, home, base, more...)
	return home
}

// folder is one that goes with the test. What an agent left in the background may
// write for a moment longer, where TempDir would fail.
func folder(tb testing.TB) string {
	tb.Helper()
	dir, err := os.MkdirTemp("", "hermes")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		for end := time.Now().Add(10 * time.Second); os.RemoveAll(dir) != nil && time.Now().Before(end); {
			time.Sleep(20 * time.Millisecond) // another program's doing: nothing to wait on
		}
	})
	return dir
}

// WriteHome is Home in a folder that the test names, e.g. that of a profile.
func WriteHome(tb testing.TB, home, base string, more ...string) {
	tb.Helper()
	config := fmt.Sprintf(`model:
  default: %s
  provider: custom
  base_url: %q
  api_key: sk-fake-local-key
  context_length: 128000
approvals: {mode: manual, timeout: 60}
model_catalog: {enabled: false}
security: {tirith_enabled: false, allow_lazy_installs: false}
display: {show_reasoning: true, tool_progress: all}
auxiliary: {title_generation: {enabled: true}}
`, ModelName, base)
	for _, m := range more {
		config += m + "\n"
	}
	if err := os.MkdirAll(home, 0o700); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home, "config.yaml"), []byte(config), 0o600); err != nil {
		tb.Fatal(err)
	}
}

// Env is the environment for a process that runs the agent in home: nothing of
// the person's own Hermes, no proxy.
func Env(home string) []string {
	env := []string{
		"HERMES_HOME=" + home, "HOME=" + filepath.Dir(home), "PATH=" + os.Getenv("PATH"),
		"PYTHONUNBUFFERED=1", "PYTHONUTF8=1", "LANG=C.UTF-8", "NO_PROXY=127.0.0.1",
	}
	if root := os.Getenv("SYSTEMROOT"); root != "" {
		env = append(env, "SYSTEMROOT="+root)
	}
	return env
}
