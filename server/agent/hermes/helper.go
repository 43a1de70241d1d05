package hermes

import (
	"encoding/json"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// helper is a subagent. It works in the background: it may go on after the turn
// that gave it its task.
type helper struct {
	part chat.PartID
	goal string
}

type helperPayload struct {
	ID      string `json:"subagent_id"`
	Goal    string `json:"goal"`
	Text    string `json:"text"`
	Tool    string `json:"tool_name"`
	Preview string `json:"tool_preview"`
	Status  string `json:"status"`
	Summary string `json:"summary"`
}

// helper takes an event of a subagent.
func (c *conn) helper(kind string, payload json.RawMessage) {
	var p helperPayload
	if json.Unmarshal(payload, &p) != nil {
		return
	}
	key := p.ID
	if key == "" {
		key = p.Goal
	}
	h := c.turn.parts.helpers[key]
	if h == nil {
		h = c.openHelper(key, p.Goal)
	}
	switch kind {
	case "tool":
		c.helperTool(h, p)
	case "complete":
		delete(c.turn.parts.helpers, key)
		state := chat.ToolDone
		if p.Status != "" && p.Status != "completed" && p.Status != "complete" && p.Status != "success" {
			state = chat.ToolFailed
		}
		c.send(c.turn.id, agent.SetSubagent{Part: h.part, State: state, Summary: p.Summary})
		c.send(c.turn.id, agent.Close{Part: h.part})
	}
}

func (c *conn) openHelper(key, goal string) *helper {
	c.closeText()
	c.closeThought()
	base := newPart()
	h := &helper{part: base.ID, goal: goal}
	if c.turn.parts.helpers == nil {
		c.turn.parts.helpers = map[string]*helper{}
	}
	c.turn.parts.helpers[key] = h
	c.send(c.turn.id, agent.Open{Part: &chat.Subagent{PartBase: base, Title: oneLine(goal), Task: goal, State: chat.ToolRunning}})
	return h
}

// helperTool shows a call of a subagent, of which only a line is known.
func (c *conn) helperTool(h *helper, p helperPayload) {
	if p.Tool == "" {
		return
	}
	base := newPart()
	base.Parent = &h.part
	c.send(c.turn.id, agent.Open{Part: &chat.ToolCall{PartBase: base, Name: p.Tool, Title: p.Preview, State: chat.ToolRunning}})
	c.send(c.turn.id, agent.Tool{Part: base.ID, Title: p.Preview, State: chat.ToolDone})
	c.send(c.turn.id, agent.Close{Part: base.ID})
}

// closeHelpers ends what is shown of subagents with the turn. They go on; what
// they find comes in a turn that the agent begins.
func (c *conn) closeHelpers() {
	for _, h := range c.turn.parts.helpers {
		c.send(c.turn.id, agent.SetSubagent{Part: h.part, State: chat.ToolDone, Summary: "It goes on in the background. What it finds comes in a turn of its own."})
		c.send(c.turn.id, agent.Close{Part: h.part})
	}
	c.turn.parts.helpers = nil
}

func oneLine(s string) string {
	for i, r := range s {
		if r == '\n' || i > 120 {
			return s[:i]
		}
	}
	return s
}
