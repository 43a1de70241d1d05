package supervise

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// listen is the supervisor's end of NOTIFY_SOCKET.
func listen(t *testing.T, name string) *net.UnixConn {
	t.Helper()
	c, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func said(t *testing.T, c *net.UnixConn) string {
	t.Helper()
	b := make([]byte, 4096)
	_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
	n, err := c.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	return string(b[:n])
}

func vars(m map[string]string) func(string) string { return func(k string) string { return m[k] } }

func TestANotifierSpeaksToTheSocketThatIsNamed(t *testing.T) {
	for _, name := range []string{filepath.Join(t.TempDir(), "notify"), "@hermes-webui-test-" + strconv.Itoa(os.Getpid())} {
		c := listen(t, name)
		n, err := NewNotifier(vars(map[string]string{"NOTIFY_SOCKET": name}))
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range []struct {
			say  func() error
			want string
		}{
			{func() error { return n.More(5 * time.Second) }, "EXTEND_TIMEOUT_USEC=5000000"},
			{func() error { return n.Ready("at\nhome") }, "READY=1\nSTATUS=at home"},
			{func() error { return n.Status("2 running") }, "STATUS=2 running"},
			{n.Alive, "WATCHDOG=1"},
			{func() error { return n.Reloading(time.Second) }, "RELOADING=1\nMONOTONIC_USEC=1000000"},
			{func() error { return n.Stopping("bye") }, "STOPPING=1\nSTATUS=bye"},
		} {
			if err := one.say(); err != nil {
				t.Fatal(err)
			}
			if got := said(t, c); got != one.want {
				t.Errorf("said %q, want %q", got, one.want)
			}
		}
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestWithoutASocketNobodyIsTold(t *testing.T) {
	n, err := NewNotifier(vars(nil))
	if err != nil || n != nil {
		t.Fatalf("%v, %v", n, err)
	}
	if err := n.Ready(""); err != nil {
		t.Error(err)
	}
	if err := n.Close(); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{"relative", filepath.Join(t.TempDir(), "nobody")} {
		if _, err := NewNotifier(vars(map[string]string{"NOTIFY_SOCKET": bad})); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
}

func TestTheWatchdogIsFedTwiceAsOftenAsItAsks(t *testing.T) {
	own := strconv.Itoa(os.Getpid())
	for _, c := range []struct {
		usec, pid string
		want      time.Duration
	}{
		{"3000000", "", 1500 * time.Millisecond},
		{"3000000", own, 1500 * time.Millisecond},
		{"3000000", "1", 0}, // another process is watched
		{"", own, 0},
		{"-5", own, 0},
		{"soon", own, 0},
	} {
		if got := watchdog(vars(map[string]string{"WATCHDOG_USEC": c.usec, "WATCHDOG_PID": c.pid})); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
