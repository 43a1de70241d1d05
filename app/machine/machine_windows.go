package machine

import (
	"context"
	"net"
	"os/exec"
	"strconv"
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

// listening reads netstat, whose words are those of the system's language: a
// socket that listens is one whose other end has port 0.
func listening(ctx context.Context, host string, port int) (Listener, bool, error) {
	cmd := exec.CommandContext(ctx, "netstat", "-ano")
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if err != nil {
		return Listener{}, false, ErrBlind
	}
	own, any4, any6 := net.JoinHostPort(host, strconv.Itoa(port)), "0.0.0.0:"+strconv.Itoa(port), "[::]:"+strconv.Itoa(port)
	for line := range strings.Lines(string(out)) {
		col := strings.Fields(line)
		if len(col) < 4 || col[0] != "TCP" || !strings.HasSuffix(col[2], ":0") {
			continue
		}
		if at := col[1]; at == own || at == any4 || at == any6 {
			return Listener{PID: max(0, number(col[len(col)-1])), User: -1}, true, nil
		}
	}
	return Listener{}, false, nil
}
