package main

import (
	"context"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	user32                   = windows.NewLazySystemDLL("user32.dll")
	getProcessWindowStation  = user32.NewProc("GetProcessWindowStation")
	getUserObjectInformation = user32.NewProc("GetUserObjectInformationW")
)

const (
	uoiFlags   = 1
	wsfVisible = 1 // the window station shows windows to a person
)

// lookForDesktop asks whether this process may show windows: services and
// logins by ssh have a window station that nobody sees.
func lookForDesktop(context.Context, func(string) string) sign {
	station, _, _ := getProcessWindowStation.Call() // its handle needs no closing
	var flags struct {
		inherit, reserved int32
		flags             uint32
	}
	ok, _, err := getUserObjectInformation.Call(station, uoiFlags,
		uintptr(unsafe.Pointer(&flags)), unsafe.Sizeof(flags), 0)
	switch {
	case station == 0 || ok == 0:
		return sign{why: "Windows does not tell the window station: " + err.Error()}
	case flags.flags&wsfVisible == 0:
		return sign{why: "the window station of this process is not interactive"}
	default:
		return sign{true, "the window station is interactive"}
	}
}
