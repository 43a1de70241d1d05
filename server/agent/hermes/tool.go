package hermes

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"slices"
	"strings"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// tool is a call that goes on.
type tool struct {
	part  chat.PartID
	name  string
	title string
	args  json.RawMessage
	over  bool // it is closed
}

// resultLimit is the longest result that is kept as it is, in bytes. A longer one
// is shown as text, whose middle may be left out.
const resultLimit = 32 << 10

// toolComing is the beginning of a call whose arguments still arrive.
func (c *conn) toolComing(name string) {
	if name == "" || name == "todo" {
		return
	}
	c.turn.parts.coming = append(c.turn.parts.coming, c.openTool(name, chat.ToolPending))
}

func (c *conn) openTool(name string, state chat.ToolState) *tool {
	c.endPiece()
	c.closeThought()
	base := newPart()
	c.send(c.turn.id, agent.Open{Part: &chat.ToolCall{PartBase: base, Name: name, State: state}})
	t := &tool{part: base.ID, name: name}
	c.turn.parts.calls = append(c.turn.parts.calls, t)
	return t
}

type toolPayload struct {
	ID       string          `json:"tool_id"`
	Name     string          `json:"name"`
	Context  string          `json:"context"`
	Args     json.RawMessage `json:"args"`
	ArgsText string          `json:"args_text"`
	Result   json.RawMessage `json:"result"`
	Diff     string          `json:"inline_diff"`
	Todos    []todo          `json:"todos"`
}

func (c *conn) toolStarts(payload json.RawMessage) {
	var p toolPayload
	if json.Unmarshal(payload, &p) != nil || p.Name == "todo" {
		return
	}
	t := c.call(p)
	t.title = p.Context
	if t.args = p.Args; len(t.args) == 0 && json.Valid([]byte(p.ArgsText)) {
		t.args = json.RawMessage(p.ArgsText)
	}
	c.send(c.turn.id, agent.Tool{Part: t.part, Title: t.title, Args: t.args, State: chat.ToolRunning})
}

// call finds the call that was announced, or opens one.
func (c *conn) call(p toolPayload) *tool {
	all := &c.turn.parts
	if all.tools == nil {
		all.tools = map[string]*tool{}
	}
	if t := all.tools[p.ID]; t != nil {
		return t
	}
	i := slices.IndexFunc(all.coming, func(t *tool) bool { return t.name == p.Name })
	var t *tool
	if i >= 0 {
		t = all.coming[i]
		all.coming = slices.Delete(all.coming, i, i+1)
	} else {
		t = c.openTool(p.Name, chat.ToolRunning)
	}
	all.tools[p.ID] = t
	return t
}

func (c *conn) toolEnds(payload json.RawMessage) {
	var p toolPayload
	if json.Unmarshal(payload, &p) != nil {
		return
	}
	if p.Todos != nil {
		c.plan(p.Todos)
	}
	if p.Name == "todo" {
		return
	}
	t := c.call(p)
	delete(c.turn.parts.tools, p.ID)
	if len(p.Args) > 0 && string(p.Args) != "null" {
		t.args = p.Args
	}
	o := outcomeOf(t, p.Result, p.Diff)
	c.outcome(t, o)
}

func (c *conn) outcome(t *tool, o outcome) {
	if o.out != "" {
		c.send(c.turn.id, agent.Append{Part: t.part, Stream: chat.Out, At: -1, Text: o.out})
	}
	t.over = true
	c.send(c.turn.id, agent.Tool{Part: t.part, Title: t.title, Args: t.args, State: o.state, Result: o.result, Error: o.err})
	c.send(c.turn.id, agent.Close{Part: t.part})
}

func (c *conn) closeTool(t *tool, state chat.ToolState) {
	t.over = true
	c.send(c.turn.id, agent.Tool{Part: t.part, Title: t.title, Args: t.args, State: state})
	c.send(c.turn.id, agent.Close{Part: t.part})
}

// toolEndsLong takes a result that is too long for memory from its file: as
// text, in pieces. The recorder keeps the beginning and the end.
func (c *conn) toolEndsLong(file string) {
	f, err := os.Open(file)
	if err != nil {
		return
	}
	defer func() { _ = f.Close() }()
	t := c.longCall(f)
	c.send(c.turn.id, agent.Tool{Part: t.part, Title: t.title, Args: t.args, State: chat.ToolRunning})
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return
	}
	in := bufio.NewReaderSize(f, 64<<10)
	buf := make([]byte, 64<<10)
	for c.ctx.Err() == nil {
		n, err := io.ReadFull(in, buf)
		if n > 0 {
			c.send(c.turn.id, agent.Append{Part: t.part, Stream: chat.Out, At: -1, Text: strings.ToValidUTF8(string(buf[:n]), "\uFFFD")})
		}
		if err != nil {
			break
		}
	}
	c.closeTool(t, chat.ToolDone)
}

// longCall finds the call that a long result belongs to: its id stands at the
// beginning.
func (c *conn) longCall(f io.Reader) *tool {
	head := make([]byte, 4<<10)
	n, _ := io.ReadFull(f, head)
	for id, t := range c.turn.parts.tools {
		if strings.Contains(string(head[:n]), `"`+id+`"`) {
			delete(c.turn.parts.tools, id)
			return t
		}
	}
	return c.openTool("tool", chat.ToolRunning)
}

func (c *conn) risk(payload json.RawMessage) {
	var p struct {
		Name, Risk string
		Redacted   bool
	}
	if json.Unmarshal(payload, &p) != nil || p.Risk == "" {
		return
	}
	text := "What " + p.Name + " gave back looks risky: " + p.Risk + "."
	if p.Redacted {
		text += " The agent left a part of it out."
	}
	c.notice(chat.NoticeWarn, text)
}
