package hermes

import (
	"encoding/json"
	"strings"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// parts are the pieces of the live turn.
type parts struct {
	text    chat.PartID // "" = none is open
	thought chat.PartID
	said    strings.Builder // of text, since it was opened
	shown   []string        // texts that were closed
	tools   map[string]*tool
	coming  []*tool // announced, without an id yet
	plan    chat.PartID
	helpers map[string]*helper
}

func newPart() chat.PartBase { return chat.PartBase{ID: chat.PartID(chat.NewID(chat.PrefixPart))} }

// say adds to what the agent answers. A piece after a call begins with empty
// lines, which part it from nothing here.
func (c *conn) say(text string) {
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
		c.send(c.turn.id, agent.Open{Part: &chat.Reasoning{PartBase: base}})
	}
	c.send(c.turn.id, agent.Append{Part: p.thought, Stream: chat.Main, At: -1, Text: text})
}

// interim is a piece of the answer that is whole, before further calls.
func (c *conn) interim(payload json.RawMessage) {
	var p struct {
		Text     string
		Streamed bool `json:"already_streamed"`
	}
	if json.Unmarshal(payload, &p) != nil {
		return
	}
	if !p.Streamed {
		c.complete(p.Text)
	}
	c.closeText()
}

// finalText is the last piece of the answer, whole.
func (c *conn) finalText(text string) {
	c.complete(text)
	c.closeText()
}

// complete adds what of a whole text has not been shown. What was shown stays:
// where the agent changed its words afterwards, the whole text comes once more.
func (c *conn) complete(text string) {
	p := &c.turn.parts
	text = strings.TrimSpace(text)
	said := strings.TrimSpace(p.said.String())
	switch {
	case text == "" || p.text != "" && said == text:
	case p.text != "" && strings.HasPrefix(text, said):
		c.say(text[len(said):])
	case p.text != "" && strings.HasSuffix(said, text):
	case p.text == "" && p.has(text):
	case p.text == "":
		c.say(text)
	default:
		c.closeText()
		c.say(text)
	}
}

// has reports whether a text was shown already.
func (p *parts) has(text string) bool {
	for _, s := range p.shown {
		if s == text {
			return true
		}
	}
	return false
}

func (c *conn) closeText() {
	p := &c.turn.parts
	if p.text == "" {
		return
	}
	c.send(c.turn.id, agent.Close{Part: p.text})
	p.shown = append(p.shown, strings.TrimSpace(p.said.String()))
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

// notice is something said in between.
func (c *conn) notice(level chat.NoticeLevel, text string) {
	c.closeText()
	c.closeThought()
	base := newPart()
	c.send(c.turn.id, agent.Open{Part: &chat.Notice{PartBase: base, Level: level, Text: text}})
	c.send(c.turn.id, agent.Close{Part: base.ID})
}

// closeParts closes what is open at the end of a turn; calls without an outcome
// get state.
func (c *conn) closeParts(state chat.ToolState) {
	c.closeText()
	c.closeThought()
	p := &c.turn.parts
	for _, t := range p.coming {
		c.closeTool(t, state)
	}
	for _, t := range p.tools {
		c.closeTool(t, state)
	}
	p.coming, p.tools = nil, nil
	c.closeHelpers()
	if p.plan != "" {
		c.send(c.turn.id, agent.Close{Part: p.plan})
		p.plan = ""
	}
}

// plan shows the agent's list of what to do.
func (c *conn) plan(items []todo) {
	p := &c.turn.parts
	if p.plan == "" {
		base := newPart()
		p.plan = base.ID
		c.send(c.turn.id, agent.Open{Part: &chat.Plan{PartBase: base, Items: []chat.PlanItem{}}})
	}
	lines := make([]chat.PlanItem, 0, len(items))
	for _, i := range items {
		lines = append(lines, chat.PlanItem{Text: i.Content, State: i.state()})
	}
	c.send(c.turn.id, agent.SetPlan{Part: p.plan, Items: lines})
}

type todo struct{ Content, Status string }

func (t todo) state() chat.PlanState {
	switch t.Status {
	case "in_progress":
		return chat.PlanActive
	case "completed":
		return chat.PlanDone
	case "cancelled":
		return chat.PlanCancelled
	default:
		return chat.PlanPending
	}
}
