package direct

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/direct/tool"
	"hermes-webui/server/chat"
)

// messagesOf makes the messages of a task: the turns before it, and its prompt.
// Roles alternate, which the templates of many small models demand. What a
// summary covers is replaced by the summary, see chat.Notice. A message carries
// the turn that it comes from; where two had to be joined, the later one.
func messagesOf(t agent.Task, sight agent.Sight) []message {
	m, files := pastOf(t, sight)
	m.now = t.Turn
	if t.Continues != nil {
		m.goOn(t.Continues)
	}
	m.prompt(t.Prompt.Text, files)
	if n := len(m.list); n == 0 || m.list[n-1].role != user {
		m.add(user, words("Go on."))
	}
	return m.list
}

// pastOf makes the messages of the turns before a task, and the pieces of its
// own files.
func pastOf(t agent.Task, sight agent.Sight) (messages, []piece) {
	var turns []*chat.Turn
	if t.History != nil {
		turns = slices.Collect(t.History)
	}
	var m messages
	turns, summary := afterSummary(turns)
	if summary != "" {
		m.list = []message{say(user, summaryHead+summary)}
	}
	files := filesOf(t, turns, sight)
	for _, turn := range turns {
		m.turn(turn, files[turn.ID])
	}
	return m, files[t.Turn]
}

const summaryHead = "[The earlier part of this conversation is not shown any more. This is a summary of it:]\n\n"

// afterSummary returns the turns that the newest summary does not cover, and
// the summary; "" = there is none. One that covers a turn of another path says
// nothing here.
func afterSummary(turns []*chat.Turn) ([]*chat.Turn, string) {
	for i := len(turns) - 1; i >= 0; i-- {
		for j := len(turns[i].Parts) - 1; j >= 0; j-- {
			n, ok := turns[i].Parts[j].(*chat.Notice)
			if !ok || n.Covers == "" {
				continue
			}
			covered := slices.IndexFunc(turns, func(t *chat.Turn) bool { return t.ID == n.Covers })
			if covered >= 0 {
				return turns[covered+1:], n.Summary
			}
		}
	}
	return turns, ""
}

type messages struct {
	list []message
	now  chat.TurnID // that messages are added for
	// broke says how the last turn ended early; "" = it did not. It is told with
	// the next prompt: inside the answer the model would learn to write it.
	broke string
}

func (m *messages) turn(t *chat.Turn, files []piece) {
	if t.Compress { // what came of it is in afterSummary
		return
	}
	m.now = t.ID
	if t.Continues != nil {
		m.broke = ""
		m.add(user, words(goOnText))
	}
	m.prompt(t.Prompt.Text, files)
	said := roundOf(t)
	for _, s := range said {
		m.add(s.role, s.pieces...)
	}
	if len(said) > 0 {
		m.broke = brokeText(t.State)
	}
}

// prompt adds a person's words and files.
func (m *messages) prompt(text string, files []piece) {
	pieces := joined(filled([]piece{words(strings.TrimSpace(text))}), files)
	if len(pieces) == 0 {
		return
	}
	if m.broke != "" {
		pieces = joined([]piece{words(m.broke)}, pieces)
	}
	m.broke = ""
	m.add(user, pieces...)
}

const goOnText = "[Your last answer broke off before it was complete. Continue exactly where it stops: " +
	"do not repeat what is there, do not begin anew, do not comment on this. Your words are put directly behind it.]"

// goOn asks for the rest of an answer that is the last of the messages.
func (m *messages) goOn(t *chat.Turn) {
	m.broke = ""
	if len(roundOf(t)) == 0 {
		return // nothing arrived: the question is simply asked again
	}
	m.add(user, words(goOnText))
}

// add puts pieces behind the messages. An answer without a question before it
// has no place in a conversation.
func (m *messages) add(r role, pieces ...piece) {
	next := message{role: r, pieces: filled(pieces), turn: m.now}
	if len(m.list) == 0 && r == assistant && len(next.pieces) > 0 {
		m.list = append(m.list, message{role: user, pieces: []piece{words("[The conversation began with a message of yours.]")}, turn: m.now})
	}
	m.list = follow(m.list, next)
}

// roundOf returns what was said in a turn, without its prompt: answers with
// their calls, the results of these, and the person's words in between. Calls
// that stand beside each other are of one answer. Thoughts are left out: they
// cannot be signed again.
//
// Each call has its result, also where its outcome is not known: providers
// demand it. Only in a turn that is live the calls that wait for a person have
// none yet; who goes on with it adds those.
func roundOf(t *chat.Turn) (said []message) {
	r := rounds{live: t.State.Live(), turn: t.ID}
	for _, p := range t.Parts {
		switch p := p.(type) {
		case *chat.Text:
			r.settle()
			r.add(assistant, words(p.Text.String()))
		case *chat.Reasoning:
			r.settle()
		case *chat.ToolCall:
			r.call(p)
		case *chat.Notice:
			if p.Level == chat.NoticeSteer {
				r.settle()
				r.add(user, words(p.Text))
			}
		case *chat.Plan, *chat.File, *chat.Subagent: // shown to the person only
		}
	}
	r.settle()
	return r.said
}

type rounds struct {
	said    []message
	results []piece // of the calls in the last answer
	live    bool
	turn    chat.TurnID
}

func (r *rounds) add(by role, pieces ...piece) {
	r.said = follow(r.said, message{role: by, pieces: pieces, turn: r.turn})
}

func (r *rounds) call(c *chat.ToolCall) {
	id := callID(c.ID)
	r.add(assistant, call{id: id, name: c.Name, args: c.Args})
	if r.live && c.State == chat.ToolWaiting {
		return
	}
	text, failed := resultText(c)
	r.results = append(r.results, result{id: id, name: c.Name, text: text, failed: failed})
}

// settle ends an answer: the results of its calls follow.
func (r *rounds) settle() {
	r.add(user, r.results...)
	r.results = nil
}

const unknownText = "Outcome unknown: it may or may not have taken effect. It was not run again."

// How much of a call's output the model gets, in bytes: its beginning and its
// end.
const (
	outputHead = 24 << 10
	outputTail = 8 << 10
)

// resultText returns what the model is told of a call: its output, what the
// tool adds to it, and why it failed.
func resultText(c *chat.ToolCall) (text string, failed bool) {
	var lines []string
	add := func(s string) {
		if strings.TrimSpace(s) != "" {
			lines = append(lines, s)
		}
	}
	add(endsOf(outputOf(c)))
	add(noteOf(c))
	add(c.Error)
	switch c.State {
	case chat.ToolDone:
	case chat.ToolFailed:
		failed = true
	case chat.ToolPending, chat.ToolRunning, chat.ToolWaiting, chat.ToolStopped, chat.ToolUnknown:
		failed = true
		add(unknownText)
	default: // of a later version
		failed = true
		add(unknownText)
	}
	if len(lines) == 0 {
		add("(no output)")
	}
	return strings.Join(lines, "\n"), failed
}

// outputOf returns the output with a mark where some of it is missing.
func outputOf(c *chat.ToolCall) string {
	out := c.Out.String()
	if c.Skip == nil || c.Skip.Bytes == 0 {
		return out
	}
	at, ok := chat.ByteOffset([]byte(out), c.Skip.At)
	if !ok {
		at = len(out)
	}
	return out[:at] + leftOut(c.Skip.Bytes) + out[at:]
}

func leftOut(bytes int64) string { return fmt.Sprintf("\n… %d bytes left out …\n", bytes) }

// endsOf keeps the beginning and the end of a text.
func endsOf(s string) string {
	if len(s) <= outputHead+outputTail {
		return s
	}
	head := strings.ToValidUTF8(s[:outputHead], "")
	tail := strings.ToValidUTF8(s[len(s)-outputTail:], "")
	return head + leftOut(int64(len(s)-len(head)-len(tail))) + tail
}

// noteOf returns what a tool adds to its output. The result of another agent's
// tool is told as it is where there was no output.
func noteOf(c *chat.ToolCall) string {
	var facts tool.Facts
	if json.Unmarshal(c.Result, &facts) == nil && facts.Kind != "" {
		return facts.Note
	}
	if c.Out.Len() > 0 || !says(c.Result) {
		return ""
	}
	var text string
	if json.Unmarshal(c.Result, &text) == nil {
		return endsOf(text)
	}
	return endsOf(string(c.Result))
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
