package gateway_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hermes-webui/server/agent/hermes/gateway"
)

func TestTheTerminalSectionBecomesVariables(t *testing.T) {
	base := []string{"HOME=/home/u", "IMAGE=debian:13", "TERMINAL_ENV=ssh", "TERMINAL_TIMEOUT=7", "TERMINAL_OTHER=stays"}
	for name, test := range map[string]struct {
		config    string
		want, not []string
	}{
		"no section":      {"model: x\n", base, nil},
		"an empty one":    {"terminal:\n", base, nil},
		"not a section":   {"terminal: docker\n", base, nil},
		"it beats others": {"terminal: {timeout: 180}\n", []string{"TERMINAL_TIMEOUT=180", "TERMINAL_OTHER=stays"}, []string{"TERMINAL_ENV="}},
		"docker": {`
terminal:
  backend: docker
  docker_image: ${IMAGE}   # a comment
  docker_volumes: ["/a:/b", "${NOT_THERE}:/c"]
  docker_env: {A: "1"}
  docker_network: false
  container_cpu: 1.0
  container_memory: 5120
  persistent_shell: true
  ssh_host: null
  unknown_key: 5
`, []string{
			"TERMINAL_ENV=docker", "TERMINAL_DOCKER_IMAGE=debian:13", `TERMINAL_DOCKER_VOLUMES=["/a:/b","${NOT_THERE}:/c"]`,
			`TERMINAL_DOCKER_ENV={"A":"1"}`, "TERMINAL_DOCKER_NETWORK=False", "TERMINAL_CONTAINER_CPU=1.0",
			"TERMINAL_CONTAINER_MEMORY=5120", "TERMINAL_PERSISTENT_SHELL=True",
		}, []string{"TERMINAL_SSH_HOST", "TERMINAL_UNKNOWN", "TERMINAL_TIMEOUT="}},
		"here":     {"terminal: {cwd: .}\n", nil, []string{"TERMINAL_CWD"}},
		"a folder": {"terminal: {cwd: ~/work}\n", []string{"TERMINAL_CWD=/home/u/work"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			home := t.TempDir()
			if err := os.WriteFile(filepath.Join(home, "config.yaml"), []byte(test.config), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := gateway.Bridge(base, home)
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range test.want {
				if !slices.Contains(got, w) {
					t.Errorf("%q is missing in %q", w, got)
				}
			}
			for _, n := range test.not {
				if slices.ContainsFunc(got, func(e string) bool { return strings.HasPrefix(e, n) }) {
					t.Errorf("%q is in %q", n, got)
				}
			}
		})
	}
}

func TestSettingsThatCannotBeReadChangeNothing(t *testing.T) {
	home := t.TempDir()
	env := []string{"A=1"}
	if got, err := gateway.Bridge(env, home); err != nil || !slices.Equal(got, env) {
		t.Errorf("without a file: %q, %v", got, err)
	}
	if err := os.WriteFile(filepath.Join(home, "config.yaml"), []byte("a: [secret-key-123\n  b: {"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := gateway.Bridge(env, home); err == nil || strings.Contains(err.Error(), "secret-key") || !slices.Equal(got, env) {
		t.Errorf("with a broken one: %q, %v", got, err)
	}
}
