package health

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hermes-webui/server/fault"
)

// State is how a part is. Upstream's watchdogs know ok, missing, error and
// blocked.
type State string

const (
	// OK: it works.
	OK State = "ok"
	// Missing: it is not there, which is well.
	Missing State = "missing"
	// Warning: something is wrong that a restart of this program would not mend,
	// so that the answer stays 200: a watchdog must not kill the program for a
	// full disk.
	Warning State = "warning"
	// Error: it does not work, and a restart may mend it.
	Error State = "error"
	// Blocked: it did not answer in time.
	Blocked State = "blocked"
)

// Well reports whether the program may go on as it is.
func (s State) Well() bool { return s == OK || s == Missing || s == Warning }

// Finding is what a check found. Its sentences are public: they name no model,
// tool, path or host.
type Finding struct {
	Status State  `json:"status"`
	Says   string `json:"says" doc:"What was found, a sentence."`
	Fix    string `json:"fix,omitempty" doc:"What to do, a sentence."`
	Code   string `json:"error,omitempty" doc:"The stable name of the error."`

	// What was counted, where something was.
	ActiveStreams *int64 `json:"active_streams,omitempty" doc:"Open event streams."`
	Count         *int64 `json:"count,omitempty" doc:"How many there are."`
	Limit         *int64 `json:"limit,omitempty" doc:"How many there may be."`
	Free          *int64 `json:"free_bytes,omitempty"`
	Total         *int64 `json:"total_bytes,omitempty"`
	Bytes         *int64 `json:"bytes,omitempty" doc:"What it takes on the disk."`
	// Waited is how long an answer was waited for in vain, in seconds.
	Waited *float64 `json:"timeout_seconds,omitempty" doc:"How long an answer was waited for in vain."`
}

// Checker is a part that can be asked whether it is well.
type Checker struct {
	Name string // stable: watchdogs look for it
	// Look asks. It ends soon after its context. An error is told in the words
	// of Fails, and kept from the public.
	Look func(context.Context) (Finding, error)
	// Within is how long it may take; 0 = 2 s.
	Within time.Duration
	// Hangs is found where there is no answer in time; without a status it is
	// Blocked.
	Hangs Finding
	// Fails is found where Look has an error; without a status it is Error.
	Fails Finding
}

// Result is the answer of one check.
type Result struct {
	Finding
	Millis float64 `json:"ms" doc:"How long the check took."`
	// Err is for the log: it may name anything. Nil where nothing failed.
	Err error `json:"-"`
}

// Results are the answers of a round, by name.
type Results map[string]Result

// Well reports whether a restart would mend nothing.
func (r Results) Well() bool {
	for _, one := range r {
		if !one.Status.Well() {
			return false
		}
	}
	return true
}

const (
	within    = 2 * time.Second
	restart   = "Restart the server. If that does not help, the log says more."
	seeTheLog = "The log says more."
)

// ErrHangs is the error of a check that did not answer in time.
var ErrHangs = errors.New("it does not answer")

func (c Checker) limit() time.Duration {
	if c.Within > 0 {
		return c.Within
	}
	return within
}

func (c Checker) hangs() Result {
	f := c.Hangs
	if f.Status == "" {
		f.Status = Blocked
	}
	if f.Says == "" {
		f.Says, f.Fix = "It does not answer.", restart
	}
	waited := c.limit().Seconds()
	f.Waited = &waited
	return Result{Finding: f, Err: ErrHangs}
}

func (c Checker) fails(err error) Result {
	f := c.Fails
	if f.Status == "" {
		f.Status = Error
	}
	if f.Says == "" {
		f.Says, f.Fix = "It failed.", restart
	}
	f.Code = string(fault.CodeOf(err))
	return Result{Finding: f, Err: err}
}

// ask calls Look. A check that panics has failed.
func (c Checker) ask(ctx context.Context) (r Result) {
	defer func() {
		if v := recover(); v != nil {
			r = c.fails(fmt.Errorf("the check %s panicked: %v", c.Name, v))
		}
	}()
	f, err := c.Look(ctx)
	switch {
	case errors.Is(err, context.DeadlineExceeded) && ctx.Err() != nil:
		return c.hangs()
	case err != nil:
		return c.fails(err)
	default:
		return Result{Finding: f}
	}
}

func number[N ~int | ~int64 | ~uint64](n N) *int64 {
	v := int64(n) //nolint:gosec // nothing that is counted here is that large
	return &v
}
