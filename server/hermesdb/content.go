package hermesdb

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// content is what a message says.
type content struct {
	text    string
	images  int
	others  int   // pieces that are neither text nor image
	missing int64 // bytes that are missing in the middle of text
	gap     int   // offset of these in text
}

// jsonMark begins contents of several pieces.
const jsonMark = "\x00json:"

func contentOf(raw string) content {
	pieces, ok := strings.CutPrefix(raw, jsonMark)
	if !ok {
		return content{text: strings.ToValidUTF8(raw, "\uFFFD")}
	}
	var value any
	if json.Unmarshal([]byte(pieces), &value) != nil {
		return content{text: strings.ToValidUTF8(pieces, "\uFFFD")}
	}
	var c content
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	var texts []string
	for _, piece := range list {
		if text := c.piece(piece); text != "" {
			texts = append(texts, text)
		}
	}
	c.text = strings.Join(texts, "\n")
	return c
}

// piece counts a piece that is not text, else it returns the text.
func (c *content) piece(piece any) string {
	if s, ok := piece.(string); ok {
		return s
	}
	fields, ok := piece.(map[string]any)
	if !ok {
		return ""
	}
	switch kind, _ := fields["type"].(string); kind {
	case "image_url", "input_image", "image":
		c.images++
		return ""
	case "", "text", "input_text", "output_text":
		for _, name := range []string{"text", "content"} {
			if s, ok := fields[name].(string); ok {
				return s
			}
		}
		return ""
	default:
		c.others++
		return ""
	}
}

// cutContent is a content of which only both ends were read.
func cutContent(head, tail []byte, size int64) content {
	head, tail = whole(head, tail)
	return content{text: string(head) + string(tail), missing: size - int64(len(head)+len(tail)), gap: len(head)}
}

// whole drops the halves of characters at the inner ends.
func whole(head, tail []byte) ([]byte, []byte) {
	for i := 0; i < utf8.UTFMax && len(head) > 0; i++ {
		if r, n := utf8.DecodeLastRune(head); r != utf8.RuneError || n != 1 {
			break
		}
		head = head[:len(head)-1]
	}
	for len(tail) > 0 && !utf8.RuneStart(tail[0]) {
		tail = tail[1:]
	}
	return []byte(strings.ToValidUTF8(string(head), "?")), []byte(strings.ToValidUTF8(string(tail), "?"))
}

const (
	keepHead = 64 << 10 // bytes of an output that are kept from its beginning
	keepTail = 32 << 10 // and from its end
)

// cut returns what is kept of a text and how many bytes are missing at which
// byte offset; 0 = nothing.
func (c content) cut() (text string, gap int, missing int64) {
	if len(c.text) <= keepHead+keepTail {
		return c.text, c.gap, c.missing
	}
	head, tail := whole([]byte(c.text[:keepHead]), []byte(c.text[len(c.text)-keepTail:]))
	return string(head) + string(tail), len(head), int64(len(c.text)-len(head)-len(tail)) + c.missing
}
