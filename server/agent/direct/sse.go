package direct

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// maxEvent bounds one event of a stream, in bytes. Real ones have a few hundred;
// whatever is above is not a model's answer.
const maxEvent = 16 << 20

var errHuge = errors.New("direct: event of a stream is too large")

// event is one event of an event stream.
type event struct {
	name string
	data []byte
}

// sse reads an event stream (https://html.spec.whatwg.org/multipage/server-sent-events.html)
// and forgives what real servers do: a last event without its blank line, and
// line ends of any sort, mixed. It never reads ahead of a line end, so an event
// is there as soon as its blank line is.
type sse struct {
	r      *bufio.Reader
	max    int
	buf    []byte
	afterR bool // the last line ended with CR: a LF now belongs to it
}

func newSSE(r *bufio.Reader, max int) *sse { return &sse{r: r, max: max} }

// next returns the next event that has data; io.EOF after the last one.
func (s *sse) next() (event, error) {
	var e event
	var data []byte
	has := false
	for {
		line, err := s.line()
		if err != nil && err != io.EOF {
			return event{}, err
		}
		ended := err == io.EOF
		if len(line) == 0 {
			if has {
				e.data = data
				return e, nil
			}
			if ended {
				return event{}, io.EOF
			}
			e.name = ""
			continue
		}
		field, value := cutField(line)
		switch field {
		case "data":
			if has {
				data = append(data, '\n')
			}
			data, has = append(data, value...), true
			if len(data) > s.max {
				return event{}, errHuge
			}
		case "event":
			e.name = string(value)
		default: // comments, id, retry and whatever else: not for us
		}
	}
}

// cutField splits a line at its first colon; one space after it goes too.
func cutField(line []byte) (string, []byte) {
	field, value, _ := bytes.Cut(line, []byte(":"))
	return string(field), bytes.TrimPrefix(value, []byte(" "))
}

// line returns a line without its end. The last line may lack one; io.EOF comes
// only with an empty line. The line is valid until the next call.
func (s *sse) line() ([]byte, error) {
	s.buf = s.buf[:0]
	for {
		c, err := s.r.ReadByte()
		if err == io.EOF && len(s.buf) > 0 {
			return s.buf, nil
		}
		if err != nil {
			return nil, err
		}
		swallow := s.afterR && c == '\n'
		s.afterR = c == '\r'
		switch {
		case swallow:
		case c == '\n' || c == '\r':
			return s.buf, nil
		case len(s.buf) >= s.max:
			return nil, errHuge
		default:
			s.buf = append(s.buf, c)
		}
	}
}
