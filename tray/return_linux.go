package tray

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"
	"golang.org/x/sys/unix"
)

// comeback tells when it is worth trying a bus again: when something appears in
// the folder of its socket, and now and then where that cannot be watched.
type comeback struct {
	events *os.File // nil = the folder cannot be watched
	pause  time.Duration
}

const (
	settle   = 100 * time.Millisecond // between the socket and the one who listens at it
	nowThen  = 30 * time.Second
	busLater = 10 * time.Minute // nothing was missed, so this only mends what nobody thought of
)

func newReturn(address string) *comeback {
	path, ok := socketPath(address)
	if !ok {
		return &comeback{pause: nowThen}
	}
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return &comeback{pause: nowThen}
	}
	events := os.NewFile(uintptr(fd), "inotify")
	_, err = unix.InotifyAddWatch(fd, filepath.Dir(path), unix.IN_CREATE|unix.IN_MOVED_TO|unix.IN_ATTRIB)
	if err != nil {
		_ = events.Close()
		return &comeback{pause: nowThen}
	}
	return &comeback{events: events, pause: busLater}
}

// socketPath returns the file of a bus address, if it has one.
func socketPath(address string) (string, bool) {
	first, _, _ := strings.Cut(address, ";")
	for field := range strings.SplitSeq(strings.TrimPrefix(first, "unix:"), ",") {
		if path, ok := strings.CutPrefix(field, "path="); ok && strings.HasPrefix(first, "unix:") {
			plain, err := dbus.UnescapeBusAddressValue(path)
			return plain, err == nil
		}
	}
	return "", false
}

// wait returns when the bus may be there, or ctx ends.
func (c *comeback) wait(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, c.pause)
	defer cancel()
	if c.events == nil {
		<-ctx.Done()
		return
	}
	stop := context.AfterFunc(ctx, func() { _ = c.events.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	buf := make([]byte, 4096)
	if _, err := c.events.Read(buf); err != nil {
		<-ctx.Done() // whatever is wrong with it: never a loop without a rest
		return
	}
	select {
	case <-time.After(settle):
	case <-ctx.Done():
	}
}

func (c *comeback) close() {
	if c.events != nil {
		_ = c.events.Close()
	}
}
