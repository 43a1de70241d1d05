package hermes

import (
	"encoding/json"
	"strings"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// Why turns are shown in which the agent says something and answers nobody.
const (
	lookedBack = "Hermes looked back at its work."
	hasNews    = "Hermes has something to say about how it runs."
)

// review is what the agent learned when it looked back at a turn, some time after
// it (memory, skills).
func (c *conn) review(words string) {
	if words = strings.TrimSpace(words); words != "" {
		c.news(chat.NoticeInfo, words, lookedBack)
	}
}

// notify is a notice about the agent itself, e.g. that its credits run out. The
// agent says it of each session anew, and takes it back by its key.
func (c *conn) notify(payload json.RawMessage) {
	var p struct{ Text, Level, Key string }
	if json.Unmarshal(payload, &p) != nil {
		return
	}
	words := strings.TrimSpace(p.Text)
	if words == "" || c.notified[p.Key] == words {
		return
	}
	if p.Key != "" {
		c.notified[p.Key] = words
	}
	level := chat.NoticeInfo
	if p.Level == "warn" || p.Level == "error" {
		level = chat.NoticeWarn
	}
	c.news(level, words, hasNews)
}

// news is something said that belongs to no answer: a notice of the turn that
// runs, else of a turn of its own, which why begins.
func (c *conn) news(level chat.NoticeLevel, words, why string) {
	if c.turn != nil && c.turn.over == nil {
		c.notice(level, words)
		return
	}
	c.settled()
	c.noted = why
	c.begunByAgent()
	c.turn.aside = true
	c.notice(level, words)
	c.end(agent.Ended{State: chat.Done})
}
