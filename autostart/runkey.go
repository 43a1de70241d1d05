package autostart

import (
	"fmt"
	"strings"
)

// runKey is a value of the key Run, by which Windows starts programs at login.
type runKey struct {
	c        Config
	registry registry
}

// registry is what runKey needs of HKEY_CURRENT_USER.
type registry interface {
	// run returns the command line of a value of Run; "" = there is none.
	run(name string) (string, error)
	setRun(name, line string) error
	removeRun(name string) error // of one that is not there is no error
	// approved returns what the settings of Windows noted of a value; nil =
	// nothing.
	approved(name string) ([]byte, error)
	removeApproved(name string) error
	// split takes a command line apart as Windows does.
	split(line string) []string
}

func (k runKey) read() (entry, error) {
	line, err := k.registry.run(k.c.ID)
	if err != nil || line == "" {
		return entry{}, err
	}
	note, err := k.registry.approved(k.c.ID)
	if err != nil {
		return entry{}, err
	}
	return entry{there: true, off: switchedOff(note), command: k.registry.split(line)}, nil
}

// longest is how many characters Windows takes of a value of Run.
// https://learn.microsoft.com/windows/win32/setupapi/run-and-runonce-registry-keys
const longest = 260

func (k runKey) write() error {
	line := commandLine(append([]string{k.c.Program}, k.c.Args...))
	if n := len([]rune(line)); n > longest {
		return fmt.Errorf("the command has %d characters, and Windows takes %d. Move the program to a folder with a shorter name", n, longest)
	}
	if err := k.registry.setRun(k.c.ID, line); err != nil {
		return err
	}
	return k.registry.removeApproved(k.c.ID)
}

func (k runKey) remove() error {
	if err := k.registry.removeRun(k.c.ID); err != nil {
		return err
	}
	return k.registry.removeApproved(k.c.ID)
}

// switchedOff reads a note of the settings: an odd first byte is a no.
func switchedOff(note []byte) bool { return len(note) > 0 && note[0]&1 == 1 }

// commandLine joins arguments so that Windows takes them apart again.
func commandLine(args []string) string {
	quoted := make([]string, len(args))
	for i, arg := range args {
		quoted[i] = quoteArg(arg)
	}
	return strings.Join(quoted, " ")
}

// quoteArg always quotes: a path with a space is else tried piece by piece.
// Backslashes count double before a quote.
func quoteArg(arg string) string {
	var b strings.Builder
	b.WriteByte('"')
	slashes := 0
	for _, r := range arg {
		switch r {
		case '\\':
			slashes++
		case '"':
			b.WriteString(strings.Repeat(`\`, slashes+1))
			slashes = 0
		default:
			slashes = 0
		}
		b.WriteRune(r)
	}
	b.WriteString(strings.Repeat(`\`, slashes))
	b.WriteByte('"')
	return b.String()
}
