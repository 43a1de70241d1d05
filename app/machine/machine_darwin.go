package machine

import (
	"context"
	"fmt"
	"os/exec"
	"path"
	"strings"
	"time"
)

// all asks ps, which every macOS has.
func all(ctx context.Context) (Table, error) {
	out, err := command(ctx, "/bin/ps", "-axwwo", "pid=,ppid=,uid=,command=").Output()
	if err != nil {
		return nil, ErrBlind
	}
	t := Table{}
	for line := range strings.Lines(string(out)) {
		col := strings.Fields(line)
		if len(col) < 4 {
			continue
		}
		p := Process{PID: number(col[0]), Parent: number(col[1]), User: number(col[2]), Args: col[3:], Name: path.Base(col[3])}
		if path.IsAbs(col[3]) {
			p.Program = col[3]
		}
		t[p.PID] = p
	}
	return t, nil
}

// listening asks lsof, which sees only the sockets of this user.
func listening(ctx context.Context, host string, port int) (Listener, bool, error) {
	out, err := command(ctx, "/usr/sbin/lsof", "-nP", fmt.Sprintf("-iTCP@%s:%d", bracketed(host), port), "-sTCP:LISTEN", "-Fpu").Output()
	if err != nil && len(out) == 0 {
		return Listener{}, false, ErrBlind
	}
	l := Listener{User: -1}
	for line := range strings.Lines(string(out)) {
		switch line[0] {
		case 'p':
			if l.PID != 0 {
				return l, true, nil
			}
			l.PID = number(line[1:])
		case 'u':
			l.User = number(line[1:])
		}
	}
	return l, l.PID != 0, nil
}

func bracketed(host string) string {
	if strings.Contains(host, ":") {
		return "[" + host + "]"
	}
	return host
}

func command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.WaitDelay = time.Second
	return cmd
}
