package mcp

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

const maxLine = 16 << 20 // bytes of one message

var errLine = errors.New("it sent a message of more than 16 MB")

// messages reads the lines of a program and lets only messages of the protocol
// through. Many programs greet or log on their standard output, which would end
// the connection; what is no message goes to other.
type messages struct {
	from  *bufio.Reader
	close func() error
	other io.Writer
	ready []byte // of the message that is being read
}

func (m *messages) Read(p []byte) (int, error) {
	for len(m.ready) == 0 {
		line, err := m.line()
		if err != nil {
			return 0, err
		}
		if message(line) {
			m.ready = line
			continue
		}
		if _, err := m.other.Write(line); err != nil {
			return 0, err
		}
	}
	n := copy(p, m.ready)
	m.ready = m.ready[n:]
	return n, nil
}

func (m *messages) Close() error { return m.close() }

// line returns the next line with its end; the last one has none.
func (m *messages) line() ([]byte, error) {
	var line []byte
	for {
		piece, err := m.from.ReadSlice('\n')
		line = append(line, piece...)
		switch {
		case len(line) > maxLine:
			return nil, errLine
		case errors.Is(err, bufio.ErrBufferFull):
		case err != nil && len(line) == 0:
			return nil, err
		case err != nil:
			return append(line, '\n'), nil
		default:
			return line, nil
		}
	}
}

func message(line []byte) bool {
	line = bytes.TrimSpace(line)
	if len(line) == 0 || line[0] != '{' {
		return false // arrays (batches) left the protocol in 2025
	}
	_, err := jsonrpc.DecodeMessage(line)
	return err == nil
}
