package scripted

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"unicode/utf8"
)

// SyntaxError is a mistake in a .turn file.
type SyntaxError struct {
	Name string
	Line int // from 1
	Text string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("%s:%d: %s", e.Name, e.Line, e.Text) }

const (
	indent   = 4
	maxDepth = 32 // of blocks in blocks
)

// place says where a step may stand.
type place uint8

const (
	inTurn place = 1 << iota
	inSubagent
	inTool
	outermost // together with inTurn: not inside of any block
)

// line is one line of a file without its indentation.
type line struct {
	no    int
	depth int // in blocks; -1: not a whole number of them
	text  string
	raw   string
}

func (l line) blank() bool   { return strings.TrimSpace(l.raw) == "" }
func (l line) comment() bool { return strings.HasPrefix(l.text, "#") }

type parser struct {
	name  string
	lines []line
	pos   int
}

// Parse reads a .turn file. The error is a *SyntaxError.
func Parse(name string, src []byte) (*Script, error) {
	p := &parser{name: name}
	if err := p.split(src); err != nil {
		return nil, err
	}
	steps, err := p.block(0, inTurn|outermost)
	if err != nil {
		return nil, err
	}
	if len(steps) == 0 {
		return nil, p.errorf(1, "there is no step in this file")
	}
	return &Script{Name: name, steps: steps, sum: sha256.Sum256(src)}, nil
}

func (p *parser) errorf(no int, format string, args ...any) error {
	return &SyntaxError{Name: p.name, Line: no, Text: fmt.Sprintf(format, args...)}
}

func (p *parser) split(src []byte) error {
	for i, raw := range strings.Split(string(src), "\n") {
		raw = strings.TrimSuffix(raw, "\r")
		if !utf8.ValidString(raw) {
			return p.errorf(i+1, "this is not UTF-8")
		}
		text := strings.TrimLeft(raw, " ")
		l := line{no: i + 1, depth: -1, text: strings.TrimRight(text, " \t"), raw: raw}
		if n := len(raw) - len(text); n%indent == 0 {
			l.depth = n / indent
		}
		p.lines = append(p.lines, l)
	}
	return nil
}

// next returns the next line that holds a step, if it is at this depth.
func (p *parser) next(depth int) (line, bool, error) {
	for p.pos < len(p.lines) && (p.lines[p.pos].blank() || p.lines[p.pos].comment()) {
		p.pos++
	}
	if p.pos == len(p.lines) {
		return line{}, false, nil
	}
	l := p.lines[p.pos]
	switch {
	case strings.HasPrefix(l.text, "\t"):
		return l, false, p.errorf(l.no, "indent with spaces, not with tabs")
	case l.depth < 0 || l.depth > depth:
		return l, false, p.errorf(l.no, "this line is not at a place where a step can be: indent by %d spaces a block", indent)
	case l.depth < depth:
		return l, false, nil
	default:
		p.pos++
		return l, true, nil
	}
}

// block reads the steps at one depth.
func (p *parser) block(depth int, at place) ([]step, error) {
	if depth > maxDepth {
		return nil, p.errorf(p.lines[min(p.pos, len(p.lines)-1)].no, "more than %d blocks in blocks", maxDepth)
	}
	var steps []step
	for {
		l, ok, err := p.next(depth)
		if err != nil || !ok {
			return steps, err
		}
		s, err := p.step(l, at)
		if err != nil {
			return nil, err
		}
		if len(steps) > 0 {
			if err := p.follows(l, steps[len(steps)-1], s, endedIn(steps)); err != nil {
				return nil, err
			}
		} else if _, ok := s.(beginStep); ok {
			return nil, p.errorf(l.no, "begin needs an end before it")
		}
		steps = append(steps, s)
	}
}

// inside reads the block below l, which must not be empty.
func (p *parser) inside(l line, at place) ([]step, error) {
	steps, err := p.block(l.depth+1, at&^outermost)
	if err == nil && len(steps) == 0 {
		err = p.errorf(l.no, "steps must stand below this line, %d spaces further in", indent)
	}
	return steps, err
}

// endedIn reports whether the turn has ended after these steps.
func endedIn(steps []step) bool {
	ended := false
	for _, s := range steps {
		switch s.(type) {
		case endStep:
			ended = true
		case beginStep:
			ended = false
		}
	}
	return ended
}

// follows says whether s may follow the steps before it.
func (p *parser) follows(l line, before, s step, ended bool) error {
	switch before.(type) {
	case failStep, crashStep, outcomeStep:
		return p.errorf(l.no, "nothing can follow the line above")
	}
	_, begins := s.(beginStep)
	_, waits := s.(waitStep)
	switch {
	case begins && !ended:
		return p.errorf(l.no, "begin needs an end before it")
	case ended && !begins && !waits:
		return p.errorf(l.no, "the turn has ended: only wait and begin can follow")
	}
	return nil
}

// text reads the lines below l as they are, without the indentation of the
// block. Empty lines at the end do not count.
func (p *parser) text(l line) (string, error) {
	prefix := strings.Repeat(" ", (l.depth+1)*indent)
	var lines []string
	for ; p.pos < len(p.lines); p.pos++ {
		inside, ok := strings.CutPrefix(p.lines[p.pos].raw, prefix)
		if !ok && !p.lines[p.pos].blank() {
			break
		}
		if !ok {
			inside = ""
		}
		lines = append(lines, inside)
	}
	for len(lines) > 0 && strings.TrimSpace(lines[len(lines)-1]) == "" {
		lines = lines[:len(lines)-1]
	}
	text := strings.Join(lines, "\n")
	if strings.TrimSpace(text) == "" {
		return "", p.errorf(l.no, "text must stand below this line, %d spaces further in", indent)
	}
	if err := checkVars(text); err != nil {
		return "", p.errorf(l.no, "%v", err)
	}
	return text, nil
}
