package tool

import (
	"fmt"
	"strings"

	"github.com/aymanbagabas/go-udiff"
)

const (
	maxDiffLines = 1000
	maxDiffBytes = 48 << 10
)

// change is the difference between two contents of a file, for people.
type change struct {
	diff           string // unified, cut where it is huge
	added, removed int    // lines
}

// changeOf compares a file with what it will hold.
func changeOf(path string, was content, text string) change {
	old := "a/" + path
	if !was.there {
		old = "/dev/null"
	}
	if why := incomparable(was, text); why != "" {
		return change{
			diff:  fmt.Sprintf("--- %s\n+++ b/%s\n@@ %s @@\n", old, path, why),
			added: lineCount(text),
		}
	}
	full := udiff.Unified(old, "b/"+path, was.text, text)
	c := change{}
	c.added, c.removed = counted(full)
	c.diff = cutDiff(full)
	return c
}

// incomparable says why two contents are not shown line by line; "" = they are.
func incomparable(was content, text string) string {
	switch {
	case was.huge:
		return fmt.Sprintf("the file is too large to compare: %s are replaced with %s", bytesInWords(was.size), bytesInWords(int64(len(text))))
	case !isText([]byte(was.text)):
		return fmt.Sprintf("the file is no text: %s are replaced with %s", bytesInWords(was.size), bytesInWords(int64(len(text))))
	case len(text) > maxText:
		return fmt.Sprintf("the new content is too large to show: %s", bytesInWords(int64(len(text))))
	default:
		return ""
	}
}

// counted counts the lines that a unified diff adds and removes.
func counted(diff string) (added, removed int) {
	_, body, _ := strings.Cut(diff, "\n@@") // behind the two lines with names
	for line := range strings.Lines(body) {
		switch line[0] {
		case '+':
			added++
		case '-':
			removed++
		}
	}
	return added, removed
}

// cutDiff shortens a diff at the end of a line and says so.
func cutDiff(diff string) string {
	lines, size, total := 0, 0, strings.Count(diff, "\n")
	for line := range strings.Lines(diff) {
		if lines == maxDiffLines || size+len(line) > maxDiffBytes {
			return diff[:size] + fmt.Sprintf("@@ the rest is not shown: %d of %d lines of the difference @@\n", total-lines, total)
		}
		lines++
		size += len(line)
	}
	return diff
}

func lineCount(text string) int {
	n := strings.Count(text, "\n")
	if text != "" && !strings.HasSuffix(text, "\n") {
		n++
	}
	return n
}
