// Package ignore reads .gitignore files inside of a Root, and the patterns for
// paths that they consist of. It is our own and not a library's because these
// read files by their paths, which are not inside of a Root.
package ignore

import (
	"io"
	"os"
	"strings"
)

const (
	maxFile  = 256 << 10
	maxRules = 2000
	bom      = "\ufeff"
)

// Rules is what the .gitignore files of a folder and of those above it say. The
// newest rule that fits counts.
type Rules []rule

type rule struct {
	base    string // path of the folder that the rule stands in, with / behind it; "" = the root
	fits    func(path string) bool
	name    bool // it is about the last name alone
	folders bool // only about folders
	not     bool // takes back what an earlier one said
}

// With returns the rules for a folder whose path is path, "" = the root: those of
// above and its own. A file that cannot be read says nothing.
func (above Rules) With(dir *os.Root, path string) Rules {
	f, err := open(dir, ".gitignore")
	if err != nil {
		return above
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile))
	if err != nil {
		return above
	}
	if path != "" {
		path += "/"
	}
	rules := above[:len(above):len(above)] // siblings share what is above
	for line := range strings.Lines(string(text)) {
		if r, ok := parse(line); ok && len(rules) < maxRules {
			r.base = path
			rules = append(rules, r)
		}
	}
	return rules
}

// open opens a regular file and nothing else: no link, and no FIFO, whatever
// takes the file's place meanwhile.
func open(dir *os.Root, name string) (*os.File, error) {
	before, err := dir.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !before.Mode().IsRegular() {
		return nil, os.ErrInvalid
	}
	f, err := dir.OpenFile(name, os.O_RDONLY|nonblock, 0)
	if err != nil {
		return nil, err
	}
	after, err := f.Stat()
	if err != nil || !os.SameFile(before, after) {
		_ = f.Close()
		return nil, os.ErrInvalid
	}
	return f, nil
}

func parse(line string) (r rule, ok bool) {
	line = trim(strings.TrimPrefix(strings.TrimRight(line, "\r\n"), bom))
	if line == "" || line[0] == '#' {
		return r, false
	}
	line, r.not = strings.CutPrefix(line, "!")
	line, r.folders = strings.CutSuffix(line, "/")
	r.name = !strings.Contains(line, "/")
	r.fits, ok = matcher(strings.TrimPrefix(line, "/"))
	return r, ok && line != ""
}

// matcher is quick for what most rules are: a bare name, or * and an ending.
func matcher(pattern string) (fits func(string) bool, ok bool) {
	const special = `*?[\`
	if !strings.ContainsAny(pattern, special) {
		return func(path string) bool { return path == pattern }, true
	}
	if end, star := strings.CutPrefix(pattern, "*"); star && !strings.ContainsAny(end, special+"/") {
		return func(path string) bool {
			return strings.HasSuffix(path, end) && !strings.Contains(path[:len(path)-len(end)], "/")
		}, true
	}
	re, err := Glob(pattern, false)
	if err != nil {
		return nil, false
	}
	return re.MatchString, true
}

// trim takes spaces at the end away, but for one behind a backslash.
func trim(line string) string {
	short := strings.TrimRight(line, " \t")
	if strings.HasSuffix(short, `\`) && short != line {
		return short + " "
	}
	return short
}

// Skip reports whether the path of a file or folder is ignored. Whether a folder
// above it is, has been asked before.
func (g Rules) Skip(path string, folder bool) bool {
	for i := len(g) - 1; i >= 0; i-- {
		if g[i].about(path, folder) {
			return !g[i].not
		}
	}
	return false
}

func (r rule) about(path string, folder bool) bool {
	rest, below := strings.CutPrefix(path, r.base)
	if !below || r.folders && !folder {
		return false
	}
	if r.name {
		rest = rest[strings.LastIndexByte(rest, '/')+1:]
	}
	return r.fits(rest)
}
