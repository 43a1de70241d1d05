package direct

import (
	"encoding/json"

	"hermes-webui/server/chat"
)

// anthropic is the Messages protocol.
type anthropic struct{}

// The protocol demands a limit for every answer, in tokens. The plain one fits
// all models that there ever were.
const (
	maxTokens      = 16384
	plainMaxTokens = 4096
)

type anthropicRequest struct {
	Model     string             `json:"model"`
	MaxTokens int                `json:"max_tokens"`
	System    any                `json:"system,omitempty"`
	Messages  []anthropicSaid    `json:"messages"`
	Tools     []anthropicTool    `json:"tools,omitempty"`
	Stream    bool               `json:"stream"`
	Thinking  *anthropicThinking `json:"thinking,omitempty"`
}

// anthropicSaid has a string for content where that is enough, else blocks.
type anthropicSaid struct {
	Role    string `json:"role"`
	Content any    `json:"content"`
}

type anthropicTool struct {
	Name   string          `json:"name"`
	About  string          `json:"description"`
	Schema json.RawMessage `json:"input_schema"`
	Cache  *anthropicCache `json:"cache_control,omitempty"`
}

type anthropicThinking struct {
	Type   string `json:"type"`
	Budget int    `json:"budget_tokens"`
}

// anthropicCache marks where what stands before is kept for the next request.
type anthropicCache struct {
	Type string `json:"type"`
}

var ephemeral = &anthropicCache{"ephemeral"}

type (
	textBlock struct {
		Type  string          `json:"type"`
		Text  string          `json:"text"`
		Cache *anthropicCache `json:"cache_control,omitempty"`
	}
	imageBlock struct {
		Type   string          `json:"type"`
		Source imageSource     `json:"source"`
		Cache  *anthropicCache `json:"cache_control,omitempty"`
	}
	imageSource struct {
		Type string `json:"type"`
		Mime string `json:"media_type"`
		Data []byte `json:"data"` // base64 in JSON
	}
	useBlock struct {
		Type  string          `json:"type"`
		ID    string          `json:"id"`
		Name  string          `json:"name"`
		Input json.RawMessage `json:"input"`
	}
	resultBlock struct {
		Type   string          `json:"type"`
		ID     string          `json:"tool_use_id"`
		Text   string          `json:"content"`
		Failed bool            `json:"is_error,omitempty"`
		Cache  *anthropicCache `json:"cache_control,omitempty"`
	}
	thinkingBlock struct {
		Type      string `json:"type"`
		Thinking  string `json:"thinking"`
		Signature string `json:"signature"`
	}
)

func (anthropic) request(q question, plain bool) (string, any) {
	r := anthropicRequest{Model: q.model, MaxTokens: maxTokens, Stream: true}
	if plain {
		r.MaxTokens = plainMaxTokens
	}
	if q.limit > 0 {
		r.MaxTokens = q.limit
	}
	list := shaped(q.messages, len(q.tools) > 0)
	budget := budgetOf(q.effort)
	if !plain && budget > 0 && budget < r.MaxTokens && mayThink(list) {
		r.Thinking = &anthropicThinking{"enabled", budget}
	}
	for i, m := range list {
		cached := !plain && i == len(list)-1
		r.Messages = append(r.Messages, anthropicSaid{string(m.role), anthropicContent(m, r.Thinking != nil, cached)})
	}
	for _, t := range q.tools {
		r.Tools = append(r.Tools, anthropicTool{Name: t.Name, About: t.About, Schema: schema(t.Schema)})
	}
	r.System = anthropicSystem(q.system, !plain)
	if n := len(r.Tools); n > 0 && !plain {
		r.Tools[n-1].Cache = ephemeral
	}
	return "messages", r
}

func anthropicSystem(text string, cached bool) any {
	switch {
	case text == "":
		return nil
	case cached:
		return []textBlock{{"text", text, ephemeral}}
	default:
		return text
	}
}

// mayThink reports whether thinking may be asked for: the protocol refuses it
// where the calls that are under way began without a signed thought. The models
// think once, before the first calls; later answers of the turn need no thought.
func mayThink(list []message) bool {
	first := len(list)
	for i := len(list) - 1; i > 0 && list[i].isResults() && list[i-1].role == assistant; i -= 2 {
		first = i - 1
	}
	if first == len(list) {
		return true
	}
	for _, p := range list[first].pieces {
		if t, ok := p.(thought); ok && t.isSigned() {
			return true
		}
	}
	return false
}

// isResults reports whether a message has only results in it.
func (m message) isResults() bool {
	for _, p := range m.pieces {
		if _, ok := p.(result); !ok {
			return false
		}
	}
	return m.role == user && len(m.pieces) > 0
}

// isSigned reports whether t is a thought that Anthropic takes back.
func (t thought) isSigned() bool { return t.field == "" && (t.signature != "" || t.raw != nil) }

// anthropicContent returns a message's content. thinking: thoughts are sent;
// cached: the message is where the cache ends.
func anthropicContent(m message, thinking, cached bool) any {
	if len(m.pieces) == 1 && !cached {
		if w, ok := m.pieces[0].(words); ok {
			return string(w)
		}
	}
	blocks := []any{}
	for i, p := range m.pieces {
		var mark *anthropicCache
		if cached && i == len(m.pieces)-1 {
			mark = ephemeral
		}
		switch p := p.(type) {
		case words:
			blocks = append(blocks, textBlock{"text", string(p), mark})
		case image:
			blocks = append(blocks, imageBlock{"image", imageSource{"base64", p.mime, p.data}, mark})
		case call:
			blocks = append(blocks, useBlock{"tool_use", p.id, p.sent(), p.object()})
		case result:
			blocks = append(blocks, resultBlock{"tool_result", p.id, p.text, p.failed, mark})
		case thought:
			if thinking && p.isSigned() {
				blocks = append(blocks, p.block())
			}
		}
	}
	return blocks
}

func (t thought) block() any {
	if t.raw != nil {
		return t.raw
	}
	return thinkingBlock{"thinking", t.text, t.signature}
}

// budgetOf returns the tokens for thoughts; they are part of maxTokens.
func budgetOf(effort string) int {
	switch effort {
	case "low":
		return 2048
	case "medium":
		return 4096
	case "high":
		return 8192
	default: // not asked for
		return 0
	}
}

func (anthropic) marksEnd() bool { return true }

type anthropicEvent struct {
	Type    string            `json:"type"`
	Index   int               `json:"index"`
	Message *anthropicMessage `json:"message"`
	Block   *anthropicBlock   `json:"content_block"`
	Delta   *anthropicDelta   `json:"delta"`
	Usage   *anthropicUsage   `json:"usage"`
}

type anthropicDelta struct {
	Type      string `json:"type"`
	Text      raw    `json:"text"`
	Thinking  raw    `json:"thinking"`
	Signature string `json:"signature"`
	Args      raw    `json:"partial_json"`
	Reason    string `json:"stop_reason"`
}

type anthropicMessage struct {
	Type    string           `json:"type"`
	Content []anthropicBlock `json:"content"`
	Reason  string           `json:"stop_reason"`
	Usage   *anthropicUsage  `json:"usage"`
}

type anthropicBlock struct {
	Type      string          `json:"type"`
	Text      raw             `json:"text"`
	Thinking  raw             `json:"thinking"`
	Signature string          `json:"signature"`
	Data      string          `json:"data"` // of a thought that is not shown
	ID        string          `json:"id"`
	Name      string          `json:"name"`
	Input     json.RawMessage `json:"input"`
}

type anthropicUsage struct {
	Input   float64 `json:"input_tokens"`
	Written float64 `json:"cache_creation_input_tokens"`
	Cached  float64 `json:"cache_read_input_tokens"`
	Output  float64 `json:"output_tokens"`
}

// usage counts as the other protocol does: what came from a cache is input too.
func (u *anthropicUsage) usage() *chat.Usage {
	if u == nil {
		return nil
	}
	return merge(nil, chat.Usage{
		Input: int64(u.Input + u.Written + u.Cached), Cached: int64(u.Cached), Output: int64(u.Output),
	})
}

func (anthropic) decode(name string, data []byte) (delta, error) {
	var e anthropicEvent
	if json.Unmarshal(data, &e) != nil {
		return delta{}, errNotJSON
	}
	if e.Type == "" {
		e.Type = name
	}
	switch e.Type {
	case "error":
		return delta{}, troubleIn(data)
	case "message_start":
		if e.Message == nil {
			return delta{}, nil
		}
		return delta{usage: e.Message.Usage.usage()}, nil
	case "content_block_start":
		return e.Block.delta(e.Index), nil
	case "content_block_delta":
		return e.Delta.delta(e.Index), nil
	case "message_delta":
		d := delta{usage: e.Usage.usage()}
		if e.Delta != nil {
			d.finish = finishOf(e.Delta.Reason)
		}
		return d, nil
	case "message_stop":
		return delta{done: true}, nil
	default: // ping, content_block_stop, and what the protocol reserves for later
		return delta{}, nil
	}
}

// delta reads a block: its beginning in a stream, or all of it.
func (b *anthropicBlock) delta(index int) delta {
	if b == nil {
		return delta{}
	}
	switch b.Type {
	case "tool_use":
		c := callDelta{index: index, id: b.ID, name: b.Name, named: true}
		if says(b.Input) {
			c.args = string(b.Input)
		}
		return delta{calls: []callDelta{c}}
	case "redacted_thinking":
		raw, err := json.Marshal(map[string]string{"type": b.Type, "data": b.Data})
		if err != nil {
			return delta{}
		}
		return delta{thoughts: []thought{{raw: raw}}}
	default:
		return delta{text: string(b.Text), reasoning: string(b.Thinking), thoughts: signed(b.Thinking, b.Signature)}
	}
}

func (d *anthropicDelta) delta(index int) delta {
	if d == nil {
		return delta{}
	}
	out := delta{text: string(d.Text), reasoning: string(d.Thinking), thoughts: signed(d.Thinking, d.Signature)}
	if d.Type == "input_json_delta" {
		out.calls = []callDelta{{index: index, args: string(d.Args)}}
	}
	return out
}

// signed returns a piece of a thought with its proof; none where there is neither.
func signed(text raw, signature string) []thought {
	if text == "" && signature == "" {
		return nil
	}
	return []thought{{text: string(text), signature: signature}}
}

func (anthropic) whole(data []byte) (delta, error) {
	var m anthropicMessage
	if json.Unmarshal(data, &m) != nil {
		return delta{}, errNotJSON
	}
	if m.Type == "error" {
		return delta{}, troubleIn(data)
	}
	d := delta{usage: m.Usage.usage(), finish: finishOf(m.Reason), done: true}
	for i, b := range m.Content {
		d.join(b.delta(i))
	}
	return d, nil
}
