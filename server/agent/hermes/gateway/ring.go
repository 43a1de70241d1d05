package gateway

import (
	"bytes"
	"strings"
	"sync"
)

const (
	ringLines = 200
	ringLine  = 2000 // bytes that are kept of a line
)

// ring keeps the last lines that a process wrote, without secrets.
type ring struct {
	hide  redactor
	mu    sync.Mutex
	lines []string
	part  []byte // of the line that is not over, at most ringLine
}

func (r *ring) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := len(p)
	for len(p) > 0 {
		line, rest, ended := bytes.Cut(p, []byte("\n"))
		r.part = append(r.part, line[:min(len(line), max(0, ringLine-len(r.part)))]...)
		if ended {
			r.end()
		}
		p = rest
	}
	return n, nil
}

func (r *ring) end() {
	line := strings.TrimRight(strings.ToValidUTF8(strings.Map(visible, string(r.part)), ""), " \t")
	r.part = r.part[:0]
	if line == "" {
		return
	}
	r.lines = append(r.lines, r.hide.clean(line))
	if len(r.lines) > ringLines {
		r.lines = append([]string(nil), r.lines[len(r.lines)-ringLines:]...)
	}
}

// Lines returns them, the oldest first.
func (r *ring) Lines() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.lines...)
}

func visible(c rune) rune {
	if c < ' ' && c != '\t' || c == 0x7f {
		return -1
	}
	return c
}
