package machine

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"
)

// all asks ps, which every macOS has.
func all(ctx context.Context) (Table, error) {
	out, err := output(ctx, "/bin/ps", "-axwwo", "pid=,ppid=,uid=,command=")
	if err != nil {
		return nil, ErrBlind
	}
	return parsePS(out), nil
}

// listening asks lsof, which sees only the sockets of this user.
func listening(ctx context.Context, host string, port int) (Listener, bool, error) {
	out, err := output(ctx, "/usr/sbin/lsof", "-nP", fmt.Sprintf("-iTCP:%d", port), "-sTCP:LISTEN", "-Fpun")
	if e, ended := errors.AsType[*exec.ExitError](err); err != nil && (!ended || len(e.Stderr) > 0) {
		return Listener{}, false, ErrBlind
	}
	l, ok := parseLsof(out, host, port) // nothing found is an exit code too
	return l, ok, nil
}

func output(ctx context.Context, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	return string(out), err
}
