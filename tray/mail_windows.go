package tray

import (
	"context"
	"errors"
	"os"
	"unsafe"

	"golang.org/x/sys/windows"
)

// notifyIcon is NOTIFYICONDATAW.
type notifyIcon struct {
	size                uint32
	window              windows.Handle
	id, flags, callback uint32
	icon                windows.Handle
	tip                 [128]uint16
	state, stateMask    uint32
	info                [256]uint16
	timeout             uint32
	title               [64]uint16
	infoFlags           uint32
	guid                windows.GUID
	balloon             windows.Handle
}

// Of Shell_NotifyIconW. A message is shown by an icon, which is that of the
// library: by this class and number it made it.
const (
	modify       = 1    // NIM_MODIFY
	hasInfo      = 0x10 // NIF_INFO
	withIcon     = 1    // NIIF_INFO
	libraryClass = "SystrayClass"
	libraryIcon  = 100
)

var (
	shellNotify   = windows.NewLazySystemDLL("shell32.dll").NewProc("Shell_NotifyIconW")
	findWindowEx  = windows.NewLazySystemDLL("user32.dll").NewProc("FindWindowExW")
	errNoIcon     = errors.New("the icon is not there")
	errNotTheSame = errors.New("the icon does not show messages")
)

func (m *mail) send(_ context.Context, n Notice) {
	if n.Title == "" {
		return
	}
	if err := balloon(plain(n.Title), plain(n.Text)); err != nil {
		m.log.Debug("no message of the desktop", "err", err)
	}
}

// balloon shows a message at the icon. An empty text would take one away.
func balloon(title, text string) error {
	window, err := ownWindow()
	if err != nil {
		return err
	}
	if text == "" {
		text = " "
	}
	d := notifyIcon{window: window, id: libraryIcon, flags: hasInfo, infoFlags: withIcon}
	d.size = uint32(unsafe.Sizeof(d))
	fill(d.title[:], title)
	fill(d.info[:], text)
	if ok, _, _ := shellNotify.Call(modify, uintptr(unsafe.Pointer(&d))); ok == 0 {
		return errNotTheSame
	}
	return nil
}

// ownWindow finds the window of the library in this process: other programs use
// the same library.
func ownWindow() (windows.Handle, error) {
	class, err := windows.UTF16PtrFromString(libraryClass)
	if err != nil {
		return 0, err
	}
	for window := uintptr(0); ; {
		window, _, _ = findWindowEx.Call(0, window, uintptr(unsafe.Pointer(class)), 0)
		if window == 0 {
			return 0, errNoIcon
		}
		var pid uint32
		if _, err := windows.GetWindowThreadProcessId(windows.HWND(window), &pid); err == nil && pid == uint32(os.Getpid()) {
			return windows.Handle(window), nil
		}
	}
}

// fill puts as much of a text as fits, with the zero that ends it, and no half of
// a character.
func fill(to []uint16, text string) {
	all, err := windows.UTF16FromString(text)
	if err != nil {
		return // a zero in it
	}
	if len(all) > len(to) {
		end := len(to) - 2
		if high := all[end-1]; high >= 0xd800 && high < 0xdc00 {
			end--
		}
		all = append(all[:end:end], '\u2026', 0)
	}
	copy(to, all)
}
