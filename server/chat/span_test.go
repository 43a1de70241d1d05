package chat

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf16"
)

func TestSpanFollowsTheReadersRule(t *testing.T) {
	for _, c := range []struct {
		have string
		at   int
		text string
		want string
		err  error
	}{
		{"", 0, "a", "a", nil},
		{"ab", 2, "c", "abc", nil},
		{"abc", 1, "x", "ax", nil},
		{"a👍b", 3, "c", "a👍c", nil},
		{"a👍b", 2, "c", "a👍b", ErrGap}, // inside a pair
		{"ab", 3, "c", "ab", ErrGap},
		{"ab", -1, "c", "ab", ErrGap},
	} {
		s := SpanOf(c.have)
		err := s.Put(c.at, c.text)
		if !errors.Is(err, c.err) || s.String() != c.want {
			t.Errorf("%q.Put(%d, %q): %q, %v; want %q, %v", c.have, c.at, c.text, s, err, c.want, c.err)
		}
	}
}

func TestCutSpanDoesNotWriteIntoItsCopy(t *testing.T) {
	a := SpanOf(strings.Repeat("x", 100))
	b := a
	if err := b.Put(10, "yyy"); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(a.String(), "y") {
		t.Fatal("the first text changed")
	}
}

func FuzzUTF16Len(f *testing.F) {
	f.Add("a👩‍👩‍👧é")
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := UTF16Len(s), len(utf16.Encode([]rune(s))); got != want {
			t.Fatalf("%d, want %d", got, want)
		}
	})
}
