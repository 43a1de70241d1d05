package gateway

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
)

// terminalKeys are the members of terminal in config.yaml that the agent's
// terminal tool reads from variables: TERMINAL_ and the key in capitals, but for
// backend. The agent's own starters copy them; the gateway on its own does not,
// and would run commands on this machine though docker or ssh was chosen.
var terminalKeys = []string{
	"backend", "modal_mode", "cwd", "timeout", "lifetime_seconds", "docker_image", "docker_forward_env", "singularity_image",
	"modal_image", "daytona_image", "ssh_host", "ssh_user", "ssh_port", "ssh_key", "container_cpu", "container_memory",
	"container_disk", "container_persistent", "docker_volumes", "docker_env", "docker_mount_cwd_to_workspace",
	"docker_network", "docker_extra_args", "docker_run_as_host_user", "docker_persist_across_processes",
	"docker_orphan_reaper", "sandbox_dir", "persistent_shell",
}

func terminalName(key string) string {
	if key == "backend" {
		return "TERMINAL_ENV"
	}
	return "TERMINAL_" + strings.ToUpper(key)
}

// Bridge returns env with the terminal section of the config.yaml in home as
// variables. Where there is such a section it beats variables that are there:
// also those whose key it does not have, which are its defaults then. A file that
// is not there has none; one that cannot be read is an error, and env is
// returned as it was.
func Bridge(env []string, home string) ([]string, error) {
	file := filepath.Join(home, "config.yaml")
	raw, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return env, nil
	}
	if err != nil {
		return env, fmt.Errorf("read the agent's settings: %w", err)
	}
	var config struct {
		Terminal any `yaml:"terminal"`
	}
	if err := yaml.Unmarshal(raw, &config); err != nil {
		return env, fmt.Errorf("%s is not valid YAML, so its terminal settings are not used", file) // its own words quote the file
	}
	section, ok := config.Terminal.(map[string]any)
	if !ok {
		return env, nil
	}
	out := slices.Clone(env)
	for _, key := range terminalKeys {
		name := terminalName(key)
		out = slices.DeleteFunc(out, func(e string) bool { return strings.HasPrefix(e, name+"=") })
		if value, ok := terminalValue(key, expand(section[key], env), env); ok {
			out = append(out, name+"="+value)
		}
	}
	return out, nil
}

// terminalValue spells a value as the agent would.
func terminalValue(key string, v any, env []string) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "", false
	case string:
		if key == "cwd" {
			return folder(v, env)
		}
		return v, !strings.ContainsRune(v, 0)
	case bool:
		return map[bool]string{true: "True", false: "False"}[v], true
	case float64:
		s := strconv.FormatFloat(v, 'f', -1, 64)
		if !strings.Contains(s, ".") {
			s += ".0"
		}
		return s, true
	case []any, map[string]any:
		b, err := json.Marshal(v)
		return string(b), err == nil
	default:
		return fmt.Sprint(v), true
	}
}

// folder leaves out the words that stand for where the agent is started.
func folder(v string, env []string) (string, bool) {
	v = strings.TrimSpace(v)
	if slices.Contains([]string{"", ".", "auto", "cwd"}, v) {
		return "", false
	}
	user, _ := lookup(env, "HOME") // without one ~ stays
	if rest, ok := strings.CutPrefix(v, "~"); ok && user != "" && (rest == "" || rest[0] == '/') {
		v = user + rest
	}
	return v, true
}

var reference = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)\}`)

// expand replaces ${NAME} as the agent does when it reads its settings; a name
// that env does not have stays.
func expand(v any, env []string) any {
	switch v := v.(type) {
	case string:
		return reference.ReplaceAllStringFunc(v, func(ref string) string {
			if value, ok := lookup(env, ref[2:len(ref)-1]); ok {
				return value
			}
			return ref
		})
	case []any:
		for i := range v {
			v[i] = expand(v[i], env)
		}
	case map[string]any:
		for k := range v {
			v[k] = expand(v[k], env)
		}
	}
	return v
}
