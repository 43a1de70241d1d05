package gateway

import (
	"bytes"
	"context"
	"io"
)

// stream is a Link of lines: one JSON value in each.
type stream struct {
	*lines
	out   io.Writer
	close func() error
}

// NewLines returns a Link that reads and writes one JSON value in a line. Frames
// over Limit go to files in dir ("" = the system's folder for temporary files).
// close ends both sides.
func NewLines(in io.Reader, out io.Writer, dir string, close func() error) Link {
	return &stream{newLines(in, Limit, dir), out, close}
}

// Send writes one line. A pipe that nobody reads holds it up until Close.
func (s *stream) Send(_ context.Context, frame []byte) error {
	_, err := s.out.Write(append(bytes.Clone(frame), '\n'))
	return err
}

func (s *stream) Recv() (Frame, error) { return s.next() }
func (s *stream) Close() error         { return s.close() }

// pipes is the Link over a process's standard streams. Closing it ends the
// process.
type pipes struct {
	stream
	*process
}

func newPipes(p *process, dir string) *pipes {
	l := &pipes{process: p}
	l.stream = stream{newLines(p.out, Limit, dir), p.in, p.end}
	return l
}

func (l *pipes) Recv() (Frame, error) {
	f, err := l.next()
	if err != nil {
		return f, l.ended(err)
	}
	return f, nil
}
