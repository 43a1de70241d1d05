package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// checkServer: is there a server, and is it well?
func checkServer(_ context.Context, e *exam) []finding {
	say := func(v verdict, what, fix, command string) []finding { return one("server", v, what, fix, command) }
	switch {
	case e.blind:
		return say(bad, fmt.Sprintf("The state folder %s did not answer within two seconds; its disk hangs.", e.StateDir),
			"See to the disk or the network folder, or use another one with --state-dir.", "")
	case !e.held:
		return say(warn, fmt.Sprintf("No server runs for the state folder %s.", e.StateDir), "Start one.", "hermes-webui --serve")
	case !e.wrote:
		return say(warn, "A server holds the state folder and has not yet said who it is.", "Look again in a second.", "")
	}
	who := fmt.Sprintf("Process %d (version %s, since %s)", e.owner.PID, e.owner.Version, e.owner.Since.Local().Format(time.DateTime))
	if e.owner.Address != e.address {
		return say(fine, fmt.Sprintf("%s serves this state folder at %s; you asked about %s.", who, e.owner.Address, e.address), "", "")
	}
	// The first signal has it write what it does to its log. A server that hangs
	// may not heed the second.
	end := endCommand(e.owner.PID)
	if runtime.GOOS != "windows" {
		end = fmt.Sprintf("kill -USR1 %[1]d; kill %[1]d; sleep 15; kill -9 %[1]d", e.owner.PID)
	}
	switch {
	case e.answer.err != nil:
		return say(bad, fmt.Sprintf("%s owns the state folder, but nothing answers at %s: %s.", who, e.address, brief(e.answer.err)),
			"It hangs. End it; what is in its log stays. If nothing starts it again by itself, start it.", end)
	case !e.isOurs():
		return say(bad, fmt.Sprintf("%s owns the state folder, but what answers at %s is another program.", who, e.address),
			"See the finding about the listener.", "")
	case e.deep.err != nil:
		return say(bad, fmt.Sprintf("%s answers at %s, but not about its parts: %s.", who, e.address, brief(e.deep.err)),
			"A part of it hangs. End it; what is in its log stays. If nothing starts it again by itself, start it.", end)
	case e.deep.status != 200:
		return say(bad, fmt.Sprintf("%s answers at %s and is not well: %s.", who, e.address, e.deep.troubles()),
			"See the findings about its parts.", "hermes-webui health --deep --state-dir "+quoted(e.StateDir))
	}
	return say(fine, fmt.Sprintf("%s is well and answers at %s within %d ms.", who, e.address, max(1, e.answer.took.Milliseconds())), "", "")
}

// brief leaves out the address that net/http puts before each error.
func brief(err error) string {
	text := err.Error()
	if strings.Contains(text, context.DeadlineExceeded.Error()) {
		return "no answer in time"
	}
	if i := strings.LastIndex(text, ": "); i >= 0 {
		return text[i+2:]
	}
	return text
}

// part is what the server says of one of its parts.
type part struct{ Status, Says, Fix string }

func (a answer) parts() map[string]part {
	var all map[string]part
	_ = json.Unmarshal(a.fields["checks"], &all) // one that is starting says nothing of them
	return all
}

// troubles names the parts that keep the server from being well.
func (a answer) troubles() string {
	var names []string
	for name, p := range a.parts() {
		if p.Status == "error" || p.Status == "blocked" {
			names = append(names, name+" "+p.Status)
		}
	}
	if len(names) == 0 {
		return fmt.Sprintf("status %d, phase %s", a.status, strings.Trim(string(a.fields["phase"]), `"`))
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// checkParts passes on what the server found wrong with its parts.
func checkParts(_ context.Context, e *exam) []finding {
	if !e.held || e.owner.Address != e.address || !e.isOurs() {
		return nil
	}
	var found []finding
	parts := e.deep.parts()
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		if name == "agent" || name == "disk" {
			continue // the doctor looks itself, and says more
		}
		p, v := parts[name], bad
		switch p.Status {
		case "ok", "missing":
			continue
		case "warning":
			v = warn
		}
		fix := p.Fix
		if fix == "" {
			fix = "See the log of the server."
		}
		found = append(found, finding{ID: "part", Status: v, What: name + ": " + p.Says, Fix: fix})
	}
	return found
}

// checkListener: who has the port, and is it the server of this state folder?
func checkListener(_ context.Context, e *exam) []finding {
	say := func(v verdict, what, fix, command string) []finding { return one("listener", v, what, fix, command) }
	at := fmt.Sprintf("port %d", e.port)
	switch {
	case e.seen != nil && e.answer.err != nil:
		return say(warn, fmt.Sprintf("Who has %s cannot be seen on this system, and nothing answers there.", at), "", "")
	case e.seen == nil && !e.listening && e.held:
		return say(bad, fmt.Sprintf("Nobody listens at %s, though a server owns the state folder.", at), "See the finding about the server.", "")
	case e.seen == nil && !e.listening:
		return say(fine, fmt.Sprintf("Nobody listens at %s: it is free.", at), "", "")
	case e.isOwner():
		return say(fine, fmt.Sprintf("At %s listens the server of this state folder, %s.", at, e.who()), "", "")
	case e.isPython():
		return say(bad, fmt.Sprintf("At %s listens the Python Hermes WebUI, %s.", at, e.who()),
			"Stop it (its own ctl.sh stop, or its service), or give this server another port.", e.stopOr())
	case e.isOurs():
		return say(bad, fmt.Sprintf("At %s listens another Hermes Web UI, with another state folder, %s.", at, e.who()),
			"Stop it, or give this server another port.", e.stopOr())
	}
	return say(bad, fmt.Sprintf("At %s listens another program, %s.", at, e.who()),
		"Stop it, or give this server another port.", "hermes-webui --serve --port 8788")
}

// who names the listener as far as it is to be seen.
func (e *exam) who() string {
	if p, ok := e.table[e.listener.PID]; ok {
		return p.String()
	}
	switch {
	case e.listener.PID != 0:
		return fmt.Sprintf("process %d", e.listener.PID)
	case e.listener.User >= 0 && e.listening && e.seen == nil:
		return fmt.Sprintf("a process of user %s that is not to be seen", userName(e.listener.User))
	default:
		return "a process that is not to be seen"
	}
}

func (e *exam) stopOr() string {
	if e.listener.PID == 0 {
		return "hermes-webui --serve --port 8788"
	}
	return endCommand(e.listener.PID)
}

// isPython tells the Python program by what it answers, or where it hangs by
// the script that it runs.
func (e *exam) isPython() bool {
	if whoAnswers(e.answer.fields) == python {
		return true
	}
	switch filepath.Base(e.table[e.listener.PID].Script()) {
	case "server.py", "bootstrap.py":
		return e.answer.fields == nil
	}
	return false
}
