package direct

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func eventsOf(r io.Reader, max int) ([]string, error) {
	s := newSSE(bufio.NewReaderSize(r, 16), max)
	var out []string
	for {
		e, err := s.next()
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		out = append(out, e.name+"|"+string(e.data))
	}
}

func TestEventStream(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"LF":                     {"data: a\n\ndata: b\n\n", "|a;|b"},
		"CRLF":                   {"data: a\r\n\r\ndata: b\r\n\r\n", "|a;|b"},
		"CR":                     {"data: a\r\rdata: b\r\r", "|a;|b"},
		"mixed ends":             {"data: a\r\n\ndata: b\n\r\ndata: c\r\n\r", "|a;|b;|c"},
		"no space":               {"data:a\n\n", "|a"},
		"only one space goes":    {"data:  a\n\n", "| a"},
		"comments":               {": hello\n\n:\ndata: a\n: again\n\n", "|a"},
		"several lines":          {"data: a\ndata: b\n\n", "|a\nb"},
		"empty data":             {"data\n\ndata:\n\n", "|;|"},
		"names":                  {"event: x\ndata: a\n\ndata: b\n\n", "x|a;|b"},
		"a name without data":    {"event: x\n\ndata: b\n\n", "|b"},
		"unknown fields":         {"id: 1\nretry: 5\nfoo: bar\nfoo\ndata: a\n\n", "|a"},
		"no blank line at end":   {"data: a\n\ndata: b\n", "|a;|b"},
		"no line end at the end": {"data: a\n\ndata: b", "|a;|b"},
		"nothing":                {"", ""},
		"blank lines":            {"\n\n\r\n\r", ""},
		"many blank lines":       {"\n\ndata: a\n\n\n\ndata: b\n\n", "|a;|b"},
		"UTF-8":                  {"data: 👩‍👩‍👧 é\n\n", "|👩‍👩‍👧 é"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, r := range []io.Reader{strings.NewReader(c.in), iotest.OneByteReader(strings.NewReader(c.in)), iotest.DataErrReader(strings.NewReader(c.in))} {
				got, err := eventsOf(r, 1<<10)
				if err != nil || strings.Join(got, ";") != c.want {
					t.Errorf("got %q, %v", got, err)
				}
			}
		})
	}
}

func TestAnEventIsThereBeforeMoreIsRead(t *testing.T) {
	for _, end := range []string{"\n\n", "\r\n\r\n", "\r\r"} {
		pr, pw := io.Pipe()
		s := newSSE(bufio.NewReader(pr), 100)
		go func() { _, _ = io.WriteString(pw, "data: a"+end) }() // and then nothing
		if e, err := s.next(); err != nil || string(e.data) != "a" {
			t.Errorf("%q: got %q, %v", end, e.data, err)
		}
		_ = pr.Close()
	}
}

func TestHugeEventsAreRefused(t *testing.T) {
	for _, in := range []string{"data: " + strings.Repeat("x", 200), strings.Repeat("data: x\n", 200), ":" + strings.Repeat("c", 200)} {
		if _, err := eventsOf(strings.NewReader(in), 100); !errors.Is(err, errHuge) {
			t.Errorf("got %v", err)
		}
	}
	if got, err := eventsOf(strings.NewReader("data: "+strings.Repeat("x", 90)+"\n\n"), 100); err != nil || len(got) != 1 {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestABrokenConnectionIsNoEnd(t *testing.T) {
	r := io.MultiReader(strings.NewReader("data: a\n\ndata: {\"cut"), iotest.ErrReader(io.ErrUnexpectedEOF))
	got, err := eventsOf(r, 100)
	if err != io.ErrUnexpectedEOF || len(got) != 1 {
		t.Errorf("got %q, %v", got, err)
	}
}

// splits gives a reader that hands out in in pieces whose sizes are cut's bytes.
type splits struct {
	in  []byte
	cut []byte
}

func (s *splits) Read(p []byte) (int, error) {
	if len(s.in) == 0 {
		return 0, io.EOF
	}
	n := 1
	if len(s.cut) > 0 {
		n, s.cut = int(s.cut[0])%7+1, s.cut[1:]
	}
	n = copy(p, s.in[:min(n, len(s.in))])
	s.in = s.in[n:]
	return n, nil
}

func FuzzEventStream(f *testing.F) {
	f.Add([]byte("data: é👍\r\n\r\nevent: x\rdata:b\r\r: c\ndata: d"), []byte{1, 2, 3})
	f.Add([]byte("\xef\xbb\xbfdata: a\n\n\r\n"), []byte{6})
	f.Fuzz(func(t *testing.T, in, cut []byte) {
		whole, err := eventsOf(bytes.NewReader(in), 1<<10)
		parts, err2 := eventsOf(&splits{in, cut}, 1<<10)
		if strings.Join(whole, "\x00") != strings.Join(parts, "\x00") || !errors.Is(err2, err) {
			t.Fatalf("whole %q %v, in pieces %q %v", whole, err, parts, err2)
		}
		unix := bytes.ReplaceAll(bytes.ReplaceAll(in, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
		if got, _ := eventsOf(bytes.NewReader(unix), 1<<10); err == nil && strings.Join(whole, "\x00") != strings.Join(got, "\x00") {
			t.Fatalf("as it is %q, with LF %q", whole, got)
		}
	})
}

// thoughtsOf tells an answer that comes in fragments: thoughts in brackets.
func thoughtsOf(fragments ...string) string {
	var t thinker
	var list []stretch
	for _, f := range fragments {
		list = append(list, t.put(f)...)
	}
	var out strings.Builder
	inside := false
	for _, x := range append(list, t.flush()...) {
		if x.thought != inside {
			out.WriteString(map[bool]string{true: "[", false: "]"}[x.thought])
			inside = x.thought
		}
		out.WriteString(x.text)
	}
	if inside {
		out.WriteString("]")
	}
	return out.String()
}

func TestThoughtsInsideAnAnswer(t *testing.T) {
	for _, c := range []struct{ in, out string }{
		{"<think>a</think>b", "[a]b"},
		{"\n<think>\na\n</think>\n\nb\n", "[a\n]b\n"},
		{"<thinking>a < b</thi</thinking>c", "[a < b</thi]c"},
		{"<b>x</b>", "<b>x</b>"},
		{"  x", "  x"},
		{"<thi", "<thi"},
		{"<think></think>b", "b"},
		{"<think>never closed</th", "[never closed</th]"},
		{"a\n<think>never closed", "a\n[never closed]"},
		{"a\n\n<think>b</think>\nc\n  <thought>d</thought>\n\ne", "a\n[b]c\n[d]e"},
		{"<think>a</think>\n<reasoning>b</reasoning> c", "[ab]c"},
		// Where a tag is spoken of, it stays.
		{"b <think>a</think>", "b <think>a</think>"},
		{"<think>a</think>b<think>c</think>", "[a]b<think>c</think>"},
		{"`<think>` begins it", "`<think>` begins it"},
		{"```xml\n<think>\na\n</think>\n```\n<think>b</think>c", "```xml\n<think>\na\n</think>\n```\n[b]c"},
		{"~~~~\n~~~\n<think>\n~~~~\n<think>b", "~~~~\n~~~\n<think>\n~~~~\n[b]"},
		{"```a``` b\n<think>c", "```a``` b\n[c]"},
		// A tag that closes what nobody opened is none of the answer.
		{"a\n</think>\n\nb", "a\nb"},
		{"</think>b", "b"},
		{"<think>a</think>\n</think>\nb", "[a]b"},
	} {
		if got := thoughtsOf(c.in); got != c.out {
			t.Errorf("%q: got %q, want %q", c.in, got, c.out)
		}
		if got := thoughtsOf(strings.Split(c.in, "")...); got != c.out {
			t.Errorf("%q in pieces: got %q, want %q", c.in, got, c.out)
		}
	}
}

func FuzzThoughts(f *testing.F) {
	f.Add("<think>\n\na</think>\n b", uint8(3))
	f.Add("<thinking></think></thinking>", uint8(1))
	f.Add("a\n<think>b</think>\n```\n<think>\n```\n</think>\nc", uint8(2))
	f.Fuzz(func(t *testing.T, in string, size uint8) {
		var pieces []string
		for s, n := in, int(size)%5+1; s != ""; {
			k := min(n, len(s))
			pieces, s = append(pieces, s[:k]), s[k:]
		}
		whole := thoughtsOf(in)
		if got := thoughtsOf(pieces...); got != whole {
			t.Fatalf("whole %q, in pieces %q", whole, got)
		}
	})
}
