package gateway

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// body is the process of an agent, however it is spoken to.
type body interface {
	pid() int
	hurry()          // it does not listen: it is not worth waiting for
	settle(end bool) // after the link was closed; end: the agent ends too
	why(err error) string
}

// run is one life of the agent.
func (h *Host) run(l *life) {
	defer close(l.gone)
	defer l.end()
	b, err := h.begin(l)
	if err != nil {
		l.err = h.failed(l, err.Error(), false)
		close(l.settled)
		return
	}
	close(l.settled)
	began := time.Now()
	deaf := h.watch(l, b)
	_ = l.client.Close()
	b.settle(deaf || l.ctx.Err() != nil && h.live.Err() == nil) // returns when nothing is left
	l.fate = b.why(l.client.Err())
	// One that still serves only lost its connection: that is no failure of it.
	_ = h.failed(l, "Hermes Agent broke off. "+l.fate, time.Since(began) >= calm || h.Stands())
}

// begin starts the agent and waits until it is ready. Its errors are sentences
// for people.
func (h *Host) begin(l *life) (body, error) {
	env, err := Bridge(h.spec.environment(), h.spec.Home)
	if err != nil {
		h.slog.Warn("the agent's terminal settings are not used", "err", err)
	}
	b, link, err := h.open(l, env)
	if err != nil {
		return nil, &Problem{"Hermes Agent cannot be started: " + strings.TrimSuffix(err.Error(), ".") + "."}
	}
	h.enter(Starting, b.pid())
	c := New(link, Options{Slog: h.slog})
	if err := h.ready(l, c); err != nil {
		b.hurry()
		_ = c.Close()
		b.settle(h.live.Err() == nil)
		return nil, &Problem{"Hermes Agent did not start. " + b.why(err)}
	}
	l.client = c
	h.enter(Ready, b.pid())
	return b, nil
}

// open starts the agent, or finds one that serves.
func (h *Host) open(l *life, env []string) (body, Link, error) {
	if h.spec.Serve != "" {
		return serve(l.ctx, h.spec, env, l.words)
	}
	p, err := launch(h.spec, env, l.words)
	if err != nil {
		return nil, nil, err
	}
	return p, newPipes(p, h.spec.Spill), nil
}

func (h *Host) ready(l *life, c *Client) error {
	ctx, cancel := context.WithTimeoutCause(l.ctx, h.spec.ReadyIn,
		fmt.Errorf("it took longer than %g s", h.spec.ReadyIn.Seconds()))
	defer cancel()
	_, err := c.Ready(ctx)
	return err
}

// watch returns when the client is over or is to be closed: it does not answer
// (deaf), or the life is to end.
func (h *Host) watch(l *life, b body) (deaf bool) {
	tick := time.NewTicker(h.spec.PingEvery)
	defer tick.Stop()
	for missed := 0; missed < missedPings; {
		select {
		case <-l.client.Done():
			return false
		case <-l.ctx.Done():
			return false
		case <-tick.C:
		}
		if missed++; h.ping(l) {
			missed = 0
		}
	}
	h.slog.Warn("the agent does not answer and is ended", "pid", b.pid())
	_ = l.client.fail(fmt.Errorf("it did not answer %d times in a row", missedPings))
	b.hurry()
	return true
}

// ping asks for what costs the least. Any answer is a sign of life.
func (h *Host) ping(l *life) bool {
	ctx, cancel := context.WithTimeout(l.ctx, h.spec.PingEvery)
	defer cancel()
	err := l.client.Call(ctx, "config.get", map[string]string{"key": "mtime"}, nil)
	_, refused := errors.AsType[*Error](err)
	return err == nil || refused
}

// enter notes a phase.
func (h *Host) enter(p Phase, pid int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.state.to(p, pid)
}

// failed notes an end, and returns what it was for those who wait. After a calm
// life the next start need not wait, nor after an end that was wanted.
func (h *Host) failed(l *life, problem string, calm bool) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if l.ctx.Err() != nil {
		h.state.to(Off, 0)
		return errStopped
	}
	pause := min(h.spec.Pause<<min(h.fails, 10), lastPause)
	h.fails++
	if calm {
		pause, h.fails = 0, 0
	}
	h.state.to(Failed, 0)
	h.state.Problem, h.state.RetryAt = problem, h.state.Since.Add(pause)
	h.slog.Warn("the agent ended", "why", problem, "pause", pause)
	return &Problem{problem}
}

// why says in sentences for people how the process ended, with the words that
// say most. err is what its client ended with.
func (p *process) why(err error) string {
	text := sentence(err)
	if ended, ok := errors.AsType[*Ended](err); ok {
		text = "It ended (" + ended.How + ")."
	}
	if last := telling(p.words.Lines()); last != "" {
		text += " Its last words: " + last
	}
	return text
}

// sentence makes one of an error that is a cause within ErrGone, or is none.
func sentence(err error) string {
	text := strings.TrimPrefix(err.Error(), ErrGone.Error()+": ")
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// telling finds the line that says most: the last one that is no frame of a stack
// trace.
func telling(lines []string) string {
	for i := len(lines) - 1; i >= 0; i-- {
		if !strings.HasPrefix(lines[i], " ") {
			return strings.TrimSpace(lines[i])
		}
	}
	return ""
}
