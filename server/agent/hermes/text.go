package hermes

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// say adds to what the agent answers. Files that it names are shown in between.
func (c *conn) say(text string) { c.filter().feed(text, false) }

// write adds words to what the agent answers. A piece after a call begins with
// empty lines, which part it from nothing here.
func (c *conn) write(text string) {
	p := &c.turn.parts
	if p.text == "" {
		text = strings.TrimLeft(text, "\n")
		if text == "" {
			return
		}
		c.closeThought()
		base := newPart()
		p.text = base.ID
		p.said.Reset()
		c.send(c.turn.id, agent.Open{Part: &chat.Text{PartBase: base}})
	}
	if text == "" {
		return
	}
	p.said.WriteString(text)
	c.send(c.turn.id, agent.Append{Part: p.text, Stream: chat.Main, At: -1, Text: text})
}

func (c *conn) think(text string) {
	if text == "" {
		return
	}
	p := &c.turn.parts
	if p.thought == "" {
		c.closeText()
		base := newPart()
		p.thought = base.ID
		p.thoughts++
		c.send(c.turn.id, agent.Open{Part: &chat.Reasoning{PartBase: base}})
	}
	c.send(c.turn.id, agent.Append{Part: p.thought, Stream: chat.Main, At: -1, Text: text})
}

// interim is a piece of the answer that is whole, before further calls.
func (c *conn) interim(payload json.RawMessage) {
	var p struct{ Text string }
	if json.Unmarshal(payload, &p) != nil {
		return
	}
	c.wholePiece(p.Text)
}

// wholePiece ends a piece of the answer with all its words, which are the
// agent's last word on it: it may have streamed a try that it gave up, or have
// said them only now.
func (c *conn) wholePiece(text string) {
	c.flush()
	text, files := c.withoutFiles(strings.TrimSpace(text))
	if p := &c.turn.parts; p.text != "" || len(p.closed) > 0 || !p.has(text) {
		c.reconcile(text)
	}
	for _, name := range files {
		c.showFile(name)
	}
	c.endPiece()
}

// endPiece ends a piece of the answer: what comes next is another one.
func (c *conn) endPiece() {
	c.closeText()
	c.turn.parts.endPiece()
}

func (p *parts) endPiece() {
	if len(p.closed) > 0 {
		p.pieces = append(p.pieces, strings.Join(p.closed, ""))
		p.closed = nil
	}
	p.media = nil // what comes next begins a line
}

// has reports whether text was a piece of the answer already: the agent says a
// piece whole after the call that it ended with has begun.
func (p *parts) has(text string) bool {
	return slices.ContainsFunc(p.pieces, func(piece string) bool {
		rest, ok := after(text, piece)
		return ok && strings.TrimSpace(rest) == ""
	})
}

// reconcile makes what is shown of a piece of the answer equal to text. What
// stands before a thought or a notice is closed and stays.
func (c *conn) reconcile(text string) {
	p := &c.turn.parts
	rest, ok := after(text, strings.Join(p.closed, ""))
	switch {
	case text == "" || !ok:
	case p.text == "":
		c.write(rest)
	default:
		c.replace(rest)
	}
}

// replace changes the open text into another from where they differ on. A
// difference in white space alone is none.
func (c *conn) replace(text string) {
	p := &c.turn.parts
	said := p.said.String()
	if rest, ok := after(text, said); ok {
		if rest != "" {
			c.write(text[len(text)-len(rest):])
		}
		return
	}
	same := 0
	for same < len(said) && same < len(text) {
		r, n := utf8.DecodeRuneInString(said[same:])
		if q, _ := utf8.DecodeRuneInString(text[same:]); q != r {
			break
		}
		same += n
	}
	if same == len(text) {
		return // it took words back at the end, which were said
	}
	c.send(c.turn.id, agent.Append{Part: p.text, Stream: chat.Main, At: chat.UTF16Len(said[:same]), Text: text[same:]})
	p.said.Reset()
	p.said.WriteString(text)
}

// after returns what of text follows start, whose white space may be another.
// false = text does not begin with it.
func after(text, start string) (string, bool) {
	for _, want := range start {
		if unicode.IsSpace(want) {
			continue
		}
		text = strings.TrimLeftFunc(text, unicode.IsSpace)
		r, n := utf8.DecodeRuneInString(text)
		if n == 0 || r != want {
			return "", false
		}
		text = text[n:]
	}
	return text, true
}

func (c *conn) closeText() {
	c.flush()
	p := &c.turn.parts
	if p.text == "" {
		return
	}
	c.send(c.turn.id, agent.Close{Part: p.text})
	p.closed = append(p.closed, p.said.String())
	p.text = ""
}

func (c *conn) closeThought() {
	p := &c.turn.parts
	if p.thought == "" {
		return
	}
	c.send(c.turn.id, agent.Close{Part: p.thought})
	p.thought = ""
}
