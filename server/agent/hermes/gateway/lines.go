package gateway

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

const (
	readSize = 64 << 10
	keepSize = 1 << 20 // of the buffer, after a long line
)

// lines reads a frame per line. A line over the limit goes to a file in dir while
// it is read, and is never in memory as a whole.
type lines struct {
	from  *bufio.Reader
	limit int
	dir   string // "" = the system's folder for temporary files
	buf   []byte
}

func newLines(r io.Reader, limit int, dir string) *lines {
	return &lines{from: bufio.NewReaderSize(r, readSize), limit: limit, dir: dir}
}

// next returns the next line that is not empty. What comes before the end
// without a newline is no frame.
func (l *lines) next() (Frame, error) {
	for {
		f, err := l.line()
		if err != nil || f.Spilled != "" || len(bytes.TrimSpace(f.Data)) > 0 {
			return f, err
		}
	}
}

func (l *lines) line() (Frame, error) {
	if cap(l.buf) > keepSize {
		l.buf = nil
	}
	l.buf = l.buf[:0]
	for {
		piece, err := l.from.ReadSlice('\n')
		more := errors.Is(err, bufio.ErrBufferFull)
		if err != nil && !more {
			return Frame{}, err
		}
		if len(l.buf)+len(piece) > l.limit {
			return l.spill(piece, more)
		}
		l.buf = append(l.buf, piece...)
		if !more {
			return Frame{Data: l.buf}, nil
		}
	}
}

// spill writes what was read of a line, and the rest of it, to a file.
func (l *lines) spill(piece []byte, more bool) (Frame, error) {
	s, err := newSpill(l.dir)
	if err != nil {
		return Frame{}, err
	}
	err = s.write(l.buf)
	l.buf = nil
	for err == nil {
		if err = s.write(piece); err != nil || !more {
			break
		}
		piece, err = l.from.ReadSlice('\n')
		if more = errors.Is(err, bufio.ErrBufferFull); more {
			err = nil
		}
	}
	return s.end(err)
}

// spill is a frame on its way to a file.
type spill struct {
	file *os.File
	to   *bufio.Writer
	cut  shrinker
}

func newSpill(dir string) (*spill, error) {
	f, err := os.CreateTemp(dir, "hermes-frame-*.json")
	if err != nil {
		return nil, fmt.Errorf("make a file for a long answer of the agent: %w", err)
	}
	return &spill{file: f, to: bufio.NewWriterSize(f, readSize)}, nil
}

func (s *spill) write(b []byte) error {
	s.cut.write(b)
	if _, err := s.to.Write(b); err != nil {
		return fmt.Errorf("keep a long answer of the agent in a file: %w", err)
	}
	return nil
}

// Write is write, for copying.
func (s *spill) Write(b []byte) (int, error) { return len(b), s.write(b) }

// end closes the file; it is removed where err says that the frame is not whole.
func (s *spill) end(err error) (Frame, error) {
	if err == nil {
		err = s.to.Flush()
	}
	if e := s.file.Close(); err == nil {
		err = e
	}
	if err != nil {
		_ = os.Remove(s.file.Name())
		return Frame{}, err
	}
	return Frame{Data: s.cut.end(), Spilled: s.file.Name()}, nil
}
