package health

import (
	"errors"
	"fmt"

	"golang.org/x/sys/windows"
)

// Windows has handles, and no limit that a program would meet.
func openDescriptors() (int64, error) { return 0, errors.ErrUnsupported }

func descriptorLimit() (int64, bool) { return 0, false }

func space(dir string) (free, total int64, err error) {
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, 0, fmt.Errorf("look at the disk: %w", err)
	}
	var f, t uint64
	if err := windows.GetDiskFreeSpaceEx(name, &f, &t, nil); err != nil {
		return 0, 0, fmt.Errorf("look at the disk: %w", err)
	}
	return int64(f), int64(t), nil //nolint:gosec // no disk is that large
}
