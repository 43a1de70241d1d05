package tool

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// showable refuses a command that a person could not read as it is: what is
// asked must be what runs.
func showable(command string) error {
	switch {
	case strings.TrimSpace(command) == "":
		return errors.New("the command is empty")
	case len(command) > maxCommand:
		return fmt.Errorf("the command is longer than %d bytes; write a script with write_file and run that", maxCommand)
	case !utf8.ValidString(command):
		return errors.New("the command is not valid UTF-8")
	}
	for _, r := range command {
		if hidden(r) {
			return fmt.Errorf("the command has a character that cannot be seen (U+%04X); write it as an escape, for printf for example", r)
		}
	}
	return nil
}

// hidden reports whether r shows as nothing, or changes how others show. Tab and
// line feed are as they look.
func hidden(r rune) bool {
	switch {
	case r == '\n' || r == '\t' || r == ' ':
		return false
	case r == '\u200d' || unicode.Is(unicode.Variation_Selector, r): // they join emoji
		return false
	case r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r):
		return true
	default:
		return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zs, r)
	}
}
