package redact_test

import (
	"encoding/json"
	"strings"
	"testing"

	"hermes-webui/server/agent/direct/redact"
)

func TestValuesAreTakenOutHoweverTheyAreWritten(t *testing.T) {
	w := redact.Of([]string{"sk-abc/def+12", "Bearer token-12345", "line one\nline two", `say "hello"`, "short"}, 8)
	for in, want := range map[string]string{
		"key sk-abc/def+12.":             "key [secret].",
		"sk-abc%2Fdef%2B12":              "[secret]",
		"token-12345":                    "[secret]",
		"Bearer token-12345":             "[secret]",
		"+line one\n+line two":           "+[secret]\n+[secret]",
		`{"a":"say \"hello\""}`:          `{"a":"[secret]"}`,
		"sk-abc/def+1":                   "sk-abc/def+1",
		"short":                          "short",
		"":                               "",
		"sk-abc/def+12sk-abc/def+12 end": "[secret][secret] end",
	} {
		if got := w.Clean(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	if got := (redact.Words{}).Clean("all"); got != "all" {
		t.Errorf("without values: %q", got)
	}
}

func TestANumberThatLooksLikeASecretLeavesADocumentWhole(t *testing.T) {
	w := redact.Of([]string{"12345678"}, 8)
	doc := json.RawMessage(`{"bytes":12345678}`)
	if got := w.JSON(doc); string(got) != string(doc) {
		t.Errorf("got %s", got)
	}
	if got := w.JSON(json.RawMessage(`{"a":"12345678"}`)); string(got) != `{"a":"[secret]"}` {
		t.Errorf("got %s", got)
	}
}

// Where the pieces are cut makes no difference, and what was passed on never
// holds a value, not even in part.
func FuzzStream(f *testing.F) {
	f.Add("XAX XAXB XAAX secret-secret-1", "XAX", "XAXB", uint8(1))
	f.Add("aaaaaaab", "aaab", "aab", uint8(2))
	f.Fuzz(func(t *testing.T, text, a, b string, size uint8) {
		w := redact.Of([]string{a, b, "secret-1"}, 3)
		whole := w.Clean(text)
		s := redact.Stream{Words: w}
		var out strings.Builder
		for rest, n := text, int(size)%7+1; rest != ""; {
			k := min(n, len(rest))
			out.WriteString(s.Put(rest[:k]))
			rest = rest[k:]
			if !strings.HasPrefix(whole, out.String()) {
				t.Fatalf("in pieces %q, whole %q", out.String(), whole)
			}
		}
		out.WriteString(s.Rest())
		if out.String() != whole {
			t.Fatalf("in pieces %q, whole %q", out.String(), whole)
		}
	})
}
