package supervise

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
)

// View is what detection looks at. Live gives the real one.
type View struct {
	PID    int
	Parent int
	Env    func(name string) string           // "" = not set
	Look   func(pid int) (p Process, ok bool) // false: gone, or this system does not tell
	Cgroup string                             // of this process, as /proc/self/cgroup has it; "" = unknown
}

// Process is what anybody may know about another process.
type Process struct {
	Parent   int
	Comm     string   // its name; for a script that of the script
	Args     []string // its command line
	Terminal bool     // a terminal is its standard input
}

// Detect says who started this process. flag is the flag that asked for the
// foreground, "" for none.
func Detect(v View, flag string) Origin {
	up := climb(v)
	o, ok := exact(v, up)
	if !ok {
		o = likely(v, up)
	}
	o.Asked = asked(flag, v.Env("HERMES_WEBUI_FOREGROUND"))
	return o
}

// asked prefers the flag. A value other than those four is not a no.
func asked(flag, value string) string {
	if flag != "" {
		return flag
	}
	switch strings.ToLower(strings.TrimSpace(value)) {
	case "1", "true", "yes", "on":
		return "HERMES_WEBUI_FOREGROUND"
	}
	return ""
}

// ascent is the way from this process to the nearest one that is no shell.
type ascent struct {
	shells []int // nearest first
	top    int   // 0: it ended at a person's shell, or nobody can tell
	what   Process
}

// highest bounds the way up: nobody wraps a server in more shells than that.
const highest = 16

// climb walks over shells and programs that only prepare another. A shell with
// a terminal is a person's, who may have been started by anything: there it ends.
func climb(v View) ascent {
	var up ascent
	for pid := v.Parent; pid > 0 && len(up.shells) < highest; {
		p, ok := v.Look(pid)
		if !ok {
			return up
		}
		if !isWrapper(p) {
			up.top, up.what = pid, p
			return up
		}
		if p.Terminal {
			return up
		}
		up.shells = append(up.shells, pid)
		pid = p.Parent
	}
	return up
}

// names reports whether a pid in text is ours or that of a shell between.
func (a ascent) names(text string, own int) bool {
	pid, err := strconv.Atoi(text)
	if err != nil {
		return false
	}
	if pid == own {
		return true
	}
	for _, s := range a.shells {
		if s == pid {
			return true
		}
	}
	return false
}

func exact(v View, up ascent) (Origin, bool) {
	certain := func(name, format string, args ...any) (Origin, bool) {
		return Origin{Name: name, Signal: fmt.Sprintf(format, args...), Certainty: Certain}, true
	}
	if !byDesktop(v.Cgroup) {
		for _, name := range []string{"SYSTEMD_EXEC_PID", "WATCHDOG_PID"} {
			if up.names(v.Env(name), v.PID) {
				return certain("systemd", "%s names this process", name)
			}
		}
	}
	if v.PID == 1 {
		return certain("container", "this process is PID 1")
	}
	if v.Parent == 1 && sameProgram(v) {
		return certain("container", "PID 1 is this program, which adopts what others leave behind")
	}
	if n := len(up.shells); n > 0 && up.shells[n-1] == 1 {
		return certain("container", "PID 1 is a shell, which passes no signals on; start the program with exec")
	}
	if name := supervisor(up.what); name != "" {
		return certain(name, "the parent, process %d, is %s", up.top, printable(up.what.Comm))
	}
	if v.Parent == 1 && isLabel(v.Env("XPC_SERVICE_NAME")) {
		return certain("launchd", "XPC_SERVICE_NAME is set and the parent is PID 1")
	}
	return Origin{}, false
}

// sameProgram reports whether the parent was started by the same words.
func sameProgram(v View) bool {
	parent, ok := v.Look(v.Parent)
	own, known := v.Look(v.PID)
	return ok && known && len(own.Args) > 0 && slices.Equal(own.Args, parent.Args)
}

// hints are the variables of the founding document, in its order, and monit's.
var hints = []struct{ variable, name string }{
	{"INVOCATION_ID", "systemd"},
	{"JOURNAL_STREAM", "systemd"},
	{"NOTIFY_SOCKET", "systemd"},
	{"XPC_SERVICE_NAME", "launchd"},
	{"SUPERVISOR_ENABLED", "supervisord"},
	{"MONIT_SERVICE", "monit"},
}

func likely(v View, up ascent) Origin {
	exec := v.Env("SYSTEMD_EXEC_PID")
	void := byDesktop(v.Cgroup) || exec != "" && !up.names(exec, v.PID)
	for _, h := range hints {
		value := v.Env(h.variable)
		if value == "" || h.name == "systemd" && void || h.name == "launchd" && !isLabel(value) {
			continue
		}
		return Origin{Name: h.name, Signal: h.variable, Certainty: Likely}
	}
	return Origin{Certainty: None}
}

// isLabel tells a job of launchd from the noise that it gives every terminal.
// Labels need not be reverse domain names.
func isLabel(value string) bool {
	return value != "" && value != "0" && !strings.HasPrefix(value, "application.")
}

// byDesktop reports whether a desktop's launcher made the unit of this process:
// systemd then counts it as a service that no person knows of.
// https://systemd.io/DESKTOP_ENVIRONMENTS
func byDesktop(cgroup string) bool {
	for line := range strings.Lines(cgroup) {
		_, unit, _ := strings.Cut(strings.TrimSpace(line), "/")
		for part := range strings.SplitSeq(unit, "/") {
			kind := path.Ext(part)
			if strings.HasPrefix(part, "app-") && (kind == ".service" || kind == ".scope") {
				return true
			}
		}
	}
	return false
}
