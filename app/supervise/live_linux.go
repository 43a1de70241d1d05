package supervise

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// Live looks at this process through /proc.
func Live(env func(string) string) View {
	cgroup, _ := os.ReadFile("/proc/self/cgroup") // without it no unit is known
	return View{PID: os.Getpid(), Parent: os.Getppid(), Env: env, Look: look, Cgroup: string(cgroup)}
}

// look reads what is open to everybody: the program file of another user's
// process is not.
func look(pid int) (Process, bool) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	open, end := bytes.IndexByte(b, '('), bytes.LastIndexByte(b, ')')
	if err != nil || open < 0 || end < open {
		return Process{}, false
	}
	rest := strings.Fields(string(b[end+1:])) // state, parent, group, session, terminal
	if len(rest) < 5 {
		return Process{}, false
	}
	parent, err := strconv.Atoi(rest[1])
	if err != nil {
		return Process{}, false
	}
	line, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid)) // empty for kernel threads
	p := Process{Parent: parent, Comm: string(b[open+1 : end]), Terminal: terminal(pid, rest[4] != "0")}
	if len(line) > 0 {
		p.Args = strings.Split(strings.TrimSuffix(string(line), "\x00"), "\x00")
	}
	return p, true
}

// terminal looks at the standard input. Another user's is not to be seen: then
// the terminal that controls the process counts.
func terminal(pid int, controlled bool) bool {
	var st syscall.Stat_t
	if err := syscall.Stat(fmt.Sprintf("/proc/%d/fd/0", pid), &st); err != nil {
		return controlled && os.IsPermission(err)
	}
	if st.Mode&syscall.S_IFMT != syscall.S_IFCHR {
		return false
	}
	switch major := st.Rdev >> 8 & 0xfff; {
	case major >= 136 && major <= 143: // pseudo terminals
		return true
	default: // consoles, /dev/tty, serial and hypervisor lines
		return major == 4 || major == 5 || major == 204 || major == 229
	}
}
