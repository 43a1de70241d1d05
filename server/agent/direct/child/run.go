// Package child runs programs for the tools of the built-in agent: without our
// secrets, without a terminal, and so that nothing they start outlives them.
package child

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

// Config says how children are run.
type Config struct {
	// Dir is the folder for records of what runs, for Sweep after our own sudden
	// end; it is made where it is missing. "" keeps none.
	Dir string
	// Grace is how long what was asked to end may take before it is killed;
	// 0 = two seconds.
	Grace time.Duration
}

// Runner runs children. It is safe for concurrent use.
type Runner struct {
	dir   string
	grace time.Duration
}

// New returns a Runner.
func New(c Config) *Runner {
	if c.Grace <= 0 {
		c.Grace = 2 * time.Second
	}
	return &Runner{dir: c.Dir, grace: c.Grace}
}

// Command is one program to run.
type Command struct {
	Argv    []string      // the program first, an absolute path; never read by a shell
	Dir     string        // working directory
	Env     []string      // all of it, see Environment
	Out     io.Writer     // standard output and error, as they come; its Write may block, but must return once the context is over
	Timeout time.Duration // 0 = none
}

// End is how a command ended.
type End struct {
	Code     int    // exit code; 128 + signal where a signal ended it, as shells count
	Signal   string // that ended it; "" = none
	TimedOut bool
	Left     int // processes that the command left running; they were ended
	Stuck    int // of these, what did not end: it belongs to another user or hangs in the system
}

// MarkName is the variable by which everything that a command starts is known.
// Its value is made anew for every command and is no secret.
const MarkName = "AGENT_CALL"

// killing is how long Run goes on killing what does not die.
const killing = 3 * time.Second

// Run runs a command and returns when it ended, and with it everything that it
// started: also what went into the background, made a session of its own or was
// given to init. When ctx ends all of it is ended too, and Run returns the
// cause; likewise when Out fails. What a command leaves is known by its process
// group, session and parents, its marker and its output. Only Linux can tell the
// last four: elsewhere a process that makes a group of its own escapes (on
// Windows none does). On Linux one escapes that drops its whole environment, its
// session, its parents and its output.
func (r *Runner) Run(ctx context.Context, c Command) (End, error) {
	if ctx.Err() != nil {
		return End{}, context.Cause(ctx)
	}
	if len(c.Argv) == 0 {
		return End{}, errors.New("child: no program to run")
	}
	rec, err := newRecord(r.dir)
	if err != nil {
		return End{}, err
	}
	defer rec.remove()
	p, err := start(c, rec.Mark)
	if err != nil {
		return End{}, err
	}
	rec.started(p.family.pid())
	return r.attend(ctx, c.Timeout, p)
}

// process is a command that was started.
type process struct {
	cmd    *exec.Cmd
	family *family
	output *output
	over   chan struct{} // closed when the command itself ended
}

func start(c Command, mark string) (*process, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("child: open a pipe: %w", err)
	}
	defer write.Close() // the child has its own
	cmd := exec.Command(c.Argv[0], c.Argv[1:]...)
	cmd.Dir = c.Dir
	cmd.Env = append(append([]string{}, c.Env...), "PWD="+c.Dir, MarkName+"="+mark)
	cmd.Stdout, cmd.Stderr = write, write // the same: one stream, in order
	f, err := begin(cmd, mark, read)
	if err != nil {
		_ = read.Close()
		return nil, fmt.Errorf("child: start %s: %w", c.Argv[0], err)
	}
	p := &process{cmd: cmd, family: f, output: copyOutput(read, c.Out), over: make(chan struct{})}
	go func() {
		defer close(p.over)
		f.await()
	}()
	return p, nil
}

// attend waits for the first reason to end, and ends everything.
func (r *Runner) attend(ctx context.Context, limit time.Duration, p *process) (End, error) {
	var expired <-chan time.Time
	if limit > 0 {
		timer := time.NewTimer(limit)
		defer timer.Stop()
		expired = timer.C
	}
	var end End
	byItself := false
	select {
	case <-p.over:
		byItself = true
	case <-expired:
		end.TimedOut = true
	case <-ctx.Done():
	case <-p.output.failed:
	}
	left, stuck := p.family.end(r.grace, p.over)
	if byItself {
		end.Left = left
	}
	end.Stuck = stuck
	end.Code, end.Signal = p.reap()
	failed := p.output.finish(ctx)
	switch {
	case ctx.Err() != nil && !byItself:
		return end, context.Cause(ctx)
	case failed != nil:
		return end, fmt.Errorf("child: hand on output: %w", failed)
	default:
		return end, nil
	}
}

// reap lets go of the command's process. One that cannot be killed is left to
// itself: waiting for it could take for ever.
func (p *process) reap() (code int, signal string) {
	select {
	case <-p.over:
	case <-time.After(killing):
		go func() { <-p.over; p.family.release() }()
		return -1, ""
	}
	p.family.release()
	return exitOf(p.cmd.ProcessState)
}
