package child

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// HideProcess keeps children of the same user from reading this process' memory
// and its first environment, where keys may be (/proc/PID/environ and mem): a
// command of the agent runs as the same user. Call it at the very start, before
// anything is run.
//
// What it costs: no core dumps; no debugger, profiler or strace can be attached
// but by root; this process' own /proc/self/fd, environ and the like belong to
// root. It is of no use against children that run as root with CAP_SYS_PTRACE.
// Children that were started are not hidden themselves.
func HideProcess() error {
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return fmt.Errorf("child: hide this process: %w", err)
	}
	return nil
}
