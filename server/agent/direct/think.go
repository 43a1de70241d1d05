package direct

import "strings"

// thinkTags are the marks that models put around thoughts inside their answer.
var thinkTags = []string{"think", "thinking", "thought", "reasoning"}

// maxFence bounds what is kept of a line to tell whether it opens or closes
// code, in bytes.
const maxFence = 200

// stretch is some of an answer: thoughts, or text for the person.
type stretch struct {
	thought bool
	text    string
}

// thinker takes the thoughts out of an answer. A tag counts where a line begins,
// outside of fenced code: people ask about tags, and are shown them in code or
// within a line. One that is never closed holds the rest of the answer. A closing
// tag of its own, of a model whose template has opened it, is left out.
type thinker struct {
	held   string // cannot be told yet
	end    string // the closing tag that is looked for; "" = this is text
	skip   skip
	inLine bool   // something stood in this line before
	line   string // how this line begins
	fence  string // what the code around began with; "" = none
}

// skip says which blank space is left out next.
type skip uint8

const (
	skipNone  skip = iota
	skipLines      // after an opening tag
	skipBlank      // after a closing one
)

// put takes a fragment and returns what can be told by now.
func (t *thinker) put(s string) []stretch {
	var out []stretch
	rest := t.held + s
	t.held = ""
	for {
		if rest = t.trimmed(rest); rest == "" {
			return out
		}
		var said string
		thought := t.end != ""
		if thought {
			said, rest = t.inside(rest)
		} else {
			said, rest = t.outside(rest)
		}
		if said != "" {
			out = append(out, stretch{thought, said})
		}
	}
}

func (t *thinker) trimmed(s string) string {
	switch t.skip {
	case skipLines:
		s = strings.TrimLeft(s, "\r\n")
	case skipBlank:
		s = strings.TrimLeft(s, " \t\r\n")
	}
	if s != "" {
		t.skip = skipNone
	}
	return s
}

// inside looks for the closing tag and holds back what may be its beginning.
func (t *thinker) inside(s string) (thought, rest string) {
	if thought, rest, ok := strings.Cut(s, t.end); ok {
		t.end, t.skip, t.inLine = "", skipBlank, false
		return thought, rest
	}
	for n := min(len(t.end)-1, len(s)); n > 0; n-- {
		if strings.HasSuffix(s, t.end[:n]) {
			t.held = s[len(s)-n:]
			return s[:len(s)-n], ""
		}
	}
	return s, ""
}

// outside takes text up to the end of a line, or a tag at its beginning.
func (t *thinker) outside(s string) (text, rest string) {
	if !t.inLine && t.fence == "" {
		head := strings.TrimLeft(s, " \t\r\n")
		if after, ok := t.tag(head); ok {
			return "", after
		}
		if maybeTag(head) {
			t.held = s
			return "", ""
		}
		lead := s[:len(s)-len(head)]
		t.took(lead)
		s = head
		text = lead
	}
	n := strings.IndexByte(s, '\n') + 1
	if n == 0 {
		n = len(s)
	}
	t.took(s[:n])
	return text + s[:n], s[n:]
}

// tag reports whether a tag stands here, and what is behind it.
func (t *thinker) tag(head string) (after string, ok bool) {
	for _, name := range thinkTags {
		if after, ok := strings.CutPrefix(head, "<"+name+">"); ok {
			t.end, t.skip = "</"+name+">", skipLines
			return after, true
		}
		if after, ok := strings.CutPrefix(head, "</"+name+">"); ok {
			t.skip = skipBlank
			return after, true
		}
	}
	return "", false
}

// maybeTag reports whether more of the answer may make a tag of this.
func maybeTag(head string) bool {
	for _, name := range thinkTags {
		if strings.HasPrefix("<"+name+">", head) || strings.HasPrefix("</"+name+">", head) {
			return true
		}
	}
	return false
}

// took notes text of the answer: where lines and code begin and end.
func (t *thinker) took(text string) {
	for line := range strings.Lines(text) {
		if len(t.line) < maxFence {
			t.line += line
		}
		if t.inLine = !strings.HasSuffix(line, "\n"); !t.inLine {
			t.fenced(strings.TrimSpace(t.line))
			t.line = ""
		}
	}
}

// fenced looks at a whole line for the beginning or the end of code.
func (t *thinker) fenced(line string) {
	for _, c := range []string{"`", "~"} {
		mark := line[:len(line)-len(strings.TrimLeft(line, c))]
		switch {
		case len(mark) < 3:
		case t.fence == "":
			if c == "~" || !strings.Contains(line[len(mark):], "`") {
				t.fence = mark
			}
		case strings.HasPrefix(mark, t.fence) && mark == line:
			t.fence = ""
		}
	}
}

// flush returns what was held back when the answer ends.
func (t *thinker) flush() []stretch {
	held := t.held
	t.held = ""
	if held == "" {
		return nil
	}
	return []stretch{{t.end != "", held}}
}
