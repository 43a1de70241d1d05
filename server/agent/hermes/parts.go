package hermes

import (
	"strings"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// parts are the pieces of the live turn.
type parts struct {
	text     chat.PartID // "" = none is open
	thought  chat.PartID
	said     strings.Builder // of text, since it was opened
	closed   []string        // texts of this piece of the answer that were closed
	pieces   []string        // earlier ones, whole
	tools    map[string]*tool
	coming   []*tool // announced, without an id yet
	calls    []*tool // all of them, in order
	thoughts int     // pieces of thought so far
	plan     chat.PartID
	helpers  map[string]*helper
	media    *media            // of the piece of the answer that is being said
	files    map[string]*named // that the answer names, by path
}

func newPart() chat.PartBase { return chat.PartBase{ID: chat.PartID(chat.NewID(chat.PrefixPart))} }

// notice is something said in between.
func (c *conn) notice(level chat.NoticeLevel, text string) {
	c.tell(&chat.Notice{Level: level, Text: text})
}

func (c *conn) tell(n *chat.Notice) {
	c.closeText()
	c.closeThought()
	n.PartBase = newPart()
	c.send(c.turn.id, agent.Open{Part: n})
	c.send(c.turn.id, agent.Close{Part: n.ID})
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
	lines := make([]chat.PlanItem, 0, len(items))
	for _, i := range items {
		lines = append(lines, chat.PlanItem{Text: i.Content, State: i.state()})
	}
	c.showPlan(lines)
}

func (c *conn) showPlan(lines []chat.PlanItem) {
	p := &c.turn.parts
	if p.plan == "" {
		base := newPart()
		p.plan = base.ID
		c.send(c.turn.id, agent.Open{Part: &chat.Plan{PartBase: base, Items: []chat.PlanItem{}}})
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
