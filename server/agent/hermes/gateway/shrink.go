package gateway

import (
	"bytes"
	"unicode/utf8"
)

const (
	longString = 256 << 10 // bytes that are kept of a string
	longFrame  = 2 << 20   // bytes that are kept of a frame
	deepest    = 1000      // levels of nesting
)

// shrinker copies JSON as it comes and keeps it small and valid: strings are cut,
// and past longFrame whatever follows the next comma is left out.
type shrinker struct {
	out   []byte
	open  []byte // what closes the levels that are open, the innermost last
	text  bool   // within a string
	kept  int    // bytes of this string
	cut   bool   // the rest of this string is left out
	esc   int    // bytes that still belong to an escape sequence
	hex   bool   // these are digits
	over  bool   // nothing more is kept
	crazy bool   // too deep, or closed what was not open: no JSON
}

func (s *shrinker) write(p []byte) {
	for len(p) > 0 && !s.over && !s.crazy {
		switch {
		case s.text && s.esc == 0:
			p = p[s.run(p):]
		case s.text:
			s.escaped(p[0])
			p = p[1:]
		default:
			s.mark(p[0])
			p = p[1:]
		}
	}
}

// run takes what of a string comes before an escape or its end, or one of these,
// and returns how much that was. It begins to leave out only between characters.
func (s *shrinker) run(p []byte) int {
	n := bytes.IndexAny(p, `"\`)
	if n < 0 {
		n = len(p)
	}
	if n == 0 && p[0] == '"' {
		s.text = false
		s.out = append(s.out, '"')
		return 1
	}
	if n == 0 {
		s.cut = s.cut || s.kept >= s.room()
		s.esc = 1
		s.keep(p[:1])
		return 1
	}
	i := min(n, max(0, s.room()-s.kept))
	for i < n && !utf8.RuneStart(p[i]) {
		i++
	}
	s.keep(p[:i])
	s.cut = s.cut || i < n
	return n
}

// escaped takes a byte of an escape sequence.
func (s *shrinker) escaped(b byte) {
	s.esc--
	if s.esc == 0 && b == 'u' && !s.hex {
		s.esc = 4
	}
	s.hex = s.esc > 0
	s.keep([]byte{b})
}

func (s *shrinker) keep(p []byte) {
	if !s.cut {
		s.out, s.kept = append(s.out, p...), s.kept+len(p)
	}
}

// room is what a string may have: little once the frame is long.
func (s *shrinker) room() int {
	if len(s.out)-s.kept > longFrame {
		return 0
	}
	return longString
}

// mark takes a byte outside of strings.
func (s *shrinker) mark(b byte) {
	switch b {
	case '"':
		s.text, s.kept, s.cut = true, 0, false
	case '{':
		s.open = append(s.open, '}')
	case '[':
		s.open = append(s.open, ']')
	case '}', ']':
		if len(s.open) == 0 || s.open[len(s.open)-1] != b {
			s.crazy = true
			return
		}
		s.open = s.open[:len(s.open)-1]
	case ',':
		if s.over = len(s.out) > longFrame; s.over {
			return
		}
	case ' ', '\t', '\r', '\n':
		return
	}
	s.crazy = len(s.open) > deepest || len(s.out) > 2*longFrame // a number of megabytes is none
	s.out = append(s.out, b)
}

// end returns what was kept; nil where it was no JSON.
func (s *shrinker) end() []byte {
	if s.crazy || s.text {
		return nil
	}
	for i := len(s.open) - 1; s.over && i >= 0; i-- {
		s.out = append(s.out, s.open[i])
	}
	return s.out
}
