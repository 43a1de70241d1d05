package gateway

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"

	"github.com/coder/websocket"
)

// socket is a Link over a WebSocket: a frame per message.
type socket struct {
	conn   *websocket.Conn
	ctx    context.Context
	cancel context.CancelFunc
	dir    string // for files of long frames
	buf    []byte
}

// Dial connects to `hermes serve` at host ("127.0.0.1:9119"). Frames over Limit
// go to files in dir ("" = the system's folder for temporary files).
func Dial(ctx context.Context, host, token, dir string) (Link, error) {
	direct := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // no proxy knows the way
	address := url.URL{Scheme: "ws", Host: host, Path: "/api/ws", RawQuery: url.Values{"token": {token}}.Encode()}
	conn, answer, err := websocket.Dial(ctx, address.String(), &websocket.DialOptions{HTTPClient: direct})
	if err != nil && answer != nil { // its own words may hold the address with the token
		return nil, fmt.Errorf("connect to the agent at %s: it answered %s", host, answer.Status)
	}
	if err != nil {
		return nil, fmt.Errorf("connect to the agent at %s: nobody answers", host)
	}
	conn.SetReadLimit(-1) // long frames go to files
	s := &socket{conn: conn, dir: dir}
	s.ctx, s.cancel = context.WithCancel(context.WithoutCancel(ctx))
	return s, nil
}

func (s *socket) Send(ctx context.Context, frame []byte) error {
	return s.conn.Write(ctx, websocket.MessageText, frame)
}

// Recv reads a message. One over Limit goes to a file while it is read.
func (s *socket) Recv() (Frame, error) {
	_, r, err := s.conn.Reader(s.ctx)
	if err != nil {
		return Frame{}, err
	}
	if cap(s.buf) > keepSize {
		s.buf = nil
	}
	s.buf = s.buf[:0]
	for {
		s.buf = slices.Grow(s.buf, 4<<10)
		n, err := r.Read(s.buf[len(s.buf):cap(s.buf)])
		s.buf = s.buf[:len(s.buf)+n]
		switch {
		case errors.Is(err, io.EOF):
			return Frame{Data: s.buf}, nil
		case err != nil:
			return Frame{}, err
		case len(s.buf) > Limit:
			return s.spill(r)
		}
	}
}

func (s *socket) spill(rest io.Reader) (Frame, error) {
	to, err := newSpill(s.dir)
	if err != nil {
		return Frame{}, err
	}
	err = to.write(s.buf)
	s.buf = nil
	if err == nil {
		_, err = io.CopyBuffer(to, rest, make([]byte, readSize))
	}
	return to.end(err)
}

// Close lets go of the agent without a word: its turns go on.
func (s *socket) Close() error {
	defer s.cancel()
	return s.conn.CloseNow()
}
