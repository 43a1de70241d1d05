package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"hermes-webui/app/machine"
	"hermes-webui/app/supervise"
)

// checkSupervisor: is what should start the listener again really above it?
func checkSupervisor(_ context.Context, e *exam) []finding {
	say := func(v verdict, what, fix, command string) []finding { return one("supervisor", v, what, fix, command) }
	chain := e.table.Chain(e.listener.PID)
	if len(chain) == 0 {
		return nil // nobody listens, or nobody tells
	}
	python := e.isPython()
	if !e.isOwner() && !python {
		return nil // a stranger's parents say nothing about us
	}
	claimed, above := e.claimed(), e.above()
	names := drawn(chain)
	definition := e.definition()
	orphan := above.Name == "" && e.adopted(chain[0])
	end := endCommand(chain[0].PID)
	switch {
	case orphan && python:
		return say(bad, "The Python Hermes WebUI lost its parent: "+names+".",
			"It was detached from what started it. A supervisor that starts it again finds its port taken, each time. "+
				"End it, and start it with --foreground there.", end)
	case orphan && claimed.Certainty == supervise.Certain && outlives(claimed.Name):
		return say(bad, fmt.Sprintf("An orphan: the server was started by %s, which is no longer above it: %s.", claimed.Name, names),
			fmt.Sprintf("%s starts another one, which finds the state folder held. End this one; "+
				"in the run script start the program with exec and --serve.", claimed.Name), end)
	case orphan && definition != "" && claimed.Certainty != supervise.Likely:
		return say(bad, fmt.Sprintf("An orphan: %s says that a service runs this server, but none is above it: %s.", definition, names),
			"End it, and let the service start it.", end)
	case above.Name != "" && claimed.Name != "" && above.Name != claimed.Name && claimed.Certainty == supervise.Certain:
		return say(warn, fmt.Sprintf("The server was started by %s, but above it is %s now: %s.", claimed.Name, above.Name, names), "", "")
	case above.Name != "":
		return say(fine, fmt.Sprintf("%s starts the server again when it ends: %s.", above.Name, names), "", "")
	case claimed.Name != "":
		return say(fine, fmt.Sprintf("The server says that it was started by %s (%s): %s.", claimed.Name, claimed.Certainty, names), "", "")
	}
	return say(fine, fmt.Sprintf("Nothing starts the server again when it ends: %s.", names), "", "")
}

// outlives reports whether a server without its supervisor is out of order:
// launchd and monit have no process between PID 1 and the server, and a
// container has nothing else.
func outlives(name string) bool {
	return name != "launchd" && name != "monit" && name != "container" && name != ""
}

// claimed is what the server found out when it started: from its own mouth,
// else from what it wrote.
func (e *exam) claimed() supervise.Origin {
	var o supervise.Origin
	raw := e.deep.fields["started_by"]
	if json.Unmarshal(raw, &o) == nil && o.Certainty != "" {
		return o
	}
	if e.isOwner() {
		return supervise.Origin{Name: e.owner.Supervisor, Certainty: supervise.Certainty(e.owner.Certainty)}
	}
	return supervise.Origin{Certainty: supervise.None}
}

// above asks the same question as the server at its start, of how things are now.
func (e *exam) above() supervise.Origin {
	pid := e.listener.PID
	live := supervise.Live(func(string) string { return "" })
	o := supervise.Detect(supervise.View{
		PID: pid, Parent: e.table[pid].Parent,
		Env: func(name string) string { return machine.Variable(pid, name) },
		Look: func(pid int) (supervise.Process, bool) {
			if p, ok := live.Look(pid); ok {
				return p, true
			}
			p, ok := e.table[pid]
			return supervise.Process{Parent: p.Parent, Comm: p.Name, Args: p.Args}, ok
		},
	}, "")
	if o.Certainty == supervise.Certain && !(pid != 1 && o.Name == "systemd" && !e.hasSystemd()) {
		return o
	}
	if said := e.claimed(); said.Name == "systemd" && e.hasSystemd() {
		return said // our process hides its environment, and with it the sign
	}
	return supervise.Origin{Certainty: supervise.None}
}

// adopted reports whether a process is where orphans go: to PID 1, or to the
// systemd of its user.
func (e *exam) adopted(p machine.Process) bool {
	return p.Parent == 1 || e.table[p.Parent].Name == "systemd"
}

// hasSystemd reports whether a systemd is above the listener: its variables stay
// when it is gone.
func (e *exam) hasSystemd() bool {
	for _, p := range e.table.Chain(e.listener.PID)[1:] {
		if p.Name == "systemd" || p.PID == 1 && p.Name == "init" {
			return true
		}
	}
	return false
}

// drawn is a chain on one line, the nearest first.
func drawn(chain []machine.Process) string {
	names := make([]string, len(chain))
	for i, p := range chain {
		names[i] = p.String()
	}
	return strings.Join(names, " < ")
}

// definition is the file of a service of ours, "" where there is none.
func (e *exam) definition() string {
	patterns := []string{
		"/etc/systemd/system/hermes-webui.service", "/etc/supervisor/conf.d/hermes-webui.conf",
		"/etc/sv/hermes-webui/run", "/etc/service/hermes-webui/run", "/service/hermes-webui/run",
	}
	if e.UserHome != "" {
		patterns = append(patterns, filepath.Join(e.UserHome, ".config/systemd/user/hermes-webui.service"),
			filepath.Join(e.UserHome, "Library/LaunchAgents/*hermes-webui*.plist"))
	}
	for _, pattern := range patterns {
		found, _ := filepath.Glob(pattern)
		for _, file := range found {
			if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
				return file
			}
		}
	}
	return ""
}
