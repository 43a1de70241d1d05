package chat

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"
)

// Span is a text that grows. Offsets count UTF-16 code units, JavaScript's
// length, so that a page can compare them with its own string.
type Span struct {
	b []byte
	n int // length in UTF-16 units
}

// ErrGap says that an offset is past the end of a text, or inside a character:
// what came before was missed, or is not ours. Load the snapshot.
var ErrGap = errors.New("chat: gap in a text")

// SpanOf returns a Span that holds s.
func SpanOf(s string) Span { return Span{[]byte(s), UTF16Len(s)} }

// Put applies the one rule of every reader: at the end it appends, before the
// end it cuts to at and appends, past the end it is ErrGap.
func (s *Span) Put(at int, text string) error {
	if at < 0 || at > s.n {
		return ErrGap
	}
	if at < s.n {
		i, ok := ByteOffset(s.b, at)
		if !ok {
			return ErrGap
		}
		s.b, s.n = s.b[:i:i], at // full slice: a shared prefix is never overwritten
	}
	s.b = append(s.b, text...)
	s.n += UTF16Len(text)
	return nil
}

// Len returns the length in UTF-16 units.
func (s Span) Len() int { return s.n }

func (s Span) clone() Span { return Span{slices.Clone(s.b), s.n} }

func (s Span) String() string { return string(s.b) }

// Bytes returns the text itself, to be read only.
func (s Span) Bytes() []byte { return s.b }

func (s Span) MarshalJSON() ([]byte, error) { return marshal(s.String()) }

func (s *Span) UnmarshalJSON(b []byte) error {
	var t string
	if err := json.Unmarshal(b, &t); err != nil {
		return err
	}
	*s = SpanOf(t)
	return nil
}

// UTF16Len returns the number of UTF-16 code units of s.
func UTF16Len(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// ByteOffset returns the byte offset of a UTF-16 offset of a text; false past
// its end and inside a pair.
func ByteOffset(text []byte, at int) (int, bool) {
	i := 0
	for at > 0 {
		if i == len(text) {
			return 0, false
		}
		r, size := utf8.DecodeRune(text[i:])
		i += size
		at--
		if r > 0xFFFF {
			at--
		}
	}
	return i, at == 0
}

// marshal is json.Marshal without the HTML escapes, so that Go and JavaScript
// write the same bytes for nearly all text.
func marshal(v any) ([]byte, error) {
	var sb strings.Builder
	e := json.NewEncoder(&sb)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return []byte(strings.TrimSuffix(sb.String(), "\n")), nil
}
