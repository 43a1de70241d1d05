package hermes

import (
	"os"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// lost is the end of the agent itself.
func (c *conn) lost(h heard) {
	if c.regain(h.line) {
		return
	}
	c.detach()
	c.told = told{}
	if c.turn == nil {
		return
	}
	if c.turn.over != nil {
		c.settled()
		return
	}
	why := h.line.host.Fate(h.line.client)
	c.end(agent.Ended{State: chat.Failed, Error: &chat.Failure{
		Code: string(fault.CodeAgentFailed),
		Text: "Hermes Agent broke off in the middle of the turn. " + why + " Send the prompt again, or choose Continue: the agent is started anew.",
	}})
}

// long is a message that is too long for memory. Only the result of a tool may
// be: of it, the beginning is kept.
func (c *conn) long(kind, file string) {
	defer func() { _ = os.Remove(file) }()
	if c.turn == nil || c.turn.over != nil {
		return
	}
	switch kind {
	case "tool.complete":
		c.toolEndsLong(file)
	case "message.complete":
		c.notice(chat.NoticeWarn, "The agent's closing words are too long to be kept whole.")
		c.over(agent.Ended{State: chat.Done})
	default:
		c.notice(chat.NoticeWarn, "The agent sent more at once than can be kept ("+kind+"). It was left out.")
	}
}
