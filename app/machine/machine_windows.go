package machine

import (
	"context"
	"os/exec"
	"strings"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// all takes a snapshot; it has neither command lines nor users.
func all(context.Context) (Table, error) {
	h, err := windows.CreateToolhelp32Snapshot(windows.TH32CS_SNAPPROCESS, 0)
	if err != nil {
		return nil, ErrBlind
	}
	defer func() { _ = windows.CloseHandle(h) }()
	e := windows.ProcessEntry32{}
	e.Size = uint32(unsafe.Sizeof(e))
	t := Table{}
	for err = windows.Process32First(h, &e); err == nil; err = windows.Process32Next(h, &e) {
		name := windows.UTF16ToString(e.ExeFile[:])
		t[int(e.ProcessID)] = Process{PID: int(e.ProcessID), Parent: int(e.ParentProcessID), User: -1, Name: strings.TrimSuffix(name, ".exe")}
	}
	return t, nil
}

// listening asks netstat, which every Windows has.
func listening(ctx context.Context, host string, port int) (Listener, bool, error) {
	cmd := exec.CommandContext(ctx, "netstat", "-ano")
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if err != nil {
		return Listener{}, false, ErrBlind
	}
	l, ok := parseNetstat(string(out), host, port)
	return l, ok, nil
}
