package direct

import (
	"sync"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/direct/redact"
	"hermes-webui/server/chat"
)

// spool passes the output of a call on as it comes, without secrets, and keeps as much of it as
// the log does: its beginning and its end.
type spool struct {
	mu     sync.Mutex
	joiner joiner
	hide   redact.Stream
	head   []byte
	tail   []byte
	beyond int64 // bytes behind head
}

const (
	spoolHead = 64 << 10 // bytes, as design and recorder have it
	spoolTail = 32 << 10
)

func (s *spool) write(u *use, p []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pass(u, s.hide.Put(s.joiner.put(string(p))))
}

// flush passes on what waited for the rest of a character or of a secret.
func (s *spool) flush(u *use) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pass(u, s.hide.Put(s.joiner.rest())+s.hide.Rest())
}

func (s *spool) pass(u *use, text string) error {
	if text == "" {
		return nil
	}
	s.keep(text)
	return u.turn.put(agent.Append{Part: u.part.ID, Stream: chat.Out, At: -1, Text: text})
}

func (s *spool) keep(text string) {
	if s.beyond == 0 && len(s.head)+len(text) <= spoolHead {
		s.head = append(s.head, text...)
		return
	}
	if s.beyond == 0 {
		n := cutAt(text, spoolHead-len(s.head))
		s.head = append(s.head, text[:n]...)
		text = text[n:]
	}
	s.beyond += int64(len(text))
	s.tail = append(s.tail, text...)
	if len(s.tail) > 2*spoolTail {
		s.tail = append(s.tail[:0], s.tail[len(s.tail)-spoolTail:]...)
	}
}

// kept returns what was kept, and what is missing in its middle.
func (s *spool) kept() (chat.Span, *chat.Skipped) {
	s.mu.Lock()
	defer s.mu.Unlock()
	end := s.tail
	if len(end) > spoolTail {
		end = end[len(end)-spoolTail:]
	}
	for len(end) > 0 && end[0]&0xC0 == 0x80 { // the rest of a character that was cut
		end = end[1:]
	}
	span := chat.SpanOf(string(s.head) + string(end))
	if missing := s.beyond - int64(len(end)); missing > 0 {
		return span, &chat.Skipped{At: chat.UTF16Len(string(s.head)), Bytes: missing}
	}
	return span, nil
}

// cutAt returns the largest n <= limit at which text can be cut.
func cutAt(text string, limit int) int {
	n := min(limit, len(text))
	for n > 0 && n < len(text) && text[n]&0xC0 == 0x80 {
		n--
	}
	return n
}
