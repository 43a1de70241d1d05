// Package command decides which commands of a model may run without asking a
// person. It understands only a small, plain part of the shell's language, and
// whatever it is not certain of is asked.
package command

import (
	"os"
	"path/filepath"
	"runtime"
)

// Plain is a command that only looks at files of the workspace. Run Argv as it
// stands, in the workspace, and never through a shell: its paths are resolved,
// so that no link in them can lead elsewhere later.
type Plain struct {
	Argv  []string // the program's absolute path first
	space folder
	seen  []seen
}

// Check reads command and reports whether it may run without asking: it is one
// plain command, on the list with permitted flags only, and each of its paths is
// a file or folder that is there, inside of the workspace. search is a PATH; the
// program must be found by an absolute entry of it, outside of the workspace.
//
// On Windows it permits nothing: programs there split their command line in ways
// of their own.
func Check(workspace string, root *os.Root, search, command string) (*Plain, bool) {
	if runtime.GOOS == "windows" || root == nil {
		return nil, false
	}
	words, ok := split(command)
	if !ok {
		return nil, false
	}
	r, ok := read(words)
	if !ok {
		return nil, false
	}
	space, ok := enter(workspace, root)
	if !ok {
		return nil, false
	}
	program, ok := find(search, words[0], space.path)
	if !ok {
		return nil, false
	}
	p := &Plain{Argv: append([]string{program}, r.flags...), space: space}
	for _, word := range r.paths {
		s, ok := space.look(word)
		if !ok {
			return nil, false
		}
		p.seen = append(p.seen, s)
		p.Argv = append(p.Argv, s.path)
	}
	return p, true
}

// Still reports whether each path is what it was when it was checked. Output
// may be handed on only while it says so: a folder that became a link in between
// would show files from outside.
func (p *Plain) Still() bool {
	if !p.space.still() {
		return false
	}
	for _, s := range p.seen {
		if !s.still() {
			return false
		}
	}
	return true
}

// Dir is the workspace's folder without links, to run Argv in.
func (p *Plain) Dir() string { return p.space.path }

// find looks a program up the way a shell does, and gives up where the shell
// might find one that the workspace brought along.
func find(search, name, workspace string) (string, bool) {
	for _, dir := range filepath.SplitList(search) {
		if !filepath.IsAbs(dir) {
			return "", false // the shell would look into the workspace here
		}
		file := filepath.Join(dir, name)
		info, err := os.Stat(file)
		if err != nil || !info.Mode().IsRegular() || info.Mode().Perm()&0o111 == 0 {
			continue
		}
		real, err := filepath.EvalSymlinks(file)
		if err != nil || within(workspace, real) || within(workspace, file) {
			return "", false
		}
		// Not the real path: programs like busybox go by the name they are called.
		return file, true
	}
	return "", false
}
