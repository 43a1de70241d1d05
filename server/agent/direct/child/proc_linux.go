package child

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// proc is one process as /proc tells of it.
type proc struct {
	pid, parent, group, session int
	dead                        bool
	start                       string // clock ticks after boot
}

// processes lists all that run.
func processes() []proc {
	dir, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	if err != nil {
		return nil
	}
	var all []proc
	for _, name := range names {
		pid, err := strconv.Atoi(name)
		if err != nil {
			continue
		}
		if p, ok := processOf(pid); ok && !p.dead {
			all = append(all, p)
		}
	}
	return all
}

// processOf reads /proc/PID/stat, see proc_pid_stat(5). A name may hold anything,
// also spaces and brackets; it ends with the last bracket.
func processOf(pid int) (proc, bool) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return proc{}, false
	}
	_, after, ok := cutLast(string(text), ")")
	f := strings.Fields(after)
	if !ok || len(f) < 20 {
		return proc{}, false
	}
	p := proc{pid: pid, dead: f[0] == "Z" || f[0] == "X", start: f[19]}
	for i, to := range []*int{&p.parent, &p.group, &p.session} {
		if *to, err = strconv.Atoi(f[i+1]); err != nil {
			return proc{}, false
		}
	}
	return p, true
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// signal sends a signal to p and to nothing else that has got its number since.
func (p proc) signal(s syscall.Signal) {
	held, err := os.FindProcess(p.pid) // holds the process itself, not its number
	if err != nil {
		return
	}
	defer held.Release()
	if now, ok := processOf(p.pid); ok && now.start == p.start {
		_ = held.Signal(s)
	}
}

// marked reports whether the process was started with the marker.
func (p proc) marked(mark string) bool {
	env, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", p.pid))
	if err != nil {
		return false
	}
	want := []byte(MarkName + "=" + mark)
	for line := range bytes.SplitSeq(env, []byte{0}) {
		if bytes.Equal(line, want) {
			return true
		}
	}
	return false
}

// writes reports whether the process' standard output or error is that pipe.
func (p proc) writes(pipe string) bool {
	for _, fd := range []int{1, 2} {
		if to, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", p.pid, fd)); err == nil && to == pipe {
			return true
		}
	}
	return false
}

// kin says by what a command's processes are known.
type kin struct {
	leader int    // number of the command itself: its group and session; 0 = not known
	mark   string // see MarkName
	pipe   string // its output; "" = not known
	known  []proc // seen before
}

// find lists all of them that run, and all their children; never this process.
func (k kin) find() []proc {
	all := processes()
	own := os.Getpid()
	found := make(map[int]bool)
	for _, p := range all {
		if p.pid != own && k.has(p) {
			found[p.pid] = true
		}
	}
	for grown := true; grown; {
		grown = false
		for _, p := range all {
			if found[p.parent] && !found[p.pid] && p.pid != own {
				found[p.pid], grown = true, true
			}
		}
	}
	return slices.DeleteFunc(all, func(p proc) bool { return !found[p.pid] })
}

func (k kin) has(p proc) bool {
	if k.leader > 1 && (p.group == k.leader || p.session == k.leader) {
		return true
	}
	if slices.ContainsFunc(k.known, func(q proc) bool { return q.pid == p.pid && q.start == p.start }) {
		return true
	}
	return p.marked(k.mark) || k.pipe != "" && p.writes(k.pipe)
}
