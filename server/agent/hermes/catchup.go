package hermes

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// load takes over what the log has of a turn.
func (p *parts) load(all []chat.Part) {
	for _, part := range all {
		base := part.Common()
		if base.Parent != nil {
			continue
		}
		open := base.ClosedAt == nil
		switch part := part.(type) {
		case *chat.Text:
			p.loadText(part, open)
		case *chat.Reasoning:
			p.thoughts++
			if open {
				p.thought = base.ID
			}
		case *chat.ToolCall:
			p.endPiece()
			p.loadCall(part, open)
		case *chat.File:
			if p.files == nil {
				p.files = map[string]*named{}
			}
			p.files[part.Path] = &named{part, true}
		case *chat.Plan:
			if open {
				p.plan = base.ID
			}
		}
	}
}

func (p *parts) loadText(t *chat.Text, open bool) {
	if !open {
		p.closed = append(p.closed, t.Text.String())
		return
	}
	p.text = t.ID
	p.said.Reset()
	p.said.WriteString(t.Text.String())
}

// loadCall takes over a call. How the agent calls it is not known any more: the
// next one that ends under its name is taken for it.
func (p *parts) loadCall(call *chat.ToolCall, open bool) {
	t := &tool{part: call.ID, name: call.Name, title: call.Title, args: call.Args, over: !open}
	p.calls = append(p.calls, t)
	if open {
		p.coming = append(p.coming, t)
	}
}

// shown is all text of the answer so far.
func (p *parts) shown() string {
	all := strings.Join(p.pieces, "") + strings.Join(p.closed, "")
	if p.text != "" {
		all += p.said.String()
	}
	return all
}

// catchUp shows what the agent did while nobody listened. kept is what its
// database has of the turn, which is whole up to the newest call of a tool; said
// is all text that it has said in the turn, or "" if that is not known.
func (c *conn) catchUp(kept []chat.Part, said string) {
	have := c.turn.parts.shown()
	calls := slices.DeleteFunc(slices.Clone(c.turn.parts.calls), func(t *tool) bool { return t.name == delegation })
	thoughts := c.turn.parts.thoughts
	past := ""
	for _, part := range kept {
		switch part := part.(type) {
		case *chat.Text:
			text, files := c.withoutFiles(part.Text.String())
			past += text
			have = c.catchText(text, have)
			for _, name := range files {
				c.showFile(name)
			}
		case *chat.Reasoning:
			if thoughts--; thoughts < 0 {
				c.think(part.Text.String())
				c.closeThought()
			}
		case *chat.ToolCall:
			if part.Name == delegation {
				continue
			}
			if len(calls) == 0 {
				calls = append(calls, c.openTool(part.Name, chat.ToolRunning))
				c.turn.parts.coming = append(c.turn.parts.coming, calls[0])
			}
			c.catchCall(calls[0], part)
			calls = calls[1:]
		case *chat.Plan:
			c.showPlan(part.Items)
		}
	}
	words, files := c.withoutFiles(said)
	words += said[len(strings.TrimRightFunc(said, unicode.IsSpace)):] // it goes on behind that
	if rest, ok := following(words, past); ok {
		c.catchText(rest, have)
	}
	for _, name := range files {
		c.showFile(name)
	}
}

// delegation is the tool that gives work to subagents, which the agent's database
// shows as them and not as a call.
const delegation = "delegate_task"

// catchText says what of a piece of text is not shown yet. have is what is shown
// from its beginning on; what of that follows the piece is returned.
func (c *conn) catchText(text, have string) string {
	if have == "" {
		c.write(text) // white space counts too: what comes next goes on after it
		return ""
	}
	if rest, ok := after(have, text); ok {
		return rest
	}
	if rest, ok := following(text, have); ok {
		c.write(rest)
	}
	return ""
}

// following is after for a text that goes on: white space that start ends with is
// not said twice.
func following(text, start string) (string, bool) {
	if rest, ok := strings.CutPrefix(text, start); ok {
		return rest, true
	}
	rest, ok := after(text, start)
	if last, _ := utf8.DecodeLastRuneInString(start); unicode.IsSpace(last) {
		rest = strings.TrimLeftFunc(rest, unicode.IsSpace)
	}
	return rest, ok
}

// catchCall shows how a call came out, if that is known by now.
func (c *conn) catchCall(t *tool, kept *chat.ToolCall) {
	if t.over {
		return
	}
	if t.title == "" {
		t.title = kept.Title
	}
	t.args = kept.Args
	if kept.State == chat.ToolUnknown { // it runs
		c.send(c.turn.id, agent.Tool{Part: t.part, Title: t.title, Args: t.args, State: chat.ToolRunning})
		return
	}
	p := &c.turn.parts
	p.coming = slices.DeleteFunc(p.coming, func(other *tool) bool { return other == t })
	for id, other := range p.tools {
		if other == t {
			delete(p.tools, id)
		}
	}
	c.outcome(t, outcome{out: kept.Out.String(), state: kept.State, result: kept.Result, err: kept.Error})
}
