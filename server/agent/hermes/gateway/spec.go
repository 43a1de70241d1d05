package gateway

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Spec says what agent a Host keeps.
type Spec struct {
	Python string   // the interpreter that has hermes-agent, see package locate
	Argv   []string // in place of Python's module, for tests
	Home   string   // HERMES_HOME of the profile
	Dir    string   // working folder of sessions that name none; "" = Home
	Env    []string // environment, without HERMES_HOME and what Bridge adds
	Spill  string   // folder for files of long frames; "" = the system's
	// Record is the folder for notes of running agents, so that the next start of
	// ours ends what a sudden end left (child.Sweep); "" keeps none.
	Record string
	// Serve is the folder for what is known of an agent that serves on its own: it
	// runs as `hermes serve --isolated`, is spoken to over a WebSocket, outlives
	// this program with its turns, and is found again by the next one. "" = the
	// agent is a child on pipes and ends with us.
	Serve string
	// ReadyIn is how long it may take to become ready; 0 = 15 s, and 60 s in a
	// home that was never used: the first start compiles the agent's modules.
	ReadyIn time.Duration
	// PingEvery is the time between looks whether it answers, and how long an
	// answer may take; 0 = 30 s.
	PingEvery time.Duration
	// Pause is the first one before another start; 0 = 1 s. It doubles up to 30.
	Pause time.Duration
}

const (
	missedPings = 3
	lastPause   = 30 * time.Second
	patience    = 2 * time.Second  // a pause up to this is waited for
	calm        = 30 * time.Second // an agent that ran for longer is started again at once
)

// How long an agent has to end after its input is closed, and after SIGTERM.
const closeGrace, termGrace = 3 * time.Second, 5 * time.Second

func (s Spec) filled() Spec {
	ready := 15 * time.Second
	if _, err := os.Stat(filepath.Join(s.Home, "state.db")); err != nil || s.Serve != "" {
		ready = time.Minute
	}
	s.ReadyIn = cmp.Or(s.ReadyIn, ready)
	s.PingEvery = cmp.Or(s.PingEvery, 30*time.Second)
	s.Pause = cmp.Or(s.Pause, time.Second)
	s.Dir = cmp.Or(s.Dir, s.Home)
	switch {
	case len(s.Argv) > 0:
	case s.Serve != "":
		s.Argv = []string{s.Python, "-m", "hermes_cli.main", "serve", "--isolated", "--skip-build", "--host", "127.0.0.1", "--port", "0"}
	default:
		s.Argv = []string{s.Python, "-m", "tui_gateway.entry"}
	}
	return s
}

// environment is Env with the profile and what makes the agent speak clearly.
// tool_progress is a person's choice for terminals: the page needs all of it.
func (s Spec) environment() []string {
	env := slices.Clone(s.Env)
	for _, fallback := range []string{"PYTHONUNBUFFERED=1", "PYTHONUTF8=1", "HERMES_TUI_TOOL_PROGRESS=verbose"} {
		name, value, _ := strings.Cut(fallback, "=")
		if _, ok := lookup(env, name); !ok {
			env = append(env, name+"="+value)
		}
	}
	if s.Home != "" {
		env = setenv(env, "HERMES_HOME", s.Home)
	}
	return env
}

func lookup(env []string, name string) (string, bool) {
	for _, e := range slices.Backward(env) { // of two the later one counts
		if value, ok := strings.CutPrefix(e, name+"="); ok {
			return value, true
		}
	}
	return "", false
}

// setenv returns env with one variable replaced or added.
func setenv(env []string, name, value string) []string {
	env = slices.DeleteFunc(slices.Clone(env), func(e string) bool { return strings.HasPrefix(e, name+"=") })
	return append(env, name+"="+value)
}
