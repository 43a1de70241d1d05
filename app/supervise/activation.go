package supervise

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
)

// firstSocket is SD_LISTEN_FDS_START.
const firstSocket = 3

// Sockets returns the listening sockets that systemd opened for this process
// (sd_listen_fds(3)), in its order; none where there are none or they are meant
// for another process.
func Sockets(env func(string) string) ([]net.Listener, error) {
	if env("LISTEN_PID") != strconv.Itoa(os.Getpid()) {
		return nil, nil
	}
	n, err := strconv.Atoi(env("LISTEN_FDS"))
	if err != nil || n < 0 || n > 64 {
		return nil, fmt.Errorf("LISTEN_FDS=%s is not a number of sockets", env("LISTEN_FDS"))
	}
	var all []net.Listener
	for fd := firstSocket; fd < firstSocket+n; fd++ {
		f := os.NewFile(uintptr(fd), "LISTEN_FD_"+strconv.Itoa(fd))
		ln, err := listener(f)
		_ = f.Close()
		if err != nil {
			return nil, fmt.Errorf("descriptor %d of LISTEN_FDS is no socket that listens: %w", fd, err)
		}
		all = append(all, ln)
	}
	return all, nil
}

// listener makes a copy that no child gets.
func listener(f *os.File) (net.Listener, error) {
	if !listens(f) {
		return nil, errors.New("nothing can be accepted there")
	}
	return net.FileListener(f)
}
