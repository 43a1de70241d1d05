//go:build !windows

package autostart

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
)

// launchd is an agent of the person in ~/Library/LaunchAgents. It takes effect
// at the next login: loading it now would start the program a second time.
type launchd struct {
	c Config
	// disabled reports whether `launchctl disable` or the settings of macOS
	// switched the agent off, and enable takes that back.
	disabled func() bool
	enable   func() error
}

func (l launchd) file() (string, error) {
	if !filepath.IsAbs(l.c.Home) {
		return "", errNoHome
	}
	return filepath.Join(l.c.Home, "Library", "LaunchAgents", l.c.ID+".plist"), nil
}

// stored returns what the agent's file says now; nil = there is none that can
// be read.
func (l launchd) stored() (job map[string]any, there bool, err error) {
	path, err := l.file()
	if err != nil {
		return nil, false, err
	}
	b, there, err := readFile(path)
	if err != nil || !there {
		return nil, there, err
	}
	job, _ = parsePlist(b) // one that cannot be read is stale
	return job, true, nil
}

func (l launchd) read() (entry, error) {
	job, there, err := l.stored()
	if err != nil || !there {
		return entry{}, err
	}
	e := entry{there: true, off: job["Disabled"] == true || l.disabled(), command: commandOf(job)}
	path := pathOf(job)
	want, _ := parsePlist(launchAgent(l.c, path))
	switch {
	case mergePath(l.c.Path, path) != path:
		e.other = "The login starts this program with an older PATH, in which it does not find every program that it finds now."
	case !reflect.DeepEqual(job, want):
		e.other = "The entry for the login has other settings than it should."
	}
	return e, nil
}

func (l launchd) write() error {
	path, err := l.file()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(l.c.Log), 0o700); err != nil { // launchd makes the file only
		return err
	}
	job, _, err := l.stored()
	if err != nil {
		return err
	}
	if err := replaceFile(path, launchAgent(l.c, mergePath(l.c.Path, pathOf(job)))); err != nil {
		return err
	}
	if l.disabled() {
		return l.enable()
	}
	return nil
}

func (l launchd) remove() error {
	path, err := l.file()
	if err != nil {
		return err
	}
	return removeFile(l.c.ID, path)
}

// launchAgent is the text of the agent's file. The program is started anew
// unless it ended well, so that Quit stays quit.
func launchAgent(c Config, path string) []byte {
	args := []any{c.Program}
	for _, arg := range c.Args {
		args = append(args, arg)
	}
	return plist([]pair{
		{"Label", c.ID},
		{"ProgramArguments", args},
		{"RunAtLoad", true},
		{"KeepAlive", []pair{{"SuccessfulExit", false}}},
		{"LimitLoadToSessionType", "Aqua"},
		{"ProcessType", "Interactive"},
		{"WorkingDirectory", c.Home},
		{"StandardOutPath", c.Log},
		{"StandardErrorPath", c.Log},
		{"EnvironmentVariables", []pair{{"PATH", path}}},
	})
}

func commandOf(job map[string]any) []string {
	args, _ := job["ProgramArguments"].([]any)
	var command []string
	for _, arg := range args {
		text, ok := arg.(string)
		if !ok {
			return nil
		}
		command = append(command, text)
	}
	return command
}

func pathOf(job map[string]any) string {
	env, _ := job["EnvironmentVariables"].(map[string]any)
	path, _ := env["PATH"].(string)
	return path
}

// mergePath is old where that has every folder of now: started by launchd or
// from the Finder the program sees a shorter PATH than from a terminal. Else
// now comes first, and the folders that only old has behind it.
func mergePath(now, old string) string {
	have := folders(old)
	fresh := folders(now)
	if !slices.ContainsFunc(fresh, func(dir string) bool { return !slices.Contains(have, dir) }) {
		return old
	}
	for _, dir := range have {
		if !slices.Contains(fresh, dir) {
			fresh = append(fresh, dir)
		}
	}
	return strings.Join(fresh, ":")
}

// folders are those of a PATH that mean the same everywhere, each once.
func folders(path string) []string {
	var dirs []string
	for dir := range strings.SplitSeq(path, ":") {
		if strings.HasPrefix(dir, "/") && !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// listedDisabled reads what `launchctl print-disabled` lists: lines like
// `"com.example.agent" => disabled`, or `=> true` before macOS 13.
func listedDisabled(list, label string) bool {
	for line := range strings.Lines(list) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), " => ")
		if ok && name == `"`+label+`"` {
			return value == "disabled" || value == "true"
		}
	}
	return false
}
