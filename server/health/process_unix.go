//go:build unix

package health

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"syscall"
)

// openDescriptors counts without the one that counting needs.
func openDescriptors() (int64, error) {
	dir := "/dev/fd"
	if runtime.GOOS == "linux" {
		dir = "/proc/self/fd"
	}
	d, err := os.Open(dir)
	if errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) {
		return 0, errExhausted
	}
	if err != nil {
		return 0, fmt.Errorf("count descriptors: %w", err)
	}
	names, err := d.Readdirnames(-1)
	_ = d.Close() // only read from
	if err != nil {
		return 0, fmt.Errorf("count descriptors: %w", err)
	}
	return int64(len(names)) - 1, nil
}

func descriptorLimit() (int64, bool) {
	var l syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l) != nil {
		return 0, false
	}
	const unlimited = 1 << 40
	if l.Cur >= unlimited {
		return 0, false
	}
	return int64(l.Cur), true //nolint:gosec // see unlimited
}

func space(dir string) (free, total int64, err error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, 0, fmt.Errorf("look at the disk: %w", err)
	}
	size := int64(s.Bsize)
	return int64(s.Bavail) * size, int64(s.Blocks) * size, nil //nolint:gosec // no disk is that large
}
