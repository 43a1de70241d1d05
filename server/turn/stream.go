package turn

import (
	"unicode/utf8"

	"hermes-webui/server/chat"
)

// stream is the text of one part. What it holds is valid UTF-8; offsets count
// UTF-16 units, as everywhere outside of this file.
type stream struct {
	name    chat.Stream
	text    []byte // all that the log has or will have next
	units   int    // length of text
	pending []byte // the end of text that is not in the log yet
	at      int    // where pending begins
	rest    []byte // the beginning of a character whose end has not come
}

// decode returns what of rest and s is whole characters. Invalid bytes become
// U+FFFD; a character that is cut off at the end waits for its rest.
func (s *stream) decode(text string) string {
	if len(s.rest) == 0 && utf8.ValidString(text) {
		return text
	}
	raw := append(s.rest, text...)
	s.rest = nil
	out := make([]byte, 0, len(raw))
	for len(raw) > 0 {
		r, size := utf8.DecodeRune(raw)
		if r == utf8.RuneError && size == 1 && !utf8.FullRune(raw) {
			s.rest = append([]byte(nil), raw...)
			break
		}
		out = utf8.AppendRune(out, r)
		raw = raw[size:]
	}
	return string(out)
}

// put adds text at the end, to be logged later.
func (s *stream) put(text string) {
	if len(s.pending) == 0 {
		s.at = s.units
	}
	s.pending = append(s.pending, text...)
	s.text = append(s.text, text...)
	s.units += chat.UTF16Len(text)
}

// take hands out what is pending.
func (s *stream) take(id chat.PartID) []chat.Body {
	if len(s.pending) == 0 {
		return nil
	}
	b := chat.TextAppended{Part: id, Stream: s.name, At: s.at, Text: string(s.pending)}
	s.pending = nil
	return []chat.Body{b}
}

// align compares text that an agent says is at offset at with what is there.
// It returns the offset and the text that must still be appended: nothing
// where it is known, so that text which somebody was shown never shrinks while
// a re-attached agent tells it again.
func (s *stream) align(at int, text string) (from int, rest string, ok bool) {
	i, ok := chat.ByteOffset(s.text, at)
	if !ok {
		return 0, "", false
	}
	known := s.text[i:]
	n := common(known, text)
	if n == len(text) {
		return s.units, "", true
	}
	return at + chat.UTF16Len(text[:n]), text[n:], true
}

// cut drops everything from an offset on that align returned.
func (s *stream) cut(at int) {
	i, _ := chat.ByteOffset(s.text, at)
	s.text, s.units = s.text[:i], at
}

// common returns the length of the common beginning in bytes, a whole number
// of characters.
func common(a []byte, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	for n > 0 && n < len(b) && !utf8.RuneStart(b[n]) {
		n--
	}
	return n
}
