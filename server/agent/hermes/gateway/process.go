package gateway

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"time"
)

// How long an agent has to end after its input is closed, and after SIGTERM.
const closeGrace, termGrace = 3 * time.Second, 5 * time.Second

// process is one run of an agent.
type process struct {
	cmd    *exec.Cmd
	client *Client
	ring   *ring
	stdin  io.Closer
	ended  chan struct{} // closed after Wait
	err    error         // of Wait; read after ended
}

// start runs `python -m tui_gateway.entry`.
func start(s Spec, log *slog.Logger) (*process, error) {
	p := &process{cmd: exec.Command(s.Python, "-m", "tui_gateway.entry"), ring: &ring{}, ended: make(chan struct{})}
	if len(s.Argv) > 0 {
		p.cmd = exec.Command(s.Argv[0], s.Argv[1:]...)
	}
	p.cmd.Dir, p.cmd.Env, p.cmd.Stderr = s.Dir, s.environment(), p.ring
	ownGroup(p.cmd)
	stdin, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	// Not StdoutPipe: Wait would close it before all is read.
	out, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	p.cmd.Stdout, p.stdin = in, stdin
	// What the agent left behind may hold its stderr open; it is killed then.
	p.cmd.WaitDelay = time.Second
	err = p.cmd.Start()
	_ = in.Close()
	if err != nil {
		_ = out.Close()
		return nil, err
	}
	link := NewLines(out, stdin, s.Spill, func() error { return errors.Join(stdin.Close(), out.Close()) })
	p.client = New(link, Options{Slog: log})
	go func() {
		p.err = p.cmd.Wait()
		killGroup(p.cmd)
		_ = out.SetReadDeadline(time.Now().Add(time.Second)) // somebody else may hold the other end
		close(p.ended)
	}()
	return p, nil
}

// stop ends the process: by the end of its input, then by signals. It returns
// when nothing of it is left, with all that it started.
func (p *process) stop() {
	_ = p.stdin.Close()
	for _, step := range []struct {
		grace time.Duration
		then  func()
	}{{closeGrace, func() { terminate(p.cmd) }}, {termGrace, func() { killGroup(p.cmd) }}} {
		select {
		case <-p.ended:
			_ = p.client.Close()
			return
		case <-time.After(step.grace):
			step.then()
		}
	}
	<-p.ended
	_ = p.client.Close()
}

// kill ends the process at once.
func (p *process) kill() {
	killGroup(p.cmd)
	<-p.ended
	_ = p.client.Close()
}

// why says in a sentence why an agent is not there, with its last words.
func (p *process) why() string {
	state := "It does not answer."
	select {
	case <-p.ended:
		state = "It ended"
		var exit *exec.ExitError
		if errors.As(p.err, &exit) {
			state += fmt.Sprintf(" (%s)", exit)
		}
		state += "."
	default:
	}
	if last := lastWords(p.ring.Lines()); last != "" {
		state += " Its last words: " + last
	}
	return state
}

// lastWords finds the line that says most: the last one that is no frame of a
// stack trace.
func lastWords(lines []string) string {
	for i := len(lines) - 1; i >= 0; i-- {
		if l := strings.TrimSpace(lines[i]); l != "" && !strings.HasPrefix(lines[i], " ") {
			return l
		}
	}
	return ""
}

// readyIn waits until the agent is ready.
func (p *process) readyIn(ctx context.Context, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	_, err := p.client.Ready(ctx)
	return err
}
