package find

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// around is how many characters of its surroundings a hit shows on each side.
const around = 40

// words are what is looked for.
type words struct {
	folded []byte
	signs  bool // signs of Markdown are among them
}

func wordsOf(query string) words {
	return words{folded([]byte(query), false), strings.ContainsFunc(query, isSign)}
}

// in gives f each place of text where the words stand, from the left, without
// overlaps: bytes from to to, and the offset in UTF-16 units. In Markdown its
// signs count only when they are asked for.
func (w words) in(text []byte, markdown bool, f func(from, to, at int)) {
	place := cursor{text: text, bare: markdown && !w.signs}
	hay := folded(text, place.bare)
	for start := 0; ; {
		i := bytes.Index(hay[start:], w.folded)
		if i < 0 {
			return
		}
		place.to(start + i)
		place.overSigns()
		from, at := place.source, place.units
		place.to(start + i + len(w.folded))
		start = place.folded
		if _, n := markAt(text[place.source:]); n > 0 {
			continue // the last letter has a mark that was not asked for
		}
		f(from, place.source, at)
	}
}

// cursor goes through a text and the folded form of it at the same pace.
type cursor struct {
	text                  []byte
	bare                  bool
	source, folded, units int
}

func (c *cursor) to(folded int) {
	for c.folded < folded {
		c.step()
	}
}

func (c *cursor) overSigns() {
	for c.bare && c.source < len(c.text) && isSign(rune(c.text[c.source])) {
		c.step()
	}
}

func (c *cursor) step() {
	r, size := next(c.text[c.source:])
	c.units += units(c.text[c.source : c.source+size])
	c.source += size
	if !c.bare || !isSign(r) {
		c.folded += utf8.RuneLen(r)
	}
}

// units counts UTF-16 units.
func units(text []byte) int {
	n := 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		i += size
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// before returns what stands before a hit, on one line.
func before(text []byte, from int) string {
	i, n := from, 0
	for ; i > 0 && n < around; n++ {
		_, size := utf8.DecodeLastRune(text[:i])
		i -= size
	}
	return cut(i > 0, oneLine(text[i:from]), false)
}

// after returns what stands behind a hit, on one line.
func after(text []byte, to int) string {
	i, n := to, 0
	for ; i < len(text) && n < around; n++ {
		_, size := utf8.DecodeRune(text[i:])
		i += size
	}
	return cut(false, oneLine(text[to:i]), i < len(text))
}

func cut(left bool, text string, right bool) string {
	if left {
		text = "…" + text
	}
	if right {
		text += "…"
	}
	return text
}

// oneLine makes one space of each stretch of white space and control signs.
func oneLine(text []byte) string {
	var sb strings.Builder
	space := false
	for _, r := range string(text) {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			if !space {
				sb.WriteByte(' ')
			}
			space = true
			continue
		}
		space = false
		sb.WriteRune(r)
	}
	return sb.String()
}
