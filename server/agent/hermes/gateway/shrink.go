package gateway

import "unicode/utf8"

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
	over  bool   // nothing more is kept
	crazy bool   // too deep, or closed what was not open: no JSON
}

func (s *shrinker) write(p []byte) {
	for _, b := range p {
		if s.over || s.crazy {
			return
		}
		if s.text {
			s.char(b)
		} else {
			s.mark(b)
		}
	}
}

// char takes a byte of a string. It begins to leave out only between characters.
func (s *shrinker) char(b byte) {
	switch {
	case s.esc > 0:
		if s.esc--; s.esc == 0 && b == 'u' {
			s.esc = -4
		}
	case s.esc < 0:
		s.esc++
	case b == '"':
		s.text = false
		s.out = append(s.out, b)
		return
	default:
		if !s.cut && s.kept >= s.room() && utf8.RuneStart(b) {
			s.cut = true
		}
		if b == '\\' {
			s.esc = 1
		}
	}
	if !s.cut {
		s.out, s.kept = append(s.out, b), s.kept+1
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
