package turn

import (
	"strings"
	"unicode"
)

// titleLength is how many characters a title has at most that is made from a
// prompt.
const titleLength = 60

// titleOf makes a title from the first words of a prompt: one line, no
// control characters, cut between words where that leaves enough.
func titleOf(prompt string) string {
	words := strings.FieldsFunc(strings.ToValidUTF8(prompt, ""), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	})
	title := []rune(strings.Join(words, " "))
	if len(title) <= titleLength {
		return string(title)
	}
	title = title[:titleLength-1]
	for i := len(title) - 1; i > titleLength/2; i-- {
		if title[i] == ' ' {
			title = title[:i]
			break
		}
	}
	return strings.TrimRight(string(title), " ,.;:") + "…"
}
