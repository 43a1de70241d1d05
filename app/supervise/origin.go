// Package supervise knows what it means to be run by another program: who
// started this process, and how to tell it that the server is ready, alive or
// stopping. It reads no environment of its own: package app hands it in.
package supervise

import "fmt"

// Certainty says how far an answer can be relied on.
type Certainty string

const (
	// None: nothing points to a supervisor.
	None Certainty = "none"
	// Likely: a variable that every descendant of a supervised process inherits.
	Likely Certainty = "likely"
	// Certain: a sign that names this process or its parent, which cannot be
	// inherited.
	Certain Certainty = "certain"
)

// Origin says how this process was started.
type Origin struct {
	// Name is the supervisor: systemd, launchd, supervisord, runit, s6,
	// daemontools, pm2, foreman, honcho, monit, container (this process or a
	// shell above it is PID 1), or the name of a container's init (tini,
	// docker-init, dumb-init, catatonit). "" = none.
	Name string `json:"name"`
	// Signal is what said so, for people: a flag, a variable by name (never its
	// value), a process. "" = nothing.
	Signal string `json:"signal"`
	// Certainty belongs to Name.
	Certainty Certainty `json:"certainty"`
	// Asked is the flag or variable with which a person asked for the
	// foreground. It beats whatever was detected. "" = nobody did.
	Asked string `json:"asked,omitempty"`
}

// Headless reports whether to run without tray and browser, and why, in words
// for the log. desktop says whether a desktop is there to show them on.
func (o Origin) Headless(desktop bool) (yes bool, why string) {
	switch {
	case o.Asked != "":
		return true, o.Asked + " asks for the foreground"
	case o.Certainty == Certain:
		return true, fmt.Sprintf("started by %s: %s", o.Name, o.Signal)
	case o.Certainty == Likely && desktop:
		return false, fmt.Sprintf("%s only hints at %s, and a desktop is there; --foreground decides it", o.Signal, o.Name)
	case o.Certainty == Likely:
		return true, fmt.Sprintf("%s hints at %s, and no desktop is there", o.Signal, o.Name)
	case !desktop:
		return true, "no desktop is there"
	default:
		return false, "a desktop is there"
	}
}
