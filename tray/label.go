package tray

import (
	"runtime"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	longestLabel   = 60 // characters; menus get as wide as their widest entry
	longestCommand = 80 // of a command that may be allowed from the menu
)

// plain makes a text fit for one line that says what it seems to say: no control
// characters, nothing invisible, nothing that turns the direction of writing.
func plain(s string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp):
			return ' '
		case unicode.In(r, unicode.Cf, unicode.Co, unicode.Cs):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "�"))
	return strings.Join(strings.Fields(clean), " ")
}

// cut shortens a text to n characters.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}

// label is how a text from elsewhere stands in the menu.
func label(s string) string { return cut(plain(s), longestLabel) }

// mnemonic keeps characters that menus take for "underline the next one".
func mnemonic(s string) string {
	switch runtime.GOOS {
	case "windows":
		return strings.ReplaceAll(s, "&", "&&")
	case "darwin":
		return s
	default:
		return strings.ReplaceAll(s, "_", "__")
	}
}

// shown is the text by which a person judges an ask.
func (a Ask) shown() string {
	if a.Command != "" {
		return a.Command
	}
	return a.Title
}

// allowable reports whether everything that matters of an ask can be read in a
// menu, exactly as it is.
func (a Ask) allowable() bool {
	return a.Allow && !a.Danger && !a.More && a.shown() != "" && whole(a.shown(), longestCommand) && whole(a.Why, longestCommand) &&
		(a.Command == "" || whole(a.Title, longestLabel))
}

// whole reports whether a text stands in the menu as it is.
func whole(s string, longest int) bool { return plain(s) == s && utf8.RuneCountInString(s) <= longest }
