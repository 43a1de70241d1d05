package hermes

import (
	"strings"
)

// mediaMark is how the agent names a file in its answer that is to be shown there:
// behind it comes an absolute path, or an address of the web.
const mediaMark = "MEDIA:"

// media finds the names of files in a text that may still grow. What may become
// one is held back until its line is whole.
type media struct {
	// show shows the file at a path, or reports that it cannot.
	show func(path string) bool
	say  func(words string)

	held  string // begins with the mark, or with a beginning of it
	line  string // the beginning of this line, as far as it was said
	last  byte   // the last character that was said; 0 = none
	fence bool   // inside of a block of code, where files are examples
}

// lineHead is how much of a line is remembered.
const lineHead = 16

// feed takes more of the text; whole = nothing more comes.
func (m *media) feed(text string, whole bool) {
	rest := m.held + text
	m.held = ""
	for rest != "" {
		line, next, ended := strings.Cut(rest, "\n")
		at := m.find(line)
		switch {
		case at >= 0 && !ended && !whole:
			m.out(line[:at])
			m.held = line[at:]
			return
		case at >= 0:
			m.out(line[:at])
			line = m.take(line[at:])
			rest = line
			if ended {
				rest += "\n" + next
			}
			continue
		case ended:
			m.out(line + "\n")
		case whole:
			m.out(line)
		default:
			begun := m.beginning(line)
			m.out(line[:len(line)-begun])
			m.held = line[len(line)-begun:]
		}
		rest = next
	}
}

// find returns where in a piece of the line a file is named; -1 = nowhere.
func (m *media) find(piece string) int {
	if m.quoted(piece) {
		return -1
	}
	for from := 0; ; {
		at := strings.Index(piece[from:], mediaMark)
		if at < 0 {
			return -1
		}
		at += from
		if m.wordAt(piece, at) {
			return at
		}
		from = at + len(mediaMark)
	}
}

// quoted reports whether the line is code, or what somebody else said.
func (m *media) quoted(piece string) bool {
	return m.fence || strings.HasPrefix(strings.TrimLeft(m.line+piece, " "), ">")
}

func (m *media) wordAt(piece string, at int) bool {
	before := m.last
	if at > 0 {
		before = piece[at-1]
	}
	return before == 0 || strings.IndexByte(" \t\n(*_", before) >= 0
}

// beginning is how many bytes at the end of a piece may become the mark.
func (m *media) beginning(piece string) int {
	if m.quoted(piece) {
		return 0
	}
	for n := min(len(mediaMark)-1, len(piece)); n > 0; n-- {
		if strings.HasSuffix(piece, mediaMark[:n]) && m.wordAt(piece, len(piece)-n) {
			return n
		}
	}
	return 0
}

// take shows the file that a piece of a line begins with, and returns what of the
// piece is left to say. Where there is none, it says the mark.
func (m *media) take(piece string) (left string) {
	named := strings.TrimLeft(piece[len(mediaMark):], " \t")
	for _, c := range candidates(named) {
		if link := linkOf(c.path); link != "" {
			m.out(link)
			return c.left
		}
		if m.show(c.path) {
			return c.left
		}
	}
	m.out(mediaMark)
	return piece[len(mediaMark):]
}

type candidate struct{ path, left string }

// candidates are what a line may name: what stands in quotes, else all of it (a
// path may have spaces), else its first word.
func candidates(named string) []candidate {
	if named == "" {
		return nil
	}
	if q := named[0]; strings.IndexByte("\"'`", q) >= 0 {
		if path, left, ok := strings.Cut(named[1:], named[:1]); ok {
			return []candidate{{path, trimLeft(left)}}
		}
		return nil
	}
	all := []candidate{{strings.TrimRight(named, closing), ""}}
	if word, left, ok := strings.Cut(named, " "); ok {
		all = append(all, candidate{strings.TrimRight(word, closing), trimLeft(" " + left)})
	}
	return all
}

// closing is what may stand behind a path and is not a part of it.
const closing = " \t\r.,;:!?)]}\"'`*_"

// trimLeft leaves nothing where only the end of a sentence is left.
func trimLeft(left string) string {
	if strings.Trim(left, closing) == "" {
		return ""
	}
	return left
}

// linkOf is an address of the web as a link in Markdown, a picture where it is
// one; "" = it is none.
func linkOf(address string) string {
	if !strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "http://") || strings.ContainsAny(address, " <>\"`") {
		return ""
	}
	path, _, _ := strings.Cut(address, "?")
	link := "[" + strings.NewReplacer("[", "", "]", "").Replace(baseOf(path)) + "](<" + address + ">)"
	if strings.HasPrefix(typeOf(path), "image/") {
		link = "!" + link
	}
	return link
}

// out says words, and notes where the line stands.
func (m *media) out(words string) {
	if words == "" {
		return
	}
	m.last = words[len(words)-1]
	m.note(words)
	m.say(words)
}

func (m *media) note(words string) {
	for {
		line, next, ended := strings.Cut(words, "\n")
		m.line += line[:min(len(line), max(0, lineHead-len(m.line)))]
		if !ended {
			return
		}
		if head := strings.TrimLeft(m.line, " "); strings.HasPrefix(head, "```") || strings.HasPrefix(head, "~~~") {
			m.fence = !m.fence
		}
		m.line, words = "", next
	}
}
