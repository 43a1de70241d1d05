package mcp

import (
	"bytes"
	"strings"
	"sync"

	"hermes-webui/server/agent/direct/redact"
)

const (
	tailLines = 8
	tailLine  = 400     // bytes of a line that are kept
	tailTaken = 4 << 10 // bytes of a line that are looked at
)

// tail keeps the last lines that a program wrote, without secrets.
type tail struct {
	hide  redact.Words
	mu    sync.Mutex
	lines []string
	part  []byte // of the line that is not over
	over  bool   // the rest of that line is dropped
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := len(p)
	for len(p) > 0 {
		line, rest, ended := bytes.Cut(p, []byte("\n"))
		t.take(line)
		if ended {
			t.end()
		}
		p = rest
	}
	return n, nil
}

func (t *tail) take(b []byte) {
	if room := tailTaken - len(t.part); len(b) > room {
		b, t.over = b[:max(room, 0)], true
	}
	t.part = append(t.part, b...)
}

func (t *tail) end() {
	if line := t.line(); line != "" {
		t.lines = append(t.lines, line)
		t.lines = t.lines[max(0, len(t.lines)-tailLines):]
	}
	t.part, t.over = t.part[:0], false
}

// line returns the line that is not over. Where it was cut, its end may be the
// beginning of a secret, and goes.
func (t *tail) line() string {
	part := t.part
	if t.over {
		part = part[:max(0, len(part)-t.hide.Long())]
	}
	text := strings.ToValidUTF8(t.hide.Clean(string(part)), "")
	text = strings.TrimSpace(strings.Map(visible, text))
	return strings.ToValidUTF8(text[:min(len(text), tailLine)], "")
}

func visible(r rune) rune {
	if r < ' ' && r != '\t' || r == 0x7f {
		return -1
	}
	return r
}

// said returns the last lines, "" where there are none.
func (t *tail) said() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := t.lines
	if last := t.line(); last != "" {
		lines = append(lines[:len(lines):len(lines)], last)
	}
	return strings.Join(lines, "\n")
}
