package gateway

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// Limit is the longest frame that is held in memory, in bytes. A longer one is
// written to a file while it is read.
const Limit = 8 << 20

// Link carries whole frames both ways. Recv is called by one goroutine; its frame
// is valid until the next Recv. Close ends a Recv that waits.
type Link interface {
	Send(ctx context.Context, frame []byte) error
	Recv() (Frame, error)
	Close() error
}

// Frame is one JSON document of the protocol.
type Frame struct {
	Data    []byte // all of it, or the first Limit bytes
	Spilled string // path of a file with all of it; "" = Data is all
}

// lines is a Link of lines, as the gateway speaks over stdio.
type lines struct {
	in    *bufio.Reader
	dir   string // for files of long frames
	mu    sync.Mutex
	out   io.Writer
	close func() error
	buf   []byte
}

// NewLines returns a Link that reads and writes one JSON document in a line.
// Frames over Limit go to files in dir ("" = the system's folder for temporary
// files); whoever takes such a frame removes its file. close ends both sides.
func NewLines(in io.Reader, out io.Writer, dir string, close func() error) Link {
	return &lines{in: bufio.NewReaderSize(in, 64<<10), out: out, dir: dir, close: close}
}

// Send writes one line. A pipe that nobody reads holds it up: the caller's
// goroutine is the only one that waits.
func (l *lines) Send(_ context.Context, frame []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, err := l.out.Write(append(bytes.Clone(frame), '\n'))
	return err
}

func (l *lines) Close() error { return l.close() }

func (l *lines) Recv() (Frame, error) {
	if cap(l.buf) > 1<<20 { // one long line must not hold its memory for ever
		l.buf = nil
	}
	l.buf = l.buf[:0]
	for {
		piece, err := l.in.ReadSlice('\n')
		l.buf = append(l.buf, piece...)
		switch {
		case err == nil:
			return Frame{Data: bytes.TrimSpace(l.buf)}, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return Frame{}, err // a line without an end is no frame
		case len(l.buf) >= Limit:
			return l.spill()
		}
	}
}

// spill writes the line so far and the rest of it to a file.
func (l *lines) spill() (Frame, error) {
	file, err := os.CreateTemp(l.dir, ".hermes-frame-*.json")
	if err != nil {
		return Frame{}, fmt.Errorf("gateway: keeping a long frame: %w", err)
	}
	err = l.copy(file)
	if err = errors.Join(err, file.Close()); err != nil {
		_ = os.Remove(file.Name())
		return Frame{}, fmt.Errorf("gateway: keeping a long frame: %w", err)
	}
	return Frame{Data: l.buf, Spilled: file.Name()}, nil
}

func (l *lines) copy(to io.Writer) error {
	if _, err := to.Write(l.buf); err != nil {
		return err
	}
	for {
		piece, err := l.in.ReadSlice('\n')
		if _, werr := to.Write(piece); werr != nil {
			return werr
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}
