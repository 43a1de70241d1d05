package direct_test

import (
	"testing"

	"hermes-webui/server/agent/direct"
	"hermes-webui/server/agent/direct/modeltest"
)

func TestCharactersThatAreCutBetweenTwoEventsAreWhole(t *testing.T) {
	for name, c := range map[string]struct{ first, second, said string }{
		"escaped pair":            {`a\ud83d`, `\ude00b`, "[text]a😀b"},
		"escaped pair, one event": {`a\ud83d\ude00`, `b`, "[text]a😀b"},
		"bytes, one and three":    {"a\xf0", "\x9f\x98\x80b", "[text]a😀b"},
		"bytes, three and one":    {"a\xf0\x9f\x98", "\x80b", "[text]a😀b"},
		"short character":         {"a\xc3", "\xbcb", "[text]aüb"},
		"nothing follows":         {`a\ud83d`, ``, "[text]a\uFFFD"},
		"bytes without a rest":    {"a\xf0\x9f", ``, "[text]a\uFFFD\uFFFD"},
		"something else follows":  {`a\ud83d`, `b`, "[text]a\uFFFDb"},
		"second half alone":       {`a`, `\ude00b`, "[text]a\uFFFDb"},
		"halves in wrong order":   {`\ude00`, `\ud83db`, "[text]\uFFFD\uFFFDb"},
		"other escapes":           {`\\ud83d\"\/\n\t\u00e9`, `\\`, "[text]\\ud83d\"/\n\té\\"},
	} {
		t.Run(name, func(t *testing.T) {
			event := func(s string) string {
				return `data: {"choices":[{"index":0,"delta":{"content":"` + s + `"}}]}` + "\n\n"
			}
			b := newBench(t, direct.OpenAI, modeltest.Always(modeltest.Raw(event(c.first)+event(c.second)+"data: [DONE]\n\n")))
			b.wantDone(c.said)
		})
		t.Run(name+", Anthropic", func(t *testing.T) {
			event := func(s string) string {
				return `data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"` + s + `"}}` + "\n\n"
			}
			end := `data: {"type":"message_stop"}` + "\n\n"
			b := newBench(t, direct.Anthropic, modeltest.Always(modeltest.Raw(event(c.first)+event(c.second)+end)))
			b.wantDone(c.said)
		})
	}
}

func TestThoughtsAndTextDoNotShareACharacter(t *testing.T) {
	body := `data: {"choices":[{"delta":{"reasoning":"hm\ud83d"}}]}` + "\n\n" +
		`data: {"choices":[{"delta":{"content":"\ude00hi"}}]}` + "\n\n"
	b := newBench(t, direct.OpenAI, modeltest.Always(modeltest.Raw(body)))
	b.wantDone("[reasoning]hm\uFFFD[text]\uFFFDhi")
}

func TestThoughtsThatAreCutInsideACharacter(t *testing.T) {
	body := `data: {"choices":[{"delta":{"reasoning":"hm\ud83d"}}]}` + "\n\n" +
		`data: {"choices":[{"delta":{"reasoning":"\ude00"}}]}` + "\n\n" + hi
	b := newBench(t, direct.OpenAI, modeltest.Always(modeltest.Raw(body)))
	b.wantDone("[reasoning]hm😀[text]hi")
}
