package child

import (
	"fmt"
	"syscall"

	"golang.org/x/sys/unix"
)

// startOf returns when a process started, to the microsecond. "" = there is none.
func startOf(pid int) string {
	k, err := unix.SysctlKinfoProc("kern.proc.pid", pid)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%d.%06d", k.Proc.P_starttime.Sec, k.Proc.P_starttime.Usec)
}

// kill ends the group of a recorded command while its leader is the process of
// the record.
func (r record) kill() int {
	if r.PID <= 1 || r.Start == "" || startOf(r.PID) != r.Start {
		return 0
	}
	if syscall.Kill(-r.PID, syscall.SIGKILL) != nil {
		return 0
	}
	return 1
}
