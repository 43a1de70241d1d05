package hermes

import (
	"path/filepath"
	"strings"

	"hermes-webui/server/agent/hermes/gateway"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// failed says in words for people why the agent ended a turn with an error, and
// what to do where the cause lies in its own settings.
func (c *conn) failed(words string) *chat.Failure {
	code, text := codeFor(words), failureWords(words)
	file := c.unreadable()
	if unbuilt(words) {
		c.forget()
	}
	if file != "" {
		return &chat.Failure{Code: string(fault.CodeAgentFailed), Text: "Hermes cannot read its settings: " + file + " is not valid YAML. Correct the file, then try again."}
	}
	if code == fault.CodeProviderAuth {
		text = "The provider refused the key. Hermes keeps the key itself; hermes model in a terminal changes it. The provider says: " + text
	}
	return &chat.Failure{Code: string(code), Text: text}
}

// unbuilt reports whether the agent could not be made for a session at all.
func unbuilt(words string) bool {
	return contains(strings.ToLower(words), "agent init failed", "no inference provider configured")
}

// forget has the agent let go of the session, of which it remembers for ever that
// it could not be begun: the next try begins it anew, with what was mended.
func (c *conn) forget() {
	l := c.live()
	if l == nil {
		return
	}
	c.detach()
	c.told = told{}
	release(c.ctx, l.client, l.id)
}

// unreadable is the agent's settings file, where it is there and cannot be read.
func (c *conn) unreadable() string {
	l := c.live()
	if l == nil {
		return ""
	}
	if _, err := gateway.Bridge(nil, l.host.home); err != nil {
		return filepath.Join(l.host.home, "config.yaml")
	}
	return ""
}
