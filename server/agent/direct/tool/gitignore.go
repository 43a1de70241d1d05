package tool

import (
	"io"
	"os"
	"regexp"
	"strings"
)

const (
	maxIgnoreFile  = 256 << 10
	maxIgnoreRules = 2000
)

// ignores is what the .gitignore files of a folder and of those above it say. The
// newest rule that fits counts. It is our own and not a library's because these
// read files by their paths, which are not inside of a Root.
type ignores []ignoreRule

type ignoreRule struct {
	base    string // path of the folder that the rule stands in, with / behind it; "" = the workspace
	pattern *regexp.Regexp
	name    bool // it is about the last name alone
	folders bool // only about folders
	not     bool // takes back what an earlier one said
}

// with returns the rules for a folder: those of above and its own. A file that
// cannot be read says nothing.
func (above ignores) with(dir *os.Root, path string) ignores {
	f, _, err := openRegular(dir, ".gitignore")
	if err != nil {
		return above
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxIgnoreFile))
	if err != nil {
		return above
	}
	if path != "" {
		path += "/"
	}
	rules := above[:len(above):len(above)] // siblings share what is above
	for line := range strings.Lines(string(text)) {
		if r, ok := ignoreRuleOf(line); ok && len(rules) < maxIgnoreRules {
			r.base = path
			rules = append(rules, r)
		}
	}
	return rules
}

func ignoreRuleOf(line string) (r ignoreRule, ok bool) {
	line = trimIgnore(strings.TrimPrefix(strings.TrimRight(line, "\r\n"), bom))
	if line == "" || line[0] == '#' {
		return r, false
	}
	line, r.not = strings.CutPrefix(line, "!")
	line, r.folders = strings.CutSuffix(line, "/")
	r.name = !strings.Contains(line, "/")
	re, err := glob(strings.TrimPrefix(line, "/"), false)
	r.pattern = re
	return r, err == nil && line != ""
}

// trimIgnore takes spaces at the end away, but for one behind a backslash.
func trimIgnore(line string) string {
	short := strings.TrimRight(line, " \t")
	if strings.HasSuffix(short, `\`) && short != line {
		return short + " "
	}
	return short
}

// skip reports whether the path of a file or folder is ignored. Whether a folder
// above it is, has been asked before.
func (g ignores) skip(path string, folder bool) bool {
	for i := len(g) - 1; i >= 0; i-- {
		if g[i].fits(path, folder) {
			return !g[i].not
		}
	}
	return false
}

func (r ignoreRule) fits(path string, folder bool) bool {
	rest, below := strings.CutPrefix(path, r.base)
	if !below || r.folders && !folder {
		return false
	}
	if r.name {
		rest = rest[strings.LastIndexByte(rest, '/')+1:]
	}
	return r.pattern.MatchString(rest)
}
