package supervise

import (
	"path"
	"slices"
	"strings"
	"unicode"
)

// wrappers start another program in their place or wait for it, and never start
// it a second time.
var wrappers = []string{
	"sh", "bash", "dash", "ash", "zsh", "ksh", "mksh", "fish", "busybox", "execlineb",
	"env", "su", "sudo", "doas", "runuser", "setpriv", "setsid", "timeout", "nice", "ionice", "stdbuf",
	"chpst", "setuidgid", "envuidgid", "softlimit", "s6-setuidgid", "s6-envuidgid", "s6-applyuidgid", "gosu", "su-exec",
}

// supervisors by the name of their process.
var supervisors = map[string]string{
	"runsv": "runit", "s6-supervise": "s6", "supervise": "daemontools", "supervisord": "supervisord",
	"foreman": "foreman", "nf": "foreman", "honcho": "honcho",
	"pm2": "pm2", "pm2-runtime": "pm2", "pm2-docker": "pm2", "pm2-dev": "pm2",
	"tini": "tini", "tini-static": "tini", "docker-init": "docker-init", "dumb-init": "dumb-init", "catatonit": "catatonit",
}

// interpreters run scripts: the name of the script is what counts.
var interpreters = []string{"python", "ruby", "node", "perl"}

// isWrapper looks at both names: the name of a script is its own, its command
// line begins with the shell.
func isWrapper(p Process) bool {
	return slices.Contains(wrappers, p.Comm) || slices.Contains(wrappers, program(p))
}

// supervisor names the supervisor that a process is, "" for none.
func supervisor(p Process) string {
	// The daemon of PM2 calls itself "PM2 v7.0.4: God Daemon (folder)".
	if strings.HasPrefix(p.Comm, "PM2 v") {
		return "pm2"
	}
	for _, name := range []string{p.Comm, program(p), script(p)} {
		if s := supervisors[name]; s != "" {
			return s
		}
	}
	return ""
}

// program is the name that a process was started by. A login shell's begins
// with a dash.
func program(p Process) string {
	if len(p.Args) == 0 {
		return ""
	}
	return strings.TrimPrefix(path.Base(p.Args[0]), "-")
}

// script is what an interpreter runs, "" where the process is none.
func script(p Process) string {
	name := program(p)
	if !slices.ContainsFunc(interpreters, func(i string) bool { return strings.HasPrefix(name, i) }) {
		return ""
	}
	for _, arg := range p.Args[1:] {
		if !strings.HasPrefix(arg, "-") {
			return strings.TrimSuffix(path.Base(arg), ".js")
		}
	}
	return ""
}

// printable keeps the name of another process from writing lines into a log.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, s)
}
