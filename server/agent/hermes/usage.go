package hermes

import (
	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// usage is what the agent counts, in tokens, since it holds the session.
type usage struct {
	Model      string `json:"model"`
	Input      int64  `json:"input"`
	Output     int64  `json:"output"`
	Reasoning  int64  `json:"reasoning"`
	Prompt     int64  `json:"prompt"`
	Context    int64  `json:"context_used"`
	ContextMax int64  `json:"context_max"`
	Helpers    int64  `json:"active_subagents"`
}

// used reports what the turn cost: the agent counts on over all turns.
func (c *conn) used(u usage) {
	before := c.counted
	if u.Input < before.Input || u.Output < before.Output || u.Prompt < before.Prompt { // it began to count anew
		before = usage{}
	}
	c.counted = u
	input, output := u.Input-before.Input, u.Output-before.Output
	cached := max(0, u.Prompt-before.Prompt-input)
	c.send(c.turn.id, agent.Used{Usage: chat.Usage{
		Input: input + cached, Cached: cached, Output: output, Reasoning: u.Reasoning - before.Reasoning,
		Context: u.Context, Window: u.ContextMax, Model: u.Model,
	}})
}
