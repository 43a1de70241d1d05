package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hermes-webui/app/machine"
	"hermes-webui/server/agent/hermes/locate"
	"hermes-webui/server/provider"
	"hermes-webui/server/secret"
)

// checkInstances: are there other servers of ours?
func checkInstances(_ context.Context, e *exam) []finding {
	if e.table == nil {
		return one("instances", warn, "Other processes cannot be seen on this system.", "", "")
	}
	own, _ := os.Executable()
	var found []finding
	for _, p := range e.table {
		if p.PID == os.Getpid() || e.held && p.PID == e.owner.PID || p.PID == e.listener.PID || !isProgram(p, own) || isCommand(p) {
			continue
		}
		dir := stateDirOf(p)
		f := finding{ID: "instances", Status: warn, What: fmt.Sprintf("Another server of this program runs: %s, state folder %s.", p, dir),
			Fix: "If it is not meant to run, end it.", Command: endCommand(p.PID)}
		switch {
		case dir == e.StateDir && mayShow(p):
			f = finding{ID: "instances", Status: fine, What: fmt.Sprintf("Beside the server of this state folder runs %s, for the tray.", p)}
		case dir == e.StateDir:
			f.What = fmt.Sprintf("A second server for this state folder waits until it is free: %s.", p)
		}
		found = append(found, f)
	}
	if len(found) == 0 {
		return one("instances", fine, "No other server of this program runs.", "", "")
	}
	slices.SortFunc(found, func(a, b finding) int { return strings.Compare(a.What, b.What) })
	return found
}

// isProgram reports whether a process runs this program: the same file, or one
// of its name.
func isProgram(p machine.Process, own string) bool {
	if p.Program != "" {
		return p.Program == own || strings.TrimSuffix(filepath.Base(p.Program), ".exe") == "hermes-webui"
	}
	return p.Name == "hermes-webui" || len(p.Args) > 0 && p.Args[0] == own
}

// isCommand reports whether a process of ours only does something short.
func isCommand(p machine.Process) bool {
	for _, cmd := range []command{cmdHealth, cmdDoctor, cmdOpen, cmdLogin, cmdVersion, cmdHelp} {
		if len(p.Args) > 1 && slices.Contains(p.Args[1:], string(cmd)) {
			return true
		}
	}
	return false
}

// mayShow reports whether a process was started with a tray, which one for a
// running server may be.
func mayShow(p machine.Process) bool {
	return slices.Contains(p.Args, "--tray") || slices.Contains(p.Args, "--desktop")
}

// stateDirOf is what a server was told; a folder that it found by itself is not
// to be seen.
func stateDirOf(p machine.Process) string {
	for i, arg := range p.Args {
		name, value, has := strings.Cut(strings.TrimPrefix(arg, "-"), "=")
		switch {
		case name != "-state-dir" && name != "state-dir":
		case has:
			return value
		case i+1 < len(p.Args):
			return p.Args[i+1]
		}
	}
	if dir := machine.Variable(p.PID, "HERMES_WEBUI_STATE_DIR"); dir != "" {
		return dir
	}
	return "not said"
}

// checkAgent: is the Hermes Agent there?
func checkAgent(ctx context.Context, e *exam) []finding {
	r := locate.Find(ctx, e.whereHermes())
	if r.Python != "" {
		v := r.Version
		if v == "" {
			v = "of unknown version"
		}
		return one("agent", fine, fmt.Sprintf("The Hermes Agent %s is in %s (%s).", v, r.Python, r.Where), "", "")
	}
	what := "The Hermes Agent was not found. Tried:"
	for _, t := range r.Tried {
		what += fmt.Sprintf("\n- %s: %s", t.Where, t.Why)
	}
	return one("agent", warn, what, "Install it, or say where it is with HERMES_WEBUI_PYTHON. Without it the agents direct and demo are there.", "")
}

// checkProviders: is there a key for a model? Names only, never values.
func checkProviders(_ context.Context, e *exam) []finding {
	if e.blind {
		return nil
	}
	file, err := secret.Peek(e.StateDir)
	if err != nil {
		return one("providers", bad, "The file secrets.json cannot be read: "+brief(err)+".", "Make it readable for this user alone.",
			"chmod 600 "+quoted(filepath.Join(e.StateDir, secret.FileName)))
	}
	if problem := file.Problem(); problem != nil {
		return one("providers", bad, "Stored keys cannot be used: "+sentence(problem),
			"Repair the file, or move it away and enter the keys again.", "")
	}
	var ready []string
	var found []finding
	for _, p := range provider.Open(file, providerEnv(e.Env)).List() {
		if p.Problem != "" {
			found = append(found, finding{ID: "providers", Status: warn, What: p.Name + ": " + p.Problem})
		}
		if p.Ready {
			ready = append(ready, fmt.Sprintf("%s (%s)", p.Name, p.Source))
		}
	}
	if len(ready) == 0 {
		return append(found, finding{ID: "providers", Status: warn, What: "No model provider is set up, in this environment or in the page.",
			Fix: "Enter a key in the page under Settings, Models and providers, or set OPENAI_API_KEY, ANTHROPIC_API_KEY or OPENROUTER_API_KEY. " +
				"The Hermes Agent has keys of its own."})
	}
	return append(found, finding{ID: "providers", Status: fine, What: "Set up: " + strings.Join(ready, ", ") + "."})
}

// checkPeople: who else could reach the loopback address?
func checkPeople(_ context.Context, _ *exam) []finding {
	names, known := otherPeople()
	switch {
	case !known:
		return one("people", warn, "Who else can log in on this machine cannot be seen.",
			"Whoever does can use this server: there is no password yet.", "")
	case len(names) == 0:
		return one("people", fine, "Nobody else logs in on this machine.", "", "")
	}
	shown := strings.Join(names[:min(len(names), 5)], ", ")
	if len(names) > 5 {
		shown += fmt.Sprintf(" and %d more", len(names)-5)
	}
	return one("people", warn, fmt.Sprintf("Others can log in on this machine: %s. There is no password yet: "+
		"each of them can use this server, its agents and your files through it.", shown), "Run it only on a machine of your own.", "")
}

// checkVersion: is the one that runs the one that is installed?
func checkVersion(_ context.Context, e *exam) []finding {
	if e.held && e.wrote && e.owner.Version != version {
		return one("version", warn, fmt.Sprintf("Version %s runs, and this is version %s.", e.owner.Version, version), "Restart the server to use this one.", "")
	}
	return one("version", fine, versionLine()+".", "", "")
}
