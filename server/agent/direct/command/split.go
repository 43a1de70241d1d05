package command

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxLength = 4096 // bytes of a plain command
	maxWords  = 64
)

// special are the characters that a shell may give a meaning to when they are
// not quoted. Some count only in some places or in some shells; here they are
// never plain.
const special = "|;&$`><(){}*?[]~#!^"

// split cuts a command into its words the way POSIX does, or reports that it is
// more than one plain command: it has an operator, an expansion, an assignment,
// a line break, or a character that shells or eyes might take for another one.
func split(command string) ([]string, bool) {
	if len(command) > maxLength || !harmless(command) {
		return nil, false
	}
	s := splitter{rest: command}
	for s.word() {
		if len(s.words) > maxWords {
			return nil, false
		}
	}
	if s.odd || len(s.words) == 0 || strings.Contains(s.words[0], "=") {
		return nil, false
	}
	return s.words, true
}

// harmless reports whether every character is one that looks like what it is:
// ASCII without control characters, letters, digits and their accents. Spaces
// and punctuation of other scripts are not.
func harmless(command string) bool {
	for i, r := range command {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(command[i:]); n == 1 {
				return false
			}
		}
		switch {
		case r == '\t', r >= ' ' && r <= '~':
		case r > '~' && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)) && !unicode.Is(unicode.Variation_Selector, r) && !filler(r):
		default:
			return false
		}
	}
	return true
}

// filler reports whether r is a letter by name only: it shows as nothing.
func filler(r rune) bool {
	return unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
}

// splitter walks over a command once.
type splitter struct {
	rest  string
	words []string
	odd   bool // not plain after all
}

// word takes the next word; false: there is none, or the command is odd.
func (s *splitter) word() bool {
	s.rest = strings.TrimLeft(s.rest, " \t")
	if s.rest == "" {
		return false
	}
	if s.rest[0] == '=' { // one shell looks a program up for it
		s.odd = true
		return false
	}
	var w strings.Builder
	for s.rest != "" && !s.odd {
		c := s.next()
		switch {
		case c == ' ' || c == '\t':
			s.words = append(s.words, w.String())
			return true
		case c == '\'':
			s.single(&w)
		case c == '"':
			s.double(&w)
		case c == '\\':
			s.escaped(&w)
		case strings.IndexByte(special, c) >= 0:
			s.odd = true
		default:
			w.WriteByte(c)
		}
	}
	if s.odd {
		return false
	}
	s.words = append(s.words, w.String())
	return true
}

func (s *splitter) next() byte {
	c := s.rest[0]
	s.rest = s.rest[1:]
	return c
}

// single takes everything up to the closing quote as it is.
func (s *splitter) single(w *strings.Builder) {
	text, rest, closed := strings.Cut(s.rest, "'")
	if !closed {
		s.odd = true
		return
	}
	w.WriteString(text)
	s.rest = rest
}

// double takes text up to the closing quote. A backslash quotes only itself and
// the quote here; before what would otherwise expand, it is not plain.
func (s *splitter) double(w *strings.Builder) {
	for s.rest != "" {
		c := s.next()
		switch {
		case c == '"':
			return
		case c == '$' || c == '`' || c == '!':
			s.odd = true
			return
		case c == '\\' && s.rest != "" && (s.rest[0] == '\\' || s.rest[0] == '"'):
			w.WriteByte(s.next())
		default:
			w.WriteByte(c)
		}
	}
	s.odd = true // never closed
}

// escaped takes one character as it is.
func (s *splitter) escaped(w *strings.Builder) {
	if s.rest == "" {
		s.odd = true
		return
	}
	w.WriteByte(s.next())
}
