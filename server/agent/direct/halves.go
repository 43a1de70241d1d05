package direct

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// raw is what a JSON string holds, not repaired: servers cut their answers into
// strings wherever a token ends, which may be inside of a character. Half of a
// surrogate pair stands in it as the three bytes that UTF-8 would have for it,
// and bytes of a character stay as they came. A joiner makes text of it.
type raw string

func (r *raw) UnmarshalJSON(b []byte) error {
	if b[0] != '"' {
		return json.Unmarshal(b, (*string)(r))
	}
	*r = raw(unquote(b))
	return nil
}

// unquote returns what a JSON string holds, with the halves of characters. The
// syntax of b was checked before.
func unquote(b []byte) string {
	s := string(b[1 : len(b)-1])
	if !strings.Contains(s, `\`) {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			out = append(out, s[i])
			continue
		}
		i++
		switch c := s[i]; c {
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			n, _ := strconv.ParseUint(s[i+1:i+5], 16, 16) // four hex digits
			out = appendUnit(out, rune(n))
			i += 4
		default:
			out = append(out, c)
		}
	}
	return string(out)
}

// appendUnit appends a unit of UTF-16; pairs are put together by a joiner.
func appendUnit(out []byte, unit rune) []byte {
	if !utf16.IsSurrogate(unit) {
		return utf8.AppendRune(out, unit)
	}
	return append(out, 0xED, 0x80|byte(unit>>6&0x3F), 0x80|byte(unit&0x3F))
}

// joiner makes text of the strings of one stream. It holds back the beginning
// of a character until the rest of it comes.
type joiner struct{ held string }

// put returns the text that is complete with s.
func (j *joiner) put(s string) string {
	s = j.held + s
	n := complete(s)
	j.held = s[n:]
	return repaired(s[:n])
}

// rest returns what stands for a character whose rest never came.
func (j *joiner) rest() string {
	held := j.held
	j.held = ""
	return repaired(held)
}

const surrogateLen = 3

// complete returns how many bytes of s do not wait for what comes next.
func complete(s string) int {
	if n := len(s) - surrogateLen; n >= 0 && utf16.IsSurrogate(half(s[n:])) && half(s[n:]) < lowSurrogates {
		return n
	}
	for n := len(s) - 1; n >= 0 && n >= len(s)-utf8.UTFMax; n-- {
		if !utf8.RuneStart(s[n]) {
			continue
		}
		if !utf8.FullRuneInString(s[n:]) {
			return n
		}
		break
	}
	return len(s)
}

// lowSurrogates is where the second halves of pairs begin.
const lowSurrogates = 0xDC00

// half returns the half of a surrogate pair that s begins with, or 0.
func half(s string) rune {
	if len(s) < surrogateLen || s[0] != 0xED || s[1] < 0xA0 || s[1] > 0xBF || s[2] < 0x80 || s[2] > 0xBF {
		return 0
	}
	return 0xD000 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F)
}

// repaired returns s as UTF-8: pairs are put together, and for what is no
// character stands U+FFFD.
func repaired(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var out strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		if h := half(s); h != 0 {
			r, size = utf8.RuneError, surrogateLen
			if pair := utf16.DecodeRune(h, half(s[surrogateLen:])); pair != utf8.RuneError {
				r, size = pair, 2*surrogateLen
			}
		}
		out.WriteRune(r)
		s = s[size:]
	}
	return out.String()
}
