package direct

import "encoding/json"

// prose is text in any of the forms that servers give it: a string, null, a
// list of parts, or one part. Whatever else stands there is no text and no
// error: an answer must not fail for a field that says nothing. Its texts may
// hold halves of characters, as raw does.
type prose struct{ text, thought string }

func (p *prose) UnmarshalJSON(b []byte) error {
	*p = prose{}
	switch b[0] {
	case '"':
		p.text = unquote(b)
	case '[':
		var list []prose
		if err := json.Unmarshal(b, &list); err != nil {
			return err
		}
		for _, e := range list {
			p.text += e.text
			p.thought += e.thought
		}
	case '{':
		return p.part(b)
	}
	return nil
}

// part reads one part, such as {"type":"text","text":"…"} or
// {"type":"thinking","thinking":[{"type":"text","text":"…"}]}.
func (p *prose) part(b []byte) error {
	var part struct {
		Type     prose `json:"type"`
		Text     prose `json:"text"`
		Thinking prose `json:"thinking"`
		Summary  prose `json:"summary"`
		Content  prose `json:"content"`
	}
	if err := json.Unmarshal(b, &part); err != nil {
		return err
	}
	switch part.Type.text {
	case "", "text", "output_text":
		p.text = part.Text.text
	case "thinking", "reasoning", "reasoning.text", "reasoning.summary", "summary_text":
		for _, s := range []prose{part.Thinking, part.Text, part.Summary, part.Content} {
			p.thought += s.text + s.thought
		}
	}
	return nil
}
