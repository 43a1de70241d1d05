package gatewaytest

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

//go:embed testdata
var recordings embed.FS

// Line is one line of a recording.
type Line struct {
	Sent  bool // by the client
	Frame json.RawMessage
}

// Recording returns what was said, in order, e.g. of "0.19.0/plain".
func Recording(name string) ([]Line, error) {
	b, err := recordings.ReadFile("testdata/" + name + ".jsonl")
	if err != nil {
		return nil, err
	}
	var all []Line
	for line := range bytes.Lines(b) {
		line = bytes.TrimSpace(line)
		if len(line) < 3 || !json.Valid(line[2:]) {
			return nil, fmt.Errorf("gatewaytest: %s: a line is no frame: %.80s", name, line)
		}
		all = append(all, Line{Sent: line[0] == '>', Frame: line[2:]})
	}
	return all, nil
}

// Recordings lists them.
func Recordings() []string {
	var names []string
	versions, _ := recordings.ReadDir("testdata") // embedded
	for _, v := range versions {
		files, _ := recordings.ReadDir("testdata/" + v.Name())
		for _, f := range files {
			names = append(names, v.Name()+"/"+strings.TrimSuffix(f.Name(), ".jsonl"))
		}
	}
	return names
}

// playing sends what the real agent sent after each call of a recording.
type playing struct {
	mu    sync.Mutex
	lines []Line
	ids   map[string]json.RawMessage // of the recording -> of the client
}

func newPlaying(name string) (*playing, error) {
	lines, err := Recording(name)
	return &playing{lines: lines, ids: map[string]json.RawMessage{}}, err
}

// next plays what follows the call f, where the recording goes on with one of its
// method; the zero Frame begins. It reports whether it did.
func (p *playing) next(a *Agent, f Frame) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if f.Method != "" {
		if len(p.lines) == 0 {
			return false
		}
		var want Frame
		if json.Unmarshal(p.lines[0].Frame, &want) != nil || want.Method != f.Method {
			return false
		}
		p.ids[string(want.ID)] = f.ID
		p.lines = p.lines[1:]
	}
	for len(p.lines) > 0 && !p.lines[0].Sent {
		a.Raw(p.line(p.lines[0].Frame))
		p.lines = p.lines[1:]
	}
	return true
}

// line gives an answer the id of the client's call.
func (p *playing) line(frame json.RawMessage) string {
	var f map[string]json.RawMessage
	if json.Unmarshal(frame, &f) != nil {
		return string(frame)
	}
	id, ok := p.ids[string(f["id"])]
	if !ok || f["method"] != nil {
		return string(frame)
	}
	f["id"] = id
	b, _ := json.Marshal(f) // was JSON
	return string(b)
}
