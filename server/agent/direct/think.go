package direct

import "strings"

// thinkTags are the marks that models put around thoughts inside their answer.
var thinkTags = []string{"think", "thinking", "thought", "reasoning"}

// thinker takes the thoughts out of an answer that begins with <think>. A tag
// anywhere else is text: people ask about tags.
type thinker struct {
	state thinkState
	held  string // cannot be told yet
	end   string // the closing tag that is looked for
}

type thinkState uint8

const (
	thinkStart  thinkState = iota
	thinkOpened            // line ends before the thoughts are dropped
	thinkInside
	thinkAfter // blank space after the thoughts is dropped
	thinkText
)

// put takes a fragment and returns what can be told by now.
func (t *thinker) put(s string) (reasoning, text string) {
	for {
		switch t.state {
		case thinkText:
			return reasoning, text + s
		case thinkAfter:
			s = strings.TrimLeft(s, " \t\r\n")
			if s == "" {
				return reasoning, text
			}
			t.state = thinkText
		case thinkStart:
			rest, known := t.begin(s)
			if !known {
				return reasoning, text
			}
			s = rest
		case thinkOpened:
			if s = strings.TrimLeft(s, "\r\n"); s == "" {
				return reasoning, text
			}
			t.state = thinkInside
		case thinkInside:
			thought, rest, closed := t.inside(s)
			reasoning += thought
			if !closed {
				return reasoning, text
			}
			s = rest
		default:
			panic("direct: unknown state of thoughts")
		}
	}
}

// begin looks for an opening tag at the beginning of the answer.
func (t *thinker) begin(s string) (rest string, known bool) {
	all := t.held + s
	head := strings.TrimLeft(all, " \t\r\n")
	for _, tag := range thinkTags {
		open := "<" + tag + ">"
		if after, ok := strings.CutPrefix(head, open); ok {
			t.held, t.end, t.state = "", "</"+tag+">", thinkOpened
			return after, true
		}
		if strings.HasPrefix(open, head) {
			t.held = all
			return "", false
		}
	}
	t.held, t.state = "", thinkText
	return all, true
}

// inside looks for the closing tag and holds back what may be its beginning.
func (t *thinker) inside(s string) (thought, rest string, closed bool) {
	all := t.held + s
	t.held = ""
	if thought, rest, ok := strings.Cut(all, t.end); ok {
		t.state = thinkAfter
		return thought, rest, true
	}
	for n := min(len(t.end)-1, len(all)); n > 0; n-- {
		if strings.HasSuffix(all, t.end[:n]) {
			t.held = all[len(all)-n:]
			return all[:len(all)-n], "", false
		}
	}
	return all, "", false
}

// flush returns what was held back when the answer ends.
func (t *thinker) flush() (reasoning, text string) {
	held := t.held
	t.held = ""
	if t.state == thinkInside {
		return held, ""
	}
	return "", held
}
