// Package machine sees the processes of this machine and who listens where, as
// far as the system tells this user. It looks and changes nothing.
package machine

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"
	"unicode"
)

// Process is what anybody may know about a process.
type Process struct {
	PID, Parent int
	User        int      // user id; -1 = unknown
	Name        string   // as the system calls it; for a script its own name
	Args        []string // its command line; may hold secrets, never print it
	Program     string   // path of the program file; "" = not to be seen
}

// Table is all processes by id.
type Table map[int]Process

// ErrBlind says that this system does not tell.
var ErrBlind = errors.New("this system does not show other processes")

// Listener is who takes connections at a port.
type Listener struct {
	PID  int // 0 = not to be seen, for instance because it is another user's
	User int // -1 = unknown
}

// String names a process for people, without what its command line may hide:
// the name, for an interpreter the script, and the id.
func (p Process) String() string {
	name := p.Name
	if s := p.Script(); s != "" {
		name += " " + s
	}
	return fmt.Sprintf("%s (process %d)", printable(name), p.PID)
}

// Script is the file that an interpreter of Python runs, "" for other processes.
func (p Process) Script() string {
	if len(p.Args) == 0 || !strings.HasPrefix(path.Base(p.Args[0]), "python") {
		return ""
	}
	for _, arg := range p.Args[1:] {
		switch {
		case arg == "-c" || arg == "-m":
			return ""
		case !strings.HasPrefix(arg, "-"):
			return arg
		}
	}
	return ""
}

// highest bounds the way up, should the table be one of no single moment.
const highest = 24

// Chain is a process and those above it, the nearest first.
func (t Table) Chain(pid int) []Process {
	var chain []Process
	for len(chain) < highest {
		p, ok := t[pid]
		if !ok {
			return chain
		}
		chain, pid = append(chain, p), p.Parent
	}
	return chain
}

// printable keeps the name of another process from writing to a terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, s)
}

// number is -1 for what is none.
func number(s string) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil {
		return -1
	}
	return n
}

// All lists the processes.
func All(ctx context.Context) (Table, error) { return all(ctx) }

// Listening finds who takes connections to an address; false = nobody, or
// ErrBlind. An unspecified address of a socket takes all.
func Listening(ctx context.Context, host string, port int) (Listener, bool, error) {
	return listening(ctx, host, port)
}
