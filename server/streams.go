package server

import (
	"context"
	"time"

	"hermes-webui/server/chat"
)

// streams knows the open event streams and what their clients show.
type streams struct {
	lock     chan struct{} // a mutex that can be waited for with a deadline
	open     map[*stream]string
	presence map[string]presence
	shut     bool
	followed func(bool)    // see Config.Followed
	empty    chan struct{} // closed when shut and the last stream is gone
}

// presence is what a client has in front of a person.
type presence struct {
	Visible bool
	Session *chat.SessionID
	at      time.Time
}

// orphanFor is how long presence is kept before its stream arrives.
const orphanFor = time.Minute

func newStreams(followed func(bool)) *streams {
	if followed == nil {
		followed = func(bool) {}
	}
	return &streams{
		followed: followed,
		lock:     make(chan struct{}, 1), open: map[*stream]string{}, presence: map[string]presence{},
		empty: make(chan struct{}),
	}
}

func (s *streams) acquire(ctx context.Context) error {
	select {
	case s.lock <- struct{}{}:
		pause("streams")
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (s *streams) release() { <-s.lock }

// add reports false once the streams are being closed.
func (s *streams) add(st *stream, client string) bool {
	s.lock <- struct{}{}
	defer s.release()
	if s.shut {
		return false
	}
	if s.open[st] = client; client != TrayClient && s.pages() == 1 {
		s.followed(true)
	}
	return true
}

func (s *streams) remove(st *stream) {
	s.lock <- struct{}{}
	defer s.release()
	client := s.open[st]
	if delete(s.open, st); client != TrayClient && s.pages() == 0 {
		s.followed(false)
	}
	if client != "" && !s.connected(client) {
		delete(s.presence, client)
	}
	if s.shut && len(s.open) == 0 {
		close(s.empty)
	}
}

// TrayClient is the client of a tray, which is no page.
const TrayClient = "tray"

// pages counts the streams of pages. Under the lock.
func (s *streams) pages() (n int) {
	for _, client := range s.open {
		if client != TrayClient {
			n++
		}
	}
	return n
}

// connected reports whether a client has a stream. Under the lock.
func (s *streams) connected(client string) bool {
	for _, c := range s.open {
		if c == client {
			return true
		}
	}
	return false
}

// count is asked by health, which must not hang.
func (s *streams) count(ctx context.Context) (int, error) {
	if err := s.acquire(ctx); err != nil {
		return 0, err
	}
	defer s.release()
	return len(s.open), nil
}

// show keeps what a client says about itself until its stream ends. One whose
// stream does not come is forgotten.
func (s *streams) show(client string, p presence) {
	s.lock <- struct{}{}
	defer s.release()
	p.at = time.Now()
	s.presence[client] = p
	for c, old := range s.presence {
		if p.at.Sub(old.at) > orphanFor && !s.connected(c) {
			delete(s.presence, c)
		}
	}
}

// visible reports whether a person has this session in front of them.
func (s *streams) visible(id chat.SessionID) bool {
	s.lock <- struct{}{}
	defer s.release()
	for c, p := range s.presence {
		if p.Visible && p.Session != nil && *p.Session == id && s.connected(c) {
			return true
		}
	}
	return false
}

// watched reports whether a person has any page in front of them.
func (s *streams) watched() bool {
	s.lock <- struct{}{}
	defer s.release()
	for c, p := range s.presence {
		if p.Visible && s.connected(c) {
			return true
		}
	}
	return false
}

// CloseStreams tells every client to come back after retry, and returns when
// all streams have ended, or with the context's cause. New ones are refused.
func (s *Server) CloseStreams(ctx context.Context, retry time.Duration) error {
	if err := s.streams.shutAll(ctx, retry); err != nil {
		return err
	}
	select {
	case <-s.streams.empty:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (s *streams) shutAll(ctx context.Context, retry time.Duration) error {
	if err := s.acquire(ctx); err != nil {
		return err
	}
	defer s.release()
	if s.shut {
		return nil
	}
	s.shut = true
	for st := range s.open {
		st.close(retry)
	}
	if len(s.open) == 0 {
		close(s.empty)
	}
	return nil
}

// Visible reports whether a person has this session in front of them now.
func (s *Server) Visible(id chat.SessionID) bool { return s.streams.visible(id) }

// Watched reports whether a person has any page in front of them now.
func (s *Server) Watched() bool { return s.streams.watched() }

type clientsAnswer struct {
	Body struct {
		Watched bool `json:"watched" doc:"A person has a page in front of them."`
	}
}

func (s *Server) getClients(context.Context, *struct{}) (*clientsAnswer, error) {
	a := &clientsAnswer{}
	a.Body.Watched = s.streams.watched()
	return a, nil
}

type putClientRequest struct {
	Visible bool            `json:"visible"`
	Session *chat.SessionID `json:"session,omitempty"`
}

func (s *Server) putClient(_ context.Context, in *struct {
	Client string `path:"client" maxLength:"64"`
	Body   putClientRequest
}) (*struct{}, error) {
	s.streams.show(in.Client, presence{Visible: in.Body.Visible, Session: in.Body.Session})
	return nil, nil
}
