package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	sinkHolds  = 4096 // lines that wait for whoever reads the log
	sinkKeeps  = 200  // last lines, for the evidence
	sinkHangs  = 3 * time.Second
	sinkTries  = 3
	longestLog = 4 << 10 // of a line that is kept
)

// sink takes the log and never holds up who writes it: a reader that has
// stopped, such as a full pipe, must not stop the server. What finds no room is
// dropped and counted.
type sink struct {
	to      io.Writer
	lines   chan []byte
	waiting atomic.Int64              // lines that are not out yet
	began   atomic.Pointer[time.Time] // of the write that goes on; nil = none does
	stuck   atomic.Int64              // writes that were given up
	dropped atomic.Int64

	mu   sync.Mutex
	last []string // the last lines, oldest first
}

func newSink(to io.Writer) *sink {
	s := &sink{to: to, lines: make(chan []byte, sinkHolds)}
	go s.pass()
	return s
}

func (s *sink) pass() {
	for line := range s.lines {
		now := time.Now()
		s.began.Store(&now)
		pauseAt("log")
		if n := s.dropped.Swap(0); n > 0 {
			_, _ = fmt.Fprintf(s.to, "(%d lines were dropped: nobody took them)\n", n)
		}
		_, _ = s.to.Write(line) // nobody is left to be told
		s.began.Store(nil)
		s.waiting.Add(-1)
	}
}

// again goes on beside a write that does not end. Nobody knows whether it ever
// will, so this is done only a few times.
func (s *sink) again() {
	if s.stuck.Add(1) > sinkTries {
		return
	}
	s.began.Store(nil)
	s.waiting.Add(-1)
	go s.pass()
}

// Write never fails and never waits.
func (s *sink) Write(line []byte) (int, error) {
	own := append([]byte(nil), line...)
	s.keep(own)
	s.waiting.Add(1)
	select {
	case s.lines <- own:
	default:
		s.waiting.Add(-1)
		s.dropped.Add(1)
	}
	return len(line), nil
}

func (s *sink) keep(line []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.last) == sinkKeeps {
		s.last = append(s.last[:0], s.last[1:]...)
	}
	s.last = append(s.last, strings.TrimRight(string(line[:min(len(line), longestLog)]), "\n"))
}

// recent returns the last lines.
func (s *sink) recent() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.last...)
}

var errLogHangs = errors.New("nobody takes the log")

// alive returns an error when a line has not been taken for long, and says
// whether going on beside it has been tried often enough.
func (s *sink) alive(context.Context) (givenUp bool, err error) {
	if at := s.began.Load(); at == nil || time.Since(*at) <= sinkHangs {
		return false, nil
	}
	return s.stuck.Load() >= sinkTries, errLogHangs
}

// flush waits until what was written is out, or ctx ends.
func (s *sink) flush(ctx context.Context) {
	for s.waiting.Load() > 0 {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Millisecond):
		}
	}
}
