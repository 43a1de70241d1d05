package direct

import "sync"

// steers keeps what a person says into a running turn until the next question
// to the model takes it along.
type steers struct {
	mu     sync.Mutex
	list   []string
	closed bool
}

// add reports whether the turn will still see the words.
func (s *steers) add(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.list = append(s.list, text)
	return true
}

func (s *steers) take() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.list
	s.list = nil
	return list
}

// close lets nothing more in, unless there is something to take first.
func (s *steers) close() (closed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = s.closed || len(s.list) == 0
	return s.closed
}

// shut lets nothing more in.
func (s *steers) shut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
}
