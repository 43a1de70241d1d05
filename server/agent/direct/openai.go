package direct

import (
	"bytes"
	"encoding/json"

	"hermes-webui/server/chat"
)

// openAI is the Chat Completions protocol as very many servers have it, and as
// they understand it.
type openAI struct{}

type openAIRequest struct {
	Model         string          `json:"model"`
	Messages      []openAIMessage `json:"messages"`
	Stream        bool            `json:"stream"`
	StreamOptions *streamOptions  `json:"stream_options,omitempty"`
	Effort        string          `json:"reasoning_effort,omitempty"`
}

type openAIMessage struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

type streamOptions struct {
	IncludeUsage bool `json:"include_usage"`
}

func (openAI) request(q question, plain bool) (string, any) {
	r := openAIRequest{Model: q.model, Stream: true}
	for _, m := range q.messages {
		r.Messages = append(r.Messages, openAIMessage{string(m.role), m.text()})
	}
	if !plain {
		r.StreamOptions, r.Effort = &streamOptions{IncludeUsage: true}, q.effort
	}
	return "chat/completions", r
}

func (openAI) marksEnd() bool { return false }

// chunk is one event of a stream, or a whole answer.
type chunk struct {
	Choices []choice        `json:"choices"`
	Usage   json.RawMessage `json:"usage"`
	Error   json.RawMessage `json:"error"`
	Object  prose           `json:"object"`
	Groq    struct {
		Usage json.RawMessage `json:"usage"`
	} `json:"x_groq"`
}

type choice struct {
	Index   int             `json:"index"`
	Delta   *utterance      `json:"delta"`
	Message *utterance      `json:"message"`
	Text    prose           `json:"text"` // of servers that mix in the older protocol
	Finish  prose           `json:"finish_reason"`
	Usage   json.RawMessage `json:"usage"`
}

// utterance is what the model says. The same thoughts may stand in several fields.
type utterance struct {
	Content          prose `json:"content"`
	Refusal          prose `json:"refusal"`
	ReasoningContent prose `json:"reasoning_content"`
	Reasoning        prose `json:"reasoning"`
	ReasoningDetails prose `json:"reasoning_details"`
}

func (w *utterance) thoughts() string {
	for _, p := range []prose{w.ReasoningContent, w.Reasoning, w.ReasoningDetails} {
		if s := p.thought + p.text; s != "" {
			return s + w.Content.thought
		}
	}
	return w.Content.thought
}

var endMark = []byte("[DONE]")

func (o openAI) decode(name string, data []byte) (delta, error) {
	data = bytes.TrimSpace(data)
	if len(data) == 0 {
		return delta{}, nil
	}
	if bytes.Equal(data, endMark) {
		return delta{done: true}, nil
	}
	if name == "error" {
		return delta{}, troubleIn(data)
	}
	d, err := o.whole(data)
	if err != errNotJSON {
		return d, err
	}
	// Servers that leave out the blank lines make one event of several.
	return o.lines(data)
}

func (o openAI) lines(data []byte) (delta, error) {
	if !bytes.Contains(data, []byte("\n")) {
		return delta{}, errNotJSON
	}
	var sum delta
	for line := range bytes.Lines(data) {
		d, err := o.decode("", bytes.TrimRight(line, "\r\n"))
		if err != nil {
			return delta{}, err
		}
		sum.reasoning += d.reasoning
		sum.text += d.text
		sum.done = sum.done || d.done
		if d.finish != unfinished {
			sum.finish = d.finish
		}
		if d.usage != nil {
			sum.usage = merge(sum.usage, *d.usage)
		}
	}
	return sum, nil
}

func (openAI) whole(data []byte) (delta, error) {
	var c chunk
	if json.Unmarshal(data, &c) != nil {
		return delta{}, errNotJSON
	}
	if c.Object.text == "error" || says(c.Error) {
		return delta{}, troubleIn(data)
	}
	var d delta
	d.addUsage(c.Groq.Usage)
	for _, ch := range c.Choices {
		if ch.Index != 0 {
			continue
		}
		d.addUsage(ch.Usage)
		w := ch.Delta
		if w == nil {
			w = ch.Message
		}
		if w != nil {
			d.reasoning += w.thoughts()
			d.text += w.Content.text + w.Refusal.text
		}
		d.text += ch.Text.text
		if f := finishOf(ch.Finish.text); f != unfinished {
			d.finish = f
		}
	}
	d.addUsage(c.Usage)
	return d, nil
}

// says reports whether a member is there and not empty.
func says(raw json.RawMessage) bool {
	switch string(bytes.TrimSpace(raw)) {
	case "", "null", `""`, "{}", "false", "[]":
		return false
	default:
		return true
	}
}

// openAIUsage has floats because some servers write 12.0.
type openAIUsage struct {
	Prompt        float64 `json:"prompt_tokens"`
	Completion    float64 `json:"completion_tokens"`
	CacheHit      float64 `json:"prompt_cache_hit_tokens"`
	PromptDetails struct {
		Cached float64 `json:"cached_tokens"`
	} `json:"prompt_tokens_details"`
	CompletionDetails struct {
		Reasoning float64 `json:"reasoning_tokens"`
	} `json:"completion_tokens_details"`
	Cost float64 `json:"cost"`
}

// addUsage takes a report of usage; one that cannot be read costs no answer.
func (d *delta) addUsage(raw json.RawMessage) {
	var u openAIUsage
	if !says(raw) || json.Unmarshal(raw, &u) != nil {
		return
	}
	d.usage = merge(d.usage, chat.Usage{
		Input: int64(u.Prompt), Output: int64(u.Completion), Cached: int64(max(u.PromptDetails.Cached, u.CacheHit)),
		Reasoning: int64(u.CompletionDetails.Reasoning), Cost: u.Cost,
	})
}
