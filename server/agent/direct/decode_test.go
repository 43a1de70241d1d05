package direct

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzDecode(f *testing.F) {
	f.Add("", []byte(`{"choices":[{"delta":{"content":[{"type":"text","text":"a"}]}}],"usage":{"prompt_tokens":1e300}}`))
	f.Add("error", []byte(`{"error":{"error":{"error":[{"message":{"message":"x"}}]}},"code":"429"}`))
	f.Add("", []byte(`{"type":"content_block_start","content_block":null,"delta":null,"message":null,"usage":null}`))
	f.Add("message_delta", []byte("{\"delta\":{}}\n[DONE]\n{}"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		for _, d := range []dialect{openAI{}, anthropic{}} {
			got, err := d.decode(name, data)
			var j joiner
			if text := j.put(got.text+got.reasoning) + j.rest(); err == nil && !utf8.ValidString(text) {
				t.Errorf("%T: text that is not UTF-8", d)
			}
			_, _ = d.whole(data)
		}
		words := shown(troubleIn(data).words+" key-0123456789", "key-0123456789")
		if strings.Contains(words, "key-0123456789") || len([]rune(words)) > maxWords+1 {
			t.Errorf("shown as %q", words)
		}
	})
}
