//go:build unix

package main

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"syscall"
	"time"
)

// reapLeft waits for what the program before this one in the same process has
// started. Nothing was started since.
func reapLeft() {
	for {
		pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil)
		if err != syscall.EINTR && (err != nil || pid == 0) {
			return
		}
	}
}

// replace puts a new start of the program in the place of this process: same
// pid, same arguments, and the listening socket goes along, so that nobody is
// refused meanwhile. It is handed over as systemd hands sockets over. It returns
// only when that fails.
func (p *process) replace(times []time.Time) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	tcp, ok := p.port.Listener.(*net.TCPListener)
	if !ok {
		return fmt.Errorf("the port is a %T", p.port.Listener)
	}
	file, err := tcp.File()
	if err != nil {
		return fmt.Errorf("hand over the port: %w", err)
	}
	const first = 3 // SD_LISTEN_FDS_START
	if err := dup(int(file.Fd()), first); err != nil {
		return fmt.Errorf("hand over the port: %w", err)
	}
	env := replaced(p.Environ, map[string]string{
		"LISTEN_FDS": "1", "LISTEN_PID": strconv.Itoa(os.Getpid()), "LISTEN_FDNAMES": "", curedAt: cures(times),
	})
	return syscall.Exec(self, p.Args, env)
}
