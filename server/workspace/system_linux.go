package workspace

import "syscall"

// Kinds of file systems that hold no files but show the kernel and what runs,
// see statfs(2).
const (
	procfs  = 0x9fa0
	sysfs   = 0x62656572
	cgroup  = 0x27e0eb
	cgroup2 = 0x63677270
	debugfs = 0x64626720
	tracefs = 0x74726163
	devpts  = 0x1cd1
)

// ofSystem reports whether a resolved folder shows the system: /proc, for one,
// has the environment of each process, this one's keys included.
func ofSystem(real string) bool {
	if same(real, "/dev") {
		return true
	}
	var s syscall.Statfs_t
	if err := syscall.Statfs(real, &s); err != nil {
		return false // it is not there, or cannot be opened either
	}
	switch int64(s.Type) {
	case procfs, sysfs, cgroup, cgroup2, debugfs, tracefs, devpts:
		return true
	default:
		return false
	}
}
