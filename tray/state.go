// Package tray shows an icon and a menu in the desktop's notification area. It
// draws a State and calls a Host, and knows nothing of the program behind them.
package tray

import (
	"fmt"
	"slices"
)

// State is all that the tray shows. It is a value: whoever sends one does not
// change it any more.
type State struct {
	Phase   Phase   `json:"phase"`
	Trouble string  `json:"trouble"` // what is wrong with the server; with NotAnswering
	Agent   string  `json:"agent"`   // why no agent can be used; "" = one can
	Address string  `json:"address"` // where the page is
	Turns   []Turn  `json:"turns"`   // that run, oldest first
	Asks    []Ask   `json:"asks"`    // that wait, oldest first
	Checks  []Check `json:"checks"`
	Details string  `json:"details"` // path of the page that shows the checks
	Login   Login   `json:"login"`
	Service bool    `json:"service"` // the server goes on when the tray is closed
	Version string  `json:"version"`
}

// Phase says how far the server is. The zero value is Starting.
type Phase string

// Phases of a server.
const (
	Starting     Phase = ""
	Ready        Phase = "ready"
	Restarting   Phase = "restarting"
	Stopping     Phase = "stopping"
	NotAnswering Phase = "not answering"
)

// Turn is one that runs.
type Turn struct {
	ID    string `json:"id"`
	Title string `json:"title"` // of its session
	Path  string `json:"path"`  // of the page that shows it
}

// Ask is something that waits for a person. Two asks with the same id and
// another text or digest are two asks.
type Ask struct {
	ID      string `json:"id"`
	Digest  string `json:"digest"` // of what was shown; goes back with the answer
	Title   string `json:"title"`
	Command string `json:"command"` // what would be done, "" = the title says it
	Why     string `json:"why"`
	Danger  bool   `json:"danger"`
	More    bool   `json:"more"`  // there is more to be read than title, command and why
	Allow   bool   `json:"allow"` // it can be allowed once
	Deny    bool   `json:"deny"`
	Path    string `json:"path"` // of the page that shows it
}

// Check is one thing that is looked at.
type Check struct {
	Name string `json:"name"`
	Well bool   `json:"well"`
	Word string `json:"word"` // how it is, in a few words
	Fix  string `json:"fix"`  // what to do when it is not well
}

// Login says whether the program starts when the person logs in. The zero value
// says that this cannot be set here, and hides the switch.
type Login string

// States of the switch.
const (
	LoginUnknown Login = ""
	LoginOff     Login = "off"
	LoginOn      Login = "on"
	LoginStale   Login = "stale"   // on, but for a program that is not this one
	LoginDesktop Login = "desktop" // on, but the desktop's own settings turned it off
)

// Line is the state in words: what is most in need of a person.
func (s State) Line() string {
	switch {
	case s.Phase == Starting:
		return "Starting…"
	case s.Phase == Restarting:
		return "Restarting…"
	case s.Phase == Stopping:
		return "Stopping…"
	case s.Phase == NotAnswering:
		return joined("Not answering", s.Trouble)
	case len(s.Asks) == 1:
		return "1 needs you"
	case len(s.Asks) > 1:
		return fmt.Sprintf("%d need you", len(s.Asks))
	case s.Agent != "":
		return joined("Agent missing", s.Agent)
	}
	bad := s.bad()
	switch {
	case len(bad) == 1:
		return joined(bad[0].Name, bad[0].Word)
	case len(bad) > 1:
		return fmt.Sprintf("%d checks are not well", len(bad))
	case len(s.Turns) > 0:
		return fmt.Sprintf("%d running", len(s.Turns))
	}
	return "Ready"
}

func joined(what, why string) string {
	if why == "" {
		return what
	}
	return what + ": " + why
}

func (s State) bad() []Check {
	return slices.DeleteFunc(slices.Clone(s.Checks), func(c Check) bool { return c.Well })
}

// Mark returns the name of the icon that shows the state. A person who is
// waited for comes before all else.
func (s State) Mark() string {
	switch {
	case len(s.Asks) > 0 && s.Phase == Ready:
		return "needs"
	case s.Phase == Starting || s.Phase == Stopping:
		return "stopped"
	case s.Phase == NotAnswering || s.Agent != "" || len(s.bad()) > 0:
		return "degraded"
	case len(s.Turns) > 0 || s.Phase == Restarting:
		return "working"
	}
	return "ready"
}
