// Package autostart starts a program when its person logs in to the desktop:
// by an XDG autostart entry, a launchd agent, or the Run key of Windows. It
// reads no environment but for where the library looks (library_unix.go).
//
// It rests on github.com/emersion/go-autostart for where an entry lives and how
// it is taken away. What an entry says is written here: the library quotes a
// command twice when asked twice, escapes nothing in a plist, writes files that
// are half there for a moment, needs cgo on Windows, and takes every entry that
// exists for one that works.
package autostart

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Kind is what is true of the start at login.
type Kind string

const (
	Off       Kind = "off"
	On        Kind = "on"
	Stale     Kind = "stale"      // on, but the entry starts something else than it should
	TurnedOff Kind = "turned_off" // there is an entry, and the desktop's settings turned it off
)

// State is what is true, in a word and in a sentence.
type State struct {
	Kind Kind
	Text string // for people; ends in a full stop
	// Command is what the entry starts: program and arguments. nil = there is no
	// entry, or its command cannot be read.
	Command []string
}

// Config says what is started, and where the person's settings are. All paths
// are absolute.
type Config struct {
	ID         string   // of the entry, in reverse domain style; the same for ever
	Title      string   // for people
	About      string   // one line for people: what the entry does
	Program    string   // what is started; see Possible
	Args       []string //
	Home       string   // the person's home folder
	ConfigHome string   // XDG_CONFIG_HOME as it is set; "" or relative = Home/.config
	Log        string   // where launchd writes what the program says; its folder is made
	Path       string   // PATH for the program; only launchd is told
}

// Switch turns the start at login on and off. It keeps nothing: what is true is
// in the system.
type Switch struct {
	c     Config
	place place
}

// place is where a system keeps what it starts at login.
type place interface {
	read() (entry, error)
	write() error
	remove() error // of one that is not there is no error
}

// entry is what was found in a place.
type entry struct {
	there   bool
	off     bool     // the desktop does not start it
	command []string // nil = it cannot be read
	other   string   // what else is not as it should be; "" = nothing
}

// New returns the switch of this system.
func New(c Config) *Switch { return &Switch{c: c, place: system(c)} }

// Possible says why this program cannot be started at login; nil = it can.
func (s *Switch) Possible() error { return possible(s.c) }

// State reads what the system would do at the next login.
func (s *Switch) State() (State, error) {
	e, err := s.place.read()
	if err != nil {
		return State{}, fmt.Errorf("it cannot be seen whether %s starts at login: %w", s.c.Title, err)
	}
	kind, text := s.judge(e)
	return State{kind, text, e.command}, nil
}

func (s *Switch) judge(e entry) (Kind, string) {
	again := " Turn it on again to correct that."
	switch {
	case !e.there:
		return Off, s.c.Title + " does not start at login."
	case e.off:
		return TurnedOff, "The settings of the desktop turned the start at login off. They can turn it on again, and so can this switch."
	case len(e.command) == 0:
		return Stale, "There is an entry for the login, but it names nothing that can be started." + again
	case e.command[0] != s.c.Program:
		return Stale, "The login starts another program: " + e.command[0] + "." + again
	case !slices.Equal(e.command[1:], s.c.Args):
		return Stale, "The login starts this program in another way: " + spaced(e.command[1:]) + "." + again
	case e.other != "":
		return Stale, e.other + again
	default:
		return On, s.c.Title + " starts at login."
	}
}

func spaced(args []string) string {
	if len(args) == 0 {
		return "without anything behind its name"
	}
	return strings.Join(args, " ")
}

// Enable makes the system start the program at the next login, also where the
// desktop's settings had turned that off. Doing it again changes nothing. It
// starts nothing now.
func (s *Switch) Enable() error {
	if err := possible(s.c); err != nil {
		return err
	}
	if err := s.place.write(); err != nil {
		return fmt.Errorf("the start at login cannot be turned on: %w", err)
	}
	return nil
}

// Disable takes the entry away. What runs goes on.
func (s *Switch) Disable() error {
	if err := s.place.remove(); err != nil {
		return fmt.Errorf("the start at login cannot be turned off: %w", err)
	}
	return nil
}

// errNoHome is for systems that keep the entry in a person's home.
var errNoHome = errors.New("your home folder is not known")

// Refresh corrects a stale entry and reports whether there was one that mine
// accepts. It never turns anything on.
func (s *Switch) Refresh(mine func(command []string) bool) (bool, error) {
	st, err := s.State()
	if err != nil || st.Kind != Stale || !mine(st.Command) {
		return false, err
	}
	return true, s.Enable()
}
