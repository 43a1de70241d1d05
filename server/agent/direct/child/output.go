package child

import (
	"context"
	"errors"
	"io"
	"os"
	"sync/atomic"
	"time"
)

const (
	// chunk is what is read at once.
	chunk = 32 << 10
	// drain is how long an ended command's output may be silent before it is
	// given up: only something that escaped can still hold it open.
	drain = 2 * time.Second
	// rest is how much of it is read at most: more than pipes hold was not
	// written by the command.
	rest = 1 << 20
)

// output copies what a child says to whoever wants it. While that is slow the
// child waits: the pipe is full, no memory grows.
type output struct {
	from    *os.File
	to      io.Writer
	ending  atomic.Bool
	failed  chan struct{} // closed when to failed
	stopped chan struct{} // closed when nothing is copied any more
	err     error         // of to; read it after stopped
}

func copyOutput(from *os.File, to io.Writer) *output {
	o := &output{from: from, to: to, failed: make(chan struct{}), stopped: make(chan struct{})}
	go o.run()
	return o
}

func (o *output) run() {
	defer close(o.stopped)
	buffer := make([]byte, chunk)
	for budget := rest; budget > 0; {
		ending := o.ending.Load()
		if ending {
			_ = o.from.SetReadDeadline(time.Now().Add(drain)) // fails where pipes have none; there, nothing escapes
		}
		n, err := o.from.Read(buffer)
		if n > 0 {
			if _, werr := o.to.Write(buffer[:n]); werr != nil {
				o.err = werr
				close(o.failed)
				return
			}
		}
		if ending {
			budget -= n
		}
		if errors.Is(err, os.ErrDeadlineExceeded) && !ending {
			continue // it was set while this read waited
		}
		if err != nil {
			return
		}
	}
}

// finish copies what is left once everything was ended, and returns the error
// of whoever wanted it. After ctx nobody wants it.
func (o *output) finish(ctx context.Context) error {
	o.ending.Store(true)
	_ = o.from.SetReadDeadline(time.Now().Add(drain))
	select {
	case <-o.stopped:
	case <-ctx.Done():
		_ = o.from.SetReadDeadline(time.Now())
		_ = o.from.Close()
		<-o.stopped
	}
	_ = o.from.Close()
	return o.err
}
