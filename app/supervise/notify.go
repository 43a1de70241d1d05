package supervise

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

// Notifier tells systemd, or who speaks its protocol, how the service is
// (sd_notify(3)). The nil Notifier tells nobody.
type Notifier struct {
	conn *net.UnixConn
	// Watchdog is how often Alive has to come, 0 for never. It is half of what
	// the supervisor allows.
	Watchdog time.Duration
}

// NewNotifier connects to the socket that NOTIFY_SOCKET names, "@" for the
// abstract namespace. It returns nil where there is none. An error means that
// the supervisor waits for words that cannot reach it.
func NewNotifier(env func(string) string) (*Notifier, error) {
	path := env("NOTIFY_SOCKET")
	if path == "" {
		return nil, nil
	}
	if !strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "@") {
		return nil, fmt.Errorf("NOTIFY_SOCKET=%s is no path of a socket", path)
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		return nil, fmt.Errorf("nobody listens at NOTIFY_SOCKET: %w", err)
	}
	return &Notifier{conn: conn, Watchdog: watchdog(env)}, nil
}

// watchdog reads WATCHDOG_USEC, unless WATCHDOG_PID says that it is meant for
// another process (sd_watchdog_enabled(3)).
func watchdog(env func(string) string) time.Duration {
	usec, err := strconv.ParseUint(env("WATCHDOG_USEC"), 10, 63)
	if pid := env("WATCHDOG_PID"); err != nil || pid != "" && pid != strconv.Itoa(os.Getpid()) {
		return 0
	}
	return time.Duration(usec) * time.Microsecond / 2
}

// Ready says that the service answers.
func (n *Notifier) Ready(status string) error { return n.send("READY=1", "STATUS="+line(status)) }

// Status says in a sentence what the service does.
func (n *Notifier) Status(status string) error { return n.send("STATUS=" + line(status)) }

// Reloading says that the service reads its files anew; Ready ends that. The
// time is what Type=notify-reload asks for.
func (n *Notifier) Reloading(monotonic time.Duration) error {
	return n.send("RELOADING=1", fmt.Sprintf("MONOTONIC_USEC=%d", monotonic.Microseconds()))
}

// Stopping says that the service ends.
func (n *Notifier) Stopping(status string) error { return n.send("STOPPING=1", "STATUS="+line(status)) }

// Alive is the ping that the watchdog waits for.
func (n *Notifier) Alive() error { return n.send("WATCHDOG=1") }

// More asks for patience: starting or stopping may take so much longer from now.
func (n *Notifier) More(d time.Duration) error {
	return n.send(fmt.Sprintf("EXTEND_TIMEOUT_USEC=%d", d.Microseconds()))
}

// Close lets go of the socket.
func (n *Notifier) Close() error {
	if n == nil {
		return nil
	}
	return n.conn.Close()
}

func (n *Notifier) send(states ...string) error {
	if n == nil {
		return nil
	}
	_ = n.conn.SetWriteDeadline(time.Now().Add(time.Second)) // a full queue must not hold the server
	_, err := n.conn.Write([]byte(strings.Join(states, "\n")))
	return err
}

// line keeps a sentence from saying more than one thing.
func line(s string) string { return strings.ReplaceAll(s, "\n", " ") }
