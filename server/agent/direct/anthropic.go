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
	Model     string          `json:"model"`
	MaxTokens int             `json:"max_tokens"`
	Messages  []openAIMessage `json:"messages"`
	Stream    bool            `json:"stream"`
	Thinking  *thinking       `json:"thinking,omitempty"`
}

type thinking struct {
	Type   string `json:"type"`
	Budget int    `json:"budget_tokens"`
}

func (anthropic) request(q question, plain bool) (string, any) {
	r := anthropicRequest{Model: q.model, MaxTokens: maxTokens, Stream: true}
	for _, m := range q.messages {
		r.Messages = append(r.Messages, openAIMessage{string(m.role), m.text()})
	}
	if plain {
		r.MaxTokens = plainMaxTokens
		return "messages", r
	}
	if budget := budgetOf(q.effort); budget > 0 {
		r.Thinking = &thinking{"enabled", budget}
	}
	return "messages", r
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
	Message *anthropicMessage `json:"message"`
	Block   *anthropicBlock   `json:"content_block"`
	Delta   *struct {
		Text     raw    `json:"text"`
		Thinking raw    `json:"thinking"`
		Reason   string `json:"stop_reason"`
	} `json:"delta"`
	Usage *anthropicUsage `json:"usage"`
}

type anthropicMessage struct {
	Type    string           `json:"type"`
	Content []anthropicBlock `json:"content"`
	Reason  string           `json:"stop_reason"`
	Usage   *anthropicUsage  `json:"usage"`
}

type anthropicBlock struct {
	Type     string `json:"type"`
	Text     raw    `json:"text"`
	Thinking raw    `json:"thinking"`
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
		return e.Block.delta(), nil
	case "content_block_delta":
		if e.Delta == nil {
			return delta{}, nil
		}
		return delta{text: string(e.Delta.Text), reasoning: string(e.Delta.Thinking)}, nil
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

func (b *anthropicBlock) delta() delta {
	if b == nil {
		return delta{}
	}
	return delta{text: string(b.Text), reasoning: string(b.Thinking)}
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
	for _, b := range m.Content {
		d.text += string(b.Text)
		d.reasoning += string(b.Thinking)
	}
	return d, nil
}
