package hermes

import (
	"context"
	"encoding/json"
	"strings"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// info is session.info, as far as it is of use.
type info struct {
	Stored   string `json:"stored_session_id"`
	Cwd      string `json:"cwd"`
	Model    string `json:"model"`
	Provider string `json:"provider"`
	Running  *bool  `json:"running"`
	Key      string `json:"credential_warning"`
	Config   string `json:"config_warning"`
}

// hear takes one message of the agent.
func (c *conn) hear(h heard) {
	c.mu.Lock()
	ours := h.line == c.line
	c.mu.Unlock()
	switch {
	case !ours:
	case h.err != nil:
		c.lost(h)
	case h.Spilled != "":
		c.long(h.Type, h.Spilled)
	case h.Request != nil:
		c.requested(h.Message)
	default:
		c.event(h.Type, h.Payload)
	}
}

// event takes one event. Those that say nothing about a turn, and those of later
// releases, are passed over.
func (c *conn) event(kind string, p json.RawMessage) {
	c.askedEnough()
	switch kind {
	case "message.start":
		c.started()
	case "message.complete":
		c.completed(p)
	case "session.info":
		c.informed(p)
	case "session.title":
		if title, id := field(p, "title"), c.turnID(); title != "" && id != "" {
			c.send(id, agent.Titled{Title: title})
		}
	case "error":
		c.erred(field(p, "message"))
	case "status.update":
		c.status(field(p, "kind"), field(p, "text"))
	case "background.complete":
		c.background(field(p, "text"))
	case "review.summary":
		c.review(field(p, "text"))
	case "notification.show":
		c.notify(p)
	case "notification.clear":
		delete(c.notified, field(p, "key"))
	case "request.cancel":
		c.cancelled(field(p, "id"))
	case "approval.request", "clarify.request", "sudo.request", "secret.request":
		c.wants(strings.TrimSuffix(kind, ".request"), p, nil)
	case "terminal.read.request": // of a window that is not here; it waits for an answer
		c.readNothing(field(p, "request_id"))
	case "sudo.expire", "secret.expire":
		c.expired(field(p, "request_id"))
	default:
		if c.turn != nil && c.turn.over == nil {
			c.progress(kind, p)
		}
	}
}

// progress takes an event that is a piece of a turn.
func (c *conn) progress(kind string, p json.RawMessage) {
	if kind == "message.delta" || kind == "reasoning.delta" || kind == "tool.start" {
		c.show("")
	}
	switch kind {
	case "message.delta":
		c.say(field(p, "text"))
	case "message.interim":
		c.interim(p)
	case "reasoning.delta":
		c.think(field(p, "text"))
	case "tool.generating":
		c.toolComing(field(p, "name"))
	case "tool.start":
		c.toolStarts(p)
	case "tool.complete":
		c.toolEnds(p)
	case "tool.output_risk":
		c.risk(p)
	case "subagent.spawn_requested", "subagent.start", "subagent.thinking", "subagent.tool", "subagent.progress", "subagent.complete":
		c.helper(strings.TrimPrefix(kind, "subagent."), p)
	}
}

// started is message.start. The agent may say it twice, and of turns that nobody
// asked for.
func (c *conn) started() {
	if c.turn != nil && c.turn.over != nil {
		c.settled()
	}
	if c.turn == nil {
		c.begunByAgent()
	}
	c.answersMore()
}

func (c *conn) informed(p json.RawMessage) {
	var i info
	if json.Unmarshal(p, &i) != nil {
		return
	}
	c.keep(c.turnID(), i.Stored)
	for _, w := range []string{i.Key, i.Config} { // how the agent was installed is no news in an answer
		c.warn(w)
	}
	if i.Running != nil && !*i.Running {
		c.settled()
	}
}

// warn tells once what the agent finds wrong with how it is set up.
func (c *conn) warn(words string) {
	if words == "" || c.warned[words] || c.turn == nil || c.turn.over != nil {
		return
	}
	c.warned[words] = true
	c.notice(chat.NoticeWarn, words)
}

// turnID is the turn that a step about the session is said with.
func (c *conn) turnID() chat.TurnID {
	if c.turn != nil {
		return c.turn.id
	}
	return c.tip
}

// erred is an error event: the end of the turn, or only a warning. The agent
// says which by whether it still works.
func (c *conn) erred(words string) {
	if c.turn == nil || c.turn.over != nil {
		return
	}
	if c.works() {
		if unbuilt(words) {
			return // the end of the turn says it again
		}
		c.notice(chat.NoticeWarn, firstUp(words))
		return
	}
	c.over(agent.Ended{State: chat.Failed, Error: c.failed(words)})
}

// works asks whether the agent is at a turn of this session.
func (c *conn) works() bool {
	l := c.live()
	if l == nil {
		return false
	}
	ctx, cancel := context.WithTimeout(c.ctx, callGrace)
	defer cancel()
	var answer struct {
		Sessions []struct{ ID, Status string }
	}
	if l.client.Call(ctx, "session.active_list", map[string]any{"current_session_id": l.id}, &answer) != nil {
		return false
	}
	for _, s := range answer.Sessions {
		if s.ID == l.id {
			return s.Status == "working" || s.Status == "waiting" || s.Status == "starting"
		}
	}
	return false
}

func (c *conn) status(kind, words string) {
	switch {
	case kind == "ready":
		c.show("")
	case kind == "process" && (c.turn == nil || c.turn.over != nil):
		c.noted = words // it announces a turn that the agent begins
	case kind == "compacting" && c.turn != nil && c.turn.over == nil && !c.turn.shortens:
		c.notice(chat.NoticeInfo, "The session has grown long: Hermes makes a summary of its earlier part and goes on with that. Here everything stays.")
		c.show(words)
	case words != "":
		c.show(words)
	}
}

// show says what is true now of the turn; "" = nothing more than that it runs.
func (c *conn) show(words string) {
	if c.turn == nil || c.turn.over != nil || words == "" && !c.turn.status {
		return
	}
	c.turn.status = words != ""
	c.send(c.turn.id, agent.Status{Text: words})
}

// background is what work in the background came to: a turn of its own where
// none runs.
func (c *conn) background(words string) {
	if c.turn != nil && c.turn.over == nil {
		c.notice(chat.NoticeInfo, words)
		return
	}
	c.settled()
	c.noted = "Work in the background is done."
	c.begunByAgent()
	c.say(words)
	c.end(agent.Ended{State: chat.Done})
}

// field returns a member of a JSON object that is a string, else "".
func field(p json.RawMessage, name string) string {
	var all map[string]json.RawMessage
	var s string
	if json.Unmarshal(p, &all) != nil || json.Unmarshal(all[name], &s) != nil {
		return ""
	}
	return s
}
