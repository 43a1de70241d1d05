package tray

import (
	"context"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

const (
	shellWithin = 2 * time.Minute
	shellEvery  = 500 * time.Millisecond
)

var findWindow = windows.NewLazySystemDLL("user32.dll").NewProc("FindWindowW")

// waitForShell waits, at login, for the bar that takes icons: the library tries
// only once. Windows tells nobody but windows when it comes, so this looks.
func waitForShell(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, shellWithin)
	defer cancel()
	class, err := windows.UTF16PtrFromString("Shell_TrayWnd")
	if err != nil {
		return
	}
	look := time.NewTicker(shellEvery)
	defer look.Stop()
	for {
		if window, _, _ := findWindow.Call(uintptr(unsafe.Pointer(class)), 0); window != 0 {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
	}
}
