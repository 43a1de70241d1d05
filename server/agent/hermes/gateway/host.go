package gateway

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// Spec says what agent a Host keeps.
type Spec struct {
	Python string   // the interpreter that has hermes-agent
	Argv   []string // in place of Python's module, for tests
	Home   string   // HERMES_HOME of the profile
	Dir    string   // working folder of sessions that name none
	Env    []string // environment, without HERMES_HOME; see Bridge for the rest
	Spill  string   // folder for files of long frames; "" = the system's
	// ReadyIn is how long it may take to become ready; 0 = 60 s: the first start
	// compiles the agent's modules.
	ReadyIn time.Duration
	// PingEvery is the time between looks whether it answers; 0 = 30 s.
	PingEvery time.Duration
}

func (s Spec) environment() []string {
	env := append([]string(nil), s.Env...)
	env = append(env, "PYTHONUNBUFFERED=1", "PYTHONUTF8=1", "HERMES_TUI_TOOL_PROGRESS=all")
	if s.Home != "" {
		env = append(env, "HERMES_HOME="+s.Home)
	}
	return env
}

// Phase is where a Host stands.
type Phase string

const (
	Off      Phase = "off" // nobody has needed it yet
	Starting Phase = "starting"
	Ready    Phase = "ready"
	Failed   Phase = "failed" // it is started again when it is needed, after a pause
)

// State is what is true of a Host now.
type State struct {
	Phase   Phase
	Problem string    // why it failed, a sentence for people
	RetryAt time.Time // not before
	PID     int
	Stderr  []string // its newest words for people, secrets taken out
}

const backoffFirst, backoffLast = time.Second, 30 * time.Second

const missedPings = 3

// Host keeps one agent process: it starts it when it is needed, looks whether it
// answers, and starts it anew after it ended, not too often.
type Host struct {
	spec Spec
	slog *slog.Logger

	mu       sync.Mutex
	process  *process
	last     *process      // that runs, or the one before
	starting chan struct{} // closed when the start that goes on has an end
	stopped  bool
	problem  string
	fails    int
	retryAt  time.Time
	words    []string // of the process before
	wg       sync.WaitGroup
}

// Problem is why an agent cannot be reached, in a sentence for people.
type Problem struct{ Text string }

func (p *Problem) Error() string { return p.Text }

// NewHost returns a Host that has started nothing.
func NewHost(s Spec, log *slog.Logger) *Host {
	if s.ReadyIn == 0 {
		s.ReadyIn = time.Minute
	}
	if s.PingEvery == 0 {
		s.PingEvery = 30 * time.Second
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Host{spec: s, slog: log}
}

// Client returns the connection to the agent, which is started where it does not
// run. It waits until the agent is ready. The error is a *Problem, or ctx's.
func (h *Host) Client(ctx context.Context) (*Client, error) {
	for {
		c, wait, err := h.client()
		if c != nil || err != nil {
			return c, err
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// client returns the client, or what to wait for.
func (h *Host) client() (*Client, <-chan struct{}, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.stopped:
		return nil, nil, &Problem{"Hermes Agent was stopped, because this program is going down."}
	case h.starting != nil:
		return nil, h.starting, nil
	case h.process != nil:
		return h.process.client, nil, nil
	case time.Now().Before(h.retryAt):
		return nil, nil, &Problem{fmt.Sprintf("%s The next try is possible in %d s.", h.problem, int(time.Until(h.retryAt).Seconds())+1)}
	}
	h.starting = make(chan struct{})
	h.wg.Go(h.launch)
	return nil, h.starting, nil
}

// launch starts the agent and waits until it is ready.
func (h *Host) launch() {
	p, err := start(h.spec, h.slog)
	if err != nil {
		h.settle(nil, "Hermes Agent cannot be started: "+err.Error()+".", nil)
		return
	}
	h.note(p)
	if err := p.readyIn(context.Background(), h.spec.ReadyIn); err != nil {
		select { // its last words come with its end
		case <-p.ended:
		case <-time.After(time.Second):
		}
		why := p.why()
		p.kill()
		h.settle(nil, "Hermes Agent did not start. "+why, p.ring.Lines())
		return
	}
	h.settle(p, "", nil)
	h.wg.Go(func() { h.keep(p) })
}

// note lets Stop end a start that goes on.
func (h *Host) note(p *process) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.process, h.last = p, p
	if h.stopped {
		killGroup(p.cmd)
	}
}

func (h *Host) settle(p *process, problem string, words []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.process, h.problem = p, problem
	if p == nil {
		h.failed(problem, words)
	}
	close(h.starting)
	h.starting = nil
}

// failed counts a failure; h.mu is held.
func (h *Host) failed(problem string, words []string) {
	h.problem, h.words = problem, words
	pause := min(backoffFirst<<min(h.fails, 10), backoffLast)
	h.fails++
	h.retryAt = time.Now().Add(pause)
}

// keep looks whether the agent answers, until it has gone.
func (h *Host) keep(p *process) {
	tick := time.NewTicker(h.spec.PingEvery)
	defer tick.Stop()
	missed, since := 0, time.Now()
	for {
		select {
		case <-p.ended:
			h.gone(p, since)
			return
		case <-p.client.Done(): // it may live on without a voice
			killGroup(p.cmd)
			<-p.ended
			h.gone(p, since)
			return
		case <-tick.C:
			if missed = h.ping(p, missed); missed >= missedPings {
				h.slog.Warn("the agent does not answer and is ended", "pid", p.cmd.Process.Pid)
				killGroup(p.cmd)
			}
		}
	}
}

func (h *Host) ping(p *process, missed int) int {
	ctx, cancel := context.WithTimeout(context.Background(), h.spec.PingEvery)
	defer cancel()
	if err := p.client.Call(ctx, "config.get", map[string]any{"key": "mtime"}, nil); ctx.Err() != nil && err != nil {
		return missed + 1
	}
	return 0
}

// gone notes that the agent ended by itself.
func (h *Host) gone(p *process, since time.Time) {
	_ = p.client.Close()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.process != p {
		return
	}
	h.process = nil
	if time.Since(since) > backoffLast { // it had worked
		h.fails = 0
	}
	h.failed("Hermes Agent broke off. "+p.why(), p.ring.Lines())
	if h.fails == 1 { // once is bad luck
		h.retryAt = time.Time{}
	}
	h.slog.Warn("the agent ended", "why", h.problem)
}

// Fate says what became of the agent of a client that has gone, in a sentence
// for people with its last words. It waits a moment for its end.
func (h *Host) Fate(c *Client) string {
	h.mu.Lock()
	p := h.last
	h.mu.Unlock()
	if p == nil || p.client != c {
		return ""
	}
	select {
	case <-p.ended:
	case <-time.After(2 * time.Second):
	}
	return p.why()
}

// State says what is true now.
func (h *Host) State() State {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := State{Phase: Off, Problem: h.problem, RetryAt: h.retryAt, Stderr: h.words}
	if h.process != nil {
		s.PID, s.Stderr = h.process.cmd.Process.Pid, h.process.ring.Lines()
	}
	switch {
	case h.starting != nil:
		s.Phase = Starting
	case h.process != nil:
		s.Phase = Ready
	case h.problem != "":
		s.Phase = Failed
	}
	return s
}

// Restart ends the agent; the next one who needs it starts it anew at once.
func (h *Host) Restart() {
	h.mu.Lock()
	p := h.process
	if h.starting != nil {
		p = nil
	}
	h.fails, h.retryAt = 0, time.Time{}
	if p != nil {
		h.process, h.problem = nil, ""
	}
	h.mu.Unlock()
	if p != nil {
		p.stop()
	}
}

// Stop ends the agent for good: in good order, by force after a while. Turns
// that run are to be interrupted before.
func (h *Host) Stop() {
	h.mu.Lock()
	h.stopped = true
	p, starting := h.process, h.starting != nil
	h.process = nil
	h.mu.Unlock()
	if p != nil && starting {
		killGroup(p.cmd) // launch sees its end
	} else if p != nil {
		p.stop()
	}
	h.wg.Wait()
}
