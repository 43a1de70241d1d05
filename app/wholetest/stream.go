package wholetest

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"hermes-webui/server/chat"
)

// Frame is one event of the stream as it came over the wire.
type Frame struct {
	ID   string
	Kind string
	Data string
	At   time.Time // when it was read
}

// Event decodes a frame that carries an event of the log; false for hello,
// ping, status and the like.
func (f Frame) Event() (chat.Event, bool, error) {
	switch f.Kind {
	case "hello", "ping", "status", "reset", "closing":
		return chat.Event{}, false, nil
	}
	var e chat.Event
	err := json.Unmarshal([]byte(f.Data), &e)
	return e, err == nil, err
}

// Stream is one connection to GET /api/events.
type Stream struct {
	conn net.Conn
	body io.ReadCloser
	rd   *bufio.Reader
}

// Open opens a stream. last, if not "", is sent as Last-Event-ID.
func (p *Program) Open(ctx context.Context, sessions []string, after, last string) (*Stream, error) {
	s := &Stream{}
	client := http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			c, err := (&net.Dialer{}).DialContext(ctx, network, addr)
			s.conn = c
			return c, err
		},
	}}
	url := p.URL + "/api/events?sessions=" + strings.Join(sessions, ",")
	if after != "" {
		url += "&after=" + after
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	if last != "" {
		req.Header.Set("Last-Event-ID", last)
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		_ = resp.Body.Close()
		return nil, fmt.Errorf("events: %s", resp.Status)
	}
	s.body, s.rd = resp.Body, bufio.NewReaderSize(resp.Body, 64<<10)
	return s, nil
}

func newStream(body io.ReadCloser) *Stream {
	return &Stream{body: body, rd: bufio.NewReaderSize(body, 64<<10)}
}

// Next returns the next whole frame. A frame that is cut off is no frame, as
// in a browser.
func (s *Stream) Next() (Frame, error) {
	var f Frame
	var data []string
	for {
		line, err := s.rd.ReadString('\n')
		if err != nil {
			return Frame{}, err
		}
		line = strings.TrimSuffix(line, "\n")
		if line == "" {
			if data == nil {
				f = Frame{}
				continue
			}
			f.Data, f.At = strings.Join(data, "\n"), time.Now()
			return f, nil
		}
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch name {
		case "id":
			f.ID = value
		case "event":
			f.Kind = value
		case "data":
			data = append(data, value)
		case "retry", "": // a delay for browsers; a comment
		default:
			return Frame{}, errors.New("events: unknown field " + name)
		}
	}
}

// CutAfter makes the connection break after n more bytes.
func (s *Stream) CutAfter(n int64) { s.rd = bufio.NewReader(io.LimitReader(s.rd, n)) }

// Close closes the connection.
func (s *Stream) Close() {
	_ = s.body.Close()
	if s.conn != nil {
		_ = s.conn.Close()
	}
}
