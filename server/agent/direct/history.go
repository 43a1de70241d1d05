package direct

import (
	"fmt"
	"strings"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// messagesOf makes the messages of a task: the turns before it, and its prompt.
// Roles alternate, which the templates of many small models demand.
func messagesOf(t agent.Task) []message {
	var m messages
	if t.History != nil {
		for turn := range t.History {
			m.turn(turn)
		}
	}
	if t.Continues != nil {
		m.goOn(t.Continues)
	}
	m.prompt(t.Prompt)
	if len(m.list) == 0 || m.list[len(m.list)-1].role != user {
		m.add(user, "Go on.")
	}
	return m.list
}

type messages struct {
	list []message
	// broke says how the last turn ended early; "" = it did not. It is told with
	// the next prompt: inside the answer the model would learn to write it.
	broke string
}

func (m *messages) turn(t *chat.Turn) {
	if t.Continues != nil {
		m.broke = ""
		m.add(user, goOnText)
	}
	m.prompt(t.Prompt)
	answer := answerOf(t)
	m.add(assistant, answer)
	if answer != "" {
		m.broke = brokeText(t.State)
	}
}

// prompt adds a person's words. Attached files are named: this driver sends
// text only.
func (m *messages) prompt(p chat.Prompt) {
	text := p.Text
	for _, a := range p.Attachments {
		text += fmt.Sprintf("\n\n[The user attached the file %q (%s, %d bytes). Its content was not sent to you.]", a.Name, a.Type, a.Size)
	}
	text = strings.TrimSpace(text)
	if text == "" {
		return
	}
	if m.broke != "" {
		text = m.broke + "\n\n" + text
	}
	m.broke = ""
	m.add(user, text)
}

const goOnText = "[Your last answer broke off before it was complete. Continue exactly where it stops: " +
	"do not repeat what is there, do not begin anew, do not comment on this. Your words are put directly behind it.]"

// goOn asks for the rest of an answer.
func (m *messages) goOn(t *chat.Turn) {
	m.broke = ""
	var b strings.Builder
	for _, p := range t.Parts {
		if call, ok := p.(*chat.ToolCall); ok {
			b.WriteString(callNote(call))
		}
	}
	if answerOf(t) == "" && b.Len() == 0 {
		// Nothing arrived: the question is simply asked again.
		return
	}
	m.add(user, strings.TrimSpace(b.String()+"\n\n"+goOnText))
}

// maxResult is how much of a tool's result goes into a note, in bytes.
const maxResult = 16 << 10

// callNote tells the model what became of a tool call before the break.
func callNote(c *chat.ToolCall) string {
	head := fmt.Sprintf("[Tool call %s with %s: ", c.Name, orNone(string(c.Args)))
	switch c.State {
	case chat.ToolDone:
		result := string(c.Result)
		if result == "" || result == "null" {
			result = c.Out.String()
		}
		return head + "done. Result: " + clip(result) + "]\n"
	case chat.ToolFailed:
		return head + "failed. " + clip(c.Error) + "]\n"
	case chat.ToolPending, chat.ToolRunning, chat.ToolWaiting, chat.ToolStopped, chat.ToolUnknown:
		return head + "outcome unknown: it may or may not have taken effect. It was not run again.]\n"
	default:
		return head + "outcome unknown.]\n"
	}
}

func orNone(s string) string {
	if s == "" || s == "null" {
		return "no arguments"
	}
	return s
}

func clip(s string) string {
	if len(s) <= maxResult {
		return s
	}
	return strings.ToValidUTF8(s[:maxResult], "") + " … (cut)"
}

// answerOf returns the prose of a turn, as the model wrote it.
func answerOf(t *chat.Turn) string {
	var texts []string
	for _, p := range t.Parts {
		if text, ok := p.(*chat.Text); ok && text.Text.Len() > 0 {
			texts = append(texts, text.Text.String())
		}
	}
	return strings.Join(texts, "\n\n")
}

func brokeText(s chat.TurnState) string {
	switch s {
	case chat.Stopped:
		return "[The user stopped your last answer before it was complete.]"
	case chat.Failed, chat.Interrupted:
		return "[Your last answer broke off before it was complete.]"
	default:
		return ""
	}
}

// add joins messages of one role; an answer without a question before it has no
// place in a conversation.
func (m *messages) add(r role, text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	if n := len(m.list); n > 0 && m.list[n-1].role == r {
		last := &m.list[n-1]
		last.pieces = []piece{words(last.text() + "\n\n" + text)}
		return
	}
	if len(m.list) == 0 && r == assistant {
		m.list = append(m.list, say(user, "[The conversation began with a message of yours.]"))
	}
	m.list = append(m.list, say(r, text))
}
