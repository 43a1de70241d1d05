package direct

import (
	"context"
	"time"

	"hermes-webui/server/agent"
)

// titleWithin is how long a title may take. Nobody waits for it.
const titleWithin = time.Minute

// nameSession has the model name the session after its first answer. The turn is
// over: the next one ends this, and a title that fails is simply not there.
func (t *turn) nameSession() {
	if !t.conn.driver.config.Prefer().Titles || t.last == "" || !t.first() {
		return
	}
	ctx, cancel := context.WithTimeout(t.ctx, titleWithin)
	defer cancel()
	said, _, err := t.exchange(nil).text(ctx, titleQuestion(t.chosen, t.task.Prompt.Text, t.last))
	if err != nil {
		return
	}
	if title := cleanTitle(said); title != "" {
		_ = t.put(agent.Titled{Title: title}) // fails only when nobody wants it any more
	}
}

// first reports whether the turn is the first of its session.
func (t *turn) first() bool {
	if t.task.Continues != nil {
		return false
	}
	if t.task.History == nil {
		return true
	}
	for range t.task.History {
		return false
	}
	return true
}
