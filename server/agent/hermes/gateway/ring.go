package gateway

import (
	"bytes"
	"regexp"
	"strings"
	"sync"
)

const ringLines, ringLine = 200, 2000

// ring keeps the newest lines of what an agent writes for people, with secrets
// taken out.
type ring struct {
	mu    sync.Mutex
	lines []string
	part  []byte
}

// Write never fails: a full pipe would hold up the agent.
func (r *ring) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.part = append(r.part, b...)
	for {
		line, rest, ok := bytes.Cut(r.part, []byte{'\n'})
		if !ok {
			break
		}
		r.add(line)
		r.part = rest
	}
	if len(r.part) > ringLine {
		r.add(r.part)
		r.part = nil
	}
	return len(b), nil
}

func (r *ring) add(line []byte) {
	text := strings.ToValidUTF8(strings.TrimRight(string(line[:min(len(line), ringLine)]), "\r "), "\uFFFD")
	if text == "" {
		return
	}
	r.lines = append(r.lines, Redact(text))
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

var secrets = []*regexp.Regexp{
	regexp.MustCompile(`(?i)(authorization["']?\s*[:=]\s*["']?(?:bearer|basic|token)?\s*)[^\s"',]{6,}`),
	regexp.MustCompile(`(?i)(\bbearer\s+)[A-Za-z0-9._~+/=-]{8,}`),
	regexp.MustCompile(`(?i)([a-z0-9_-]*(?:api[_-]?key|token|secret|passwd|password)["']?\s*[:=]\s*["']?)[^\s"',&]{4,}`),
	regexp.MustCompile(`(://[^\s/:@]*:)[^\s/@]+(@)`),
	regexp.MustCompile(`()\b(?:sk|pk|ghp|gho|ghs|xox[abp]|hf|glpat)[-_][A-Za-z0-9_-]{8,}`),
	regexp.MustCompile(`()\bAKIA[0-9A-Z]{16}\b`),
}

// Redact takes what looks like a secret out of a line that people will read.
func Redact(line string) string {
	for _, re := range secrets {
		line = re.ReplaceAllString(line, "${1}[hidden]${2}")
	}
	return line
}
