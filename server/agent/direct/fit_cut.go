package direct

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

const (
	// shortResult is what is left of an older result, in bytes, and longArg how
	// long a text in older arguments may be.
	shortResult = 600
	longArg     = 400
	// shortPiece is what nothing is cut below, in bytes.
	shortPiece = 300
)

// shortenUntil shortens results and arguments of calls before message end, the
// oldest first, until there is room again.
func (s *squeeze) shortenUntil(end int) {
	for i := range s.q.messages[:end] {
		for j, p := range s.q.messages[i].pieces {
			if s.fits(enough) {
				return
			}
			next := shorter(p)
			if size(next) < size(p) {
				s.q.messages[i].pieces[j] = next
				s.shortened = true
			}
		}
	}
}

// shorter returns what an older piece can be without.
func shorter(p piece) piece {
	switch p := p.(type) {
	case result:
		p.text = middleCut(p.text, shortResult)
		return p
	case call:
		p.args = shortArgs(p.args)
		return p
	default:
		return p
	}
}

// middleCut keeps beginning and end of a text, about n bytes of it, and says how
// much is missing.
func middleCut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	head, tail := text[:n*2/3], text[len(text)-n/3:]
	out := strings.ToValidUTF8(head, "") + fmt.Sprintf("\n[… %d bytes left out to save room …]\n", len(text)-len(head)-len(tail)) + strings.ToValidUTF8(tail, "")
	if len(out) >= len(text) {
		return text
	}
	return out
}

// shortArgs shortens the texts in arguments, which stay JSON. What is no object
// is left as it is.
func shortArgs(args json.RawMessage) json.RawMessage {
	if len(args) <= longArg {
		return args
	}
	var members map[string]any
	d := json.NewDecoder(bytes.NewReader(args))
	d.UseNumber()
	if d.Decode(&members) != nil || members == nil {
		return args
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(shortValue(members)) != nil {
		return args
	}
	return bytes.TrimSpace(b.Bytes())
}

func shortValue(v any) any {
	switch v := v.(type) {
	case string:
		return middleCut(v, longArg)
	case []any:
		for i := range v {
			v[i] = shortValue(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = shortValue(v[k])
		}
	}
	return v
}

// cutLongest halves the longest texts until it fits, and takes the oldest
// pictures out where that is not enough. Calls stay: they belong to results.
func (s *squeeze) cutLongest() {
	for !s.fits(1) {
		p := s.longest()
		if p == nil {
			p = s.picture()
		}
		if p == nil {
			return
		}
		*p = halved(*p) // always smaller: see shortPiece
		s.cut = true
	}
}

// longest returns the longest text that can be cut; nil = none.
func (s *squeeze) longest() *piece {
	var found *piece
	longest := int64(shortPiece)
	for i := range s.q.messages {
		for j := range s.q.messages[i].pieces {
			p := &s.q.messages[i].pieces[j]
			switch (*p).(type) {
			case words, result:
				if n := size(*p); n > longest {
					found, longest = p, n
				}
			}
		}
	}
	return found
}

// picture returns the oldest picture; nil = there is none.
func (s *squeeze) picture() *piece {
	for i := range s.q.messages {
		for j := range s.q.messages[i].pieces {
			if _, ok := s.q.messages[i].pieces[j].(image); ok {
				return &s.q.messages[i].pieces[j]
			}
		}
	}
	return nil
}

// halved returns a text with half of it; of a picture only that it was there.
func halved(p piece) piece {
	switch p := p.(type) {
	case words:
		return words(middleCut(string(p), len(p)/2))
	case result:
		p.text = middleCut(p.text, len(p.text)/2)
		return p
	case image:
		return words("[A picture was here. There was no room for it.]")
	default:
		return p
	}
}
