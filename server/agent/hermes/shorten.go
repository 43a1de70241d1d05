package hermes

import (
	"context"
	"slices"
	"strings"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// shorten has the agent summarise what it holds, and says what it did.
func (c *conn) shorten(ctx context.Context, l *line, focus string) error {
	c.turn.told, c.turn.shortens = true, true
	var answer struct {
		Status  string
		Summary struct {
			Headline  string `json:"headline"`
			TokenLine string `json:"token_line"`
			Note      string `json:"note"`
		}
		Usage    *usage
		Messages []message
	}
	params := map[string]any{"session_id": l.id}
	if focus != "" {
		params["focus_topic"] = focus
	}
	c.show("Hermes summarises the session.")
	if err := l.client.Call(ctx, "session.compress", params, &answer); err != nil {
		return err
	}
	words := []string{}
	for _, w := range []string{answer.Summary.Headline, answer.Summary.TokenLine, answer.Summary.Note} {
		if w != "" {
			words = append(words, strings.TrimSpace(w))
		}
	}
	if len(words) == 0 {
		words = []string{"Hermes has shortened what it holds of this session."}
	}
	if answer.Usage != nil {
		c.used(*answer.Usage)
	}
	c.tell(&chat.Notice{Level: chat.NoticeInfo, Text: strings.Join(words, "\n"), Summary: summaryIn(answer.Messages)})
	c.over(agent.Ended{State: chat.Done})
	c.settled()
	return nil
}

// summaryIn returns the newest summary among what the agent has in mind; "" =
// there is none.
func summaryIn(known []message) string {
	for _, m := range slices.Backward(known) {
		if m.summarises() {
			return summaryOf(m.words())
		}
	}
	return ""
}

// What stands around a summary (0.19): words of an earlier message that it was
// appended to, a line for the model before it, and one after it.
const (
	summaryBelow = "COMPACTION SUMMARY BELOW]"
	summaryEnd   = "--- END OF CONTEXT SUMMARY"
)

func summaryOf(words string) string {
	if _, behind, ok := strings.Cut(words, summaryBelow); ok {
		words = behind
	}
	_, summary, _ := strings.Cut(strings.TrimSpace(words), "\n")
	summary, _, _ = strings.Cut(summary, summaryEnd)
	return strings.TrimSpace(summary)
}
