package tool

import (
	"errors"
	"fmt"
	"strings"
)

// replacement is one exact replacement in a text.
type replacement struct {
	old, new string
	all      bool
}

const bom = "\ufeff"

// replaceIn applies replacements one after the other, each to what the one before
// left. All of them fit or the text stays as it is. A byte order mark stays.
func replaceIn(text string, rs []replacement) (string, error) {
	body, marked := strings.CutPrefix(text, bom)
	for i, r := range rs {
		next, err := r.apply(body)
		if err != nil && len(rs) > 1 {
			return "", fmt.Errorf("edit %d of %d: %w; none of the edits was made", i+1, len(rs), err)
		}
		if err != nil {
			return "", err
		}
		body = next
	}
	if marked {
		body = bom + body
	}
	return body, nil
}

// apply is strings.Replace where old fits exactly once, strings.ReplaceAll where
// all is set, and an error that helps otherwise.
func (r replacement) apply(text string) (string, error) {
	r.old, r.new = strings.TrimPrefix(r.old, bom), strings.TrimPrefix(r.new, bom)
	if onlyCRLF(text) {
		r.old, r.new = withCRLF(r.old), withCRLF(r.new)
	}
	switch {
	case r.old == "":
		return "", errors.New(`"old" is empty; give the exact text that is to be replaced, or use write_file for a whole file`)
	case r.old == r.new:
		return "", errors.New(`"old" and "new" are the same; nothing would change`)
	}
	lines, more := linesOf(text, r.old)
	switch {
	case len(lines) == 0:
		return "", errors.New(missing(text, r.old))
	case len(lines) > 1 && !r.all:
		return "", fmt.Errorf(`"old" fits in %d places (%s); put more of the lines around it into "old" until it fits once, or set "replace_all"`,
			len(lines)+more, inLines(lines, more))
	}
	if len(text)+(strings.Count(text, r.old))*(len(r.new)-len(r.old)) > maxWhole {
		return "", fmt.Errorf("the file would become larger than %s", bytesInWords(maxWhole))
	}
	return strings.ReplaceAll(text, r.old, r.new), nil
}

// onlyCRLF reports whether all lines of a text end in CRLF. In such a text a line
// end of a model, which writes LF, means CRLF.
func onlyCRLF(text string) bool {
	n := strings.Count(text, "\r\n")
	return n > 0 && n == strings.Count(text, "\n")
}

func withCRLF(s string) string {
	if strings.Contains(s, "\r") {
		return s // it knows
	}
	return strings.ReplaceAll(s, "\n", "\r\n")
}

// maxPlaces is how many places of a match are named.
const maxPlaces = 1000

// linesOf returns the numbers of the lines in which old begins, and how many
// places there are beyond those that it counted. Places may overlap: which of two
// such was meant nobody can tell.
func linesOf(text, old string) (lines []int, more int) {
	line := 1
	for at := 0; ; {
		i := strings.Index(text[at:], old)
		if i < 0 {
			return lines, more
		}
		if len(lines) == maxPlaces {
			return lines, max(1, strings.Count(text[at:], old))
		}
		line += strings.Count(text[at:at+i], "\n")
		lines = append(lines, line)
		if text[at+i] == '\n' {
			line++
		}
		at += i + 1
	}
}

func inLines(lines []int, more int) string {
	const named = 10
	shown := lines[:min(named, len(lines))]
	s := "lines " + strings.Trim(strings.ReplaceAll(fmt.Sprint(shown), " ", ", "), "[]")
	if len(lines) > named || more > 0 {
		s += ", …"
	}
	return s
}

// missing says why old may not have been found.
func missing(text, old string) string {
	const read = "; read the file again and copy the text exactly"
	lf := func(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }
	if strings.Contains(lf(text), lf(old)) {
		return `"old" was not found with these line ends: the file, or this place in it, has others (CRLF or LF)` + read
	}
	if strings.Contains(lf(text), strings.TrimSuffix(lf(old), "\n")) && strings.HasSuffix(old, "\n") {
		return `"old" was not found because it ends with a line end where the file has none (its last line, or in mid-line); leave it off`
	}
	if at := looselyAt(text, old); at > 0 {
		return fmt.Sprintf(`"old" was not found, but line %d and what follows differ from it only in white space (indentation, tabs, spaces at the end)%s`, at, read)
	}
	if strings.Contains(strings.ToLower(text), strings.ToLower(old)) {
		return `"old" was not found, but it is there in other upper or lower case` + read
	}
	return `"old" was not found in the file` + read
}

// looselyAt returns the number of the line at which old stands apart from white
// space; 0 = nowhere that a short search finds it.
func looselyAt(text, old string) int {
	const tries = 50
	first, _, _ := strings.Cut(strings.TrimSpace(old), "\n")
	first, whole := squeeze(first), squeeze(old)
	if first == "" {
		return 0
	}
	lines := strings.Split(text, "\n")
	reach := strings.Count(old, "\n") + 6 // white space may be whole lines too
	tried := 0
	for i, line := range lines {
		if !strings.Contains(squeeze(line), first) {
			continue
		}
		if tried++; tried > tries {
			return 0
		}
		if strings.Contains(squeeze(strings.Join(lines[i:min(len(lines), i+reach)], "\n")), whole) {
			return i + 1
		}
	}
	return 0
}

// squeeze takes all white space out.
func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }
