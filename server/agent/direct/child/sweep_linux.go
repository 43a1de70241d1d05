package child

import (
	"os"
	"strings"
	"syscall"
	"time"
)

// startOf returns when a process started: the boot and the clock ticks since
// then. "" = there is none.
func startOf(pid int) string {
	p, ok := processOf(pid)
	if !ok {
		return ""
	}
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(boot)) + " " + p.start
}

// kill ends what is left of a recorded command and returns how many these were.
// The group counts only while its leader is the process of the record; all else
// is known by the marker, which no other process can have.
func (r record) kill() int {
	leader := 0
	if r.PID > 1 && r.Start != "" && startOf(r.PID) == r.Start {
		leader = r.PID
	}
	k := kin{leader: leader, mark: r.Mark}
	ended := make(map[int]bool)
	for until := time.Now().Add(killing); time.Now().Before(until); {
		found := k.find()
		if len(found) == 0 {
			break
		}
		k.known = found
		for _, p := range found {
			p.signal(syscall.SIGKILL)
			ended[p.pid] = true
		}
		time.Sleep(5 * time.Millisecond) // the system does not tell of others' children
	}
	return len(ended)
}
