package find

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"hermes-webui/server/chat"
)

func TestWordsAreFoundInWhateverCaseAndForm(t *testing.T) {
	for _, c := range []struct{ words, text, want string }{
		{"bold words", "some **bold** `words` here", "bold** `words@7"},
		{"bold", "*b***old***", "b***old@1"},
		{"**bold", "a **bold**", "**bold@2"},
		{"`x", "a `x`", "`x@2"},
		{"hello", "Hello, HELLO hello", "Hello@0 HELLO@7 hello@13"},
		{"aa", "aaaaa", "aa@0 aa@2"},
		{"b", "😀b👩‍👩‍👧b", "b@2 b@11"},
		{"ÉTÉ", "un été, un \u00e9t\u00e9, un e\u0301te\u0301", "été@3 été@11 e\u0301te\u0301@19"},
		{"e\u0301", "é", "é@0"},
		{"e", "é e\u0301 e", "e@5"},
		{"o", "o\u0353 o", "o@3"}, // a mark that no letter of ours has is still one
		{"straße", "STRAẞE Straße", "STRAẞE@0 Straße@7"},
		{"ΣΊΣΥΦΟΣ", "Σίσυφος", "Σίσυφος@0"},
		{"k", "\u212A", "\u212A@0"}, // the sign of Kelvin takes three bytes, k one
		{"日本", "x日本語", "日本@1"},
		{"éa", "ae\u0301a", "e\u0301a@1"},
		{"foo bar", "foo\nbar foo\u00a0bar foo  bar", "foo\nbar@0 foo\u00a0bar@8"},
		{"ё", "е\u0308ж", "е\u0308@0"},
		{"x", "", ""},
		{"\x00", "a\xff\x00b", "\x00@2"},
	} {
		var got []string
		text := []byte(c.text)
		wordsOf(c.words).in(text, true, func(from, to, at int) {
			got = append(got, fmt.Sprintf("%s@%d", c.text[from:to], at))
			if want := len(utf16.Encode([]rune(c.text[:from]))); at != want {
				t.Errorf("%q in %q: offset %d, want %d", c.words, c.text, at, want)
			}
		})
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%q in %q: %q, want %q", c.words, c.text, s, c.want)
		}
	}
}

func TestSurroundingsAreOneShortLine(t *testing.T) {
	text := []byte(strings.Repeat("ä", 50) + "\n\n\tx y" + strings.Repeat("😀", 50))
	wordsOf("x y").in(text, false, func(from, to, at int) {
		if got, want := before(text, from), "…"+strings.Repeat("ä", 37)+" "; got != want {
			t.Errorf("before is %q, want %q", got, want)
		}
		if got, want := after(text, to), strings.Repeat("😀", 40)+"…"; got != want {
			t.Errorf("after is %q, want %q", got, want)
		}
		if at != 53 {
			t.Errorf("offset %d", at)
		}
	})
}

func FuzzHitsLieInTheText(f *testing.F) {
	f.Add("e\u0301", "e\u0301e")
	f.Add("K", "\u212Ak")
	f.Add("ab", "**a**b")
	f.Fuzz(func(t *testing.T, query, text string) {
		if query == "" {
			return
		}
		end := 0
		wordsOf(query).in([]byte(text), true, func(from, to, at int) {
			if from < end || to <= from || to > len(text) {
				t.Fatalf("%d to %d after %d of %d", from, to, end, len(text))
			}
			if i, ok := chat.ByteOffset([]byte(text), at); !ok || i != from {
				t.Fatalf("offset %d is at byte %d, not %d", at, i, from)
			}
			end = to
		})
	})
}
