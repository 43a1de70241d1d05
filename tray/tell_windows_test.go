package tray

import (
	"log/slog"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// The box has the words, and Tell waits until the person has read it.
func TestTellShowsABoxUntilItIsRead(t *testing.T) {
	const title = "Hermes Web UI did not start: a test"
	read := make(chan struct{})
	go func() {
		defer close(read)
		Tell(t.Context(), Options{Slog: slog.New(slog.DiscardHandler)}, Notice{Title: title, Text: "port 8787 is taken"})
	}()
	user32 := windows.NewLazySystemDLL("user32.dll")
	name, err := windows.UTF16PtrFromString(title)
	if err != nil {
		t.Fatal(err)
	}
	var box uintptr
	for end := time.Now().Add(30 * time.Second); box == 0; time.Sleep(20 * time.Millisecond) { // the system tells nobody
		if box, _, _ = findWindow.Call(0, uintptr(unsafe.Pointer(name))); time.Now().After(end) {
			t.Fatal("no box")
		}
	}
	if !hasText(user32, box, "port 8787 is taken") {
		t.Error("the box has other words")
	}
	select {
	case <-read:
		t.Error("it did not wait")
	default:
	}
	const wmClose = 0x10
	_, _, _ = user32.NewProc("PostMessageW").Call(box, wmClose, 0, 0)
	<-read
}

// hasText reports whether a window has a part with these words.
func hasText(user32 *windows.LazyDLL, window uintptr, words string) (found bool) {
	text := user32.NewProc("GetWindowTextW")
	each := syscall.NewCallback(func(part, _ uintptr) uintptr {
		var said [300]uint16
		_, _, _ = text.Call(part, uintptr(unsafe.Pointer(&said)), uintptr(len(said)))
		found = found || windows.UTF16ToString(said[:]) == words
		return 1
	})
	_, _, _ = user32.NewProc("EnumChildWindows").Call(window, each, 0)
	return found
}
