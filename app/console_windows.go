package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	kernel32              = windows.NewLazySystemDLL("kernel32.dll")
	getConsoleProcessList = kernel32.NewProc("GetConsoleProcessList")
	freeConsole           = kernel32.NewProc("FreeConsole")
)

// leaveConsole closes the console window that Windows opens for this process
// alone, at login and on a double click: it would stay, and closing it would end
// the server. The log, which nobody could read then, goes to a file. A console
// that a person works in has other processes, and stays.
func leaveConsole(c config, out stdio) (config, stdio, error) {
	if consoleRead() {
		return c, out, nil
	}
	if c.Log.File == "" && unread(out.Err) {
		dir := filepath.Join(c.StateDir, "logs")
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return c, out, fmt.Errorf("the folder of the log cannot be made: %w. Choose another state folder with --state-dir", err)
		}
		c.Log.File = filepath.Join(dir, "hermes-webui.log")
	}
	if unread(out.Out) { // to write there would fail from now on
		out.Out = io.Discard
	}
	if unread(out.Err) {
		out.Err = io.Discard
	}
	_, _, _ = freeConsole.Call() // fails where there is none
	return c, out, nil
}

// consoleRead reports whether a person works in the console of this process: other
// processes use it too. One that is this process's alone goes with it, unread.
func consoleRead() bool {
	var users [2]uint32
	count, _, _ := getConsoleProcessList.Call(uintptr(unsafe.Pointer(&users)), uintptr(len(users)))
	return count > 1
}

// colours has a console understand the sequences for colours, which it does not
// by itself. It reports whether it does.
func colours(f *os.File) bool {
	var mode uint32
	console := windows.Handle(f.Fd())
	if windows.GetConsoleMode(console, &mode) != nil {
		return false
	}
	return windows.SetConsoleMode(console, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}

// unread reports whether what is written to w is neither kept nor passed on.
func unread(w io.Writer) bool {
	f, file := w.(*os.File)
	if !file {
		return false
	}
	kind, err := windows.GetFileType(windows.Handle(f.Fd()))
	return err != nil || kind == windows.FILE_TYPE_CHAR || kind == windows.FILE_TYPE_UNKNOWN
}
