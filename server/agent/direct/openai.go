package direct

import (
	"bytes"
	"encoding/base64"
	"encoding/json"

	"hermes-webui/server/chat"
)

// openAI is the Chat Completions protocol as very many servers have it, and as
// they understand it.
type openAI struct{}

type openAIRequest struct {
	Model         string          `json:"model"`
	Messages      []openAIMessage `json:"messages"`
	Tools         []openAITool    `json:"tools,omitempty"`
	Stream        bool            `json:"stream"`
	StreamOptions *streamOptions  `json:"stream_options,omitempty"`
	Effort        string          `json:"reasoning_effort,omitempty"`
	MaxTokens     int             `json:"max_tokens,omitempty"`
}

// openAIMessage has a string for content wherever there is only text: many
// small servers know nothing else. null stands beside calls without words.
type openAIMessage struct {
	Role             string          `json:"role"`
	Content          any             `json:"content"`
	ReasoningContent string          `json:"reasoning_content,omitempty"`
	Reasoning        string          `json:"reasoning,omitempty"`
	ReasoningDetails json.RawMessage `json:"reasoning_details,omitempty"`
	Calls            []openAICall    `json:"tool_calls,omitempty"`
	CallID           string          `json:"tool_call_id,omitempty"`
}

type openAIPart struct {
	Type  string     `json:"type"`
	Text  string     `json:"text,omitempty"`
	Image *openAIURL `json:"image_url,omitempty"`
}

type openAIURL struct {
	URL string `json:"url"`
}

type openAICall struct {
	ID       string          `json:"id"`
	Type     string          `json:"type"`
	Function openAIFunction  `json:"function"`
	Extra    json.RawMessage `json:"extra_content,omitempty"`
}

type openAIFunction struct {
	Name string `json:"name"`
	Args string `json:"arguments"` // JSON in a string
}

type openAITool struct {
	Type     string     `json:"type"`
	Function openAISpec `json:"function"`
}

type openAISpec struct {
	Name   string          `json:"name"`
	About  string          `json:"description"`
	Schema json.RawMessage `json:"parameters"`
}

type streamOptions struct {
	IncludeUsage bool `json:"include_usage"`
}

func (openAI) request(q question, plain bool) (string, any) {
	r := openAIRequest{Model: q.model, Stream: true}
	if q.system != "" {
		r.Messages = append(r.Messages, openAIMessage{Role: "system", Content: q.system})
	}
	for _, m := range shaped(q.messages, len(q.tools) > 0) {
		r.Messages = append(r.Messages, openAIMessages(m, plain)...)
	}
	for _, t := range q.tools {
		r.Tools = append(r.Tools, openAITool{"function", openAISpec{t.Name, t.About, schema(t.Schema)}})
	}
	if !plain {
		r.StreamOptions, r.Effort, r.MaxTokens = &streamOptions{IncludeUsage: true}, q.effort, q.limit
	}
	return "chat/completions", r
}

// openAIMessages returns what a message is in this protocol, where each result
// is a message of its own.
func openAIMessages(m message, plain bool) []openAIMessage {
	if m.role == assistant {
		return []openAIMessage{openAIAnswer(m, plain)}
	}
	var out []openAIMessage
	var rest []piece
	for _, p := range m.pieces {
		if r, ok := p.(result); ok {
			out = append(out, openAIMessage{Role: "tool", Content: r.text, CallID: r.id})
			continue
		}
		rest = append(rest, p)
	}
	if len(rest) == 0 {
		return out
	}
	if plain && len(out) > 0 {
		// Mistral and some templates take no user's message behind results.
		out = append(out, openAIMessage{Role: string(assistant), Content: "I have the results."})
	}
	return append(out, openAIMessage{Role: string(user), Content: openAIContent(rest)})
}

func openAIContent(pieces []piece) any {
	var parts []openAIPart
	text, only := "", true
	for _, p := range pieces {
		switch p := p.(type) {
		case words:
			text += string(p)
			parts = append(parts, openAIPart{Type: "text", Text: string(p)})
		case image:
			only = false
			parts = append(parts, openAIPart{Type: "image_url", Image: &openAIURL{p.url()}})
		case thought, call, result: // stand elsewhere
		}
	}
	if only {
		return text
	}
	return parts
}

func (i image) url() string {
	return "data:" + i.mime + ";base64," + base64.StdEncoding.EncodeToString(i.data)
}

func openAIAnswer(m message, plain bool) openAIMessage {
	out := openAIMessage{Role: string(assistant), Content: m.text()}
	for _, p := range m.pieces {
		switch p := p.(type) {
		case call:
			out.Calls = append(out.Calls, openAICall{p.id, "function", openAIFunction{p.sent(), string(p.object())}, p.extra})
		case thought:
			if !plain {
				out.recall(p)
			}
		case words, image, result: // in m.text, or not the model's
		}
	}
	if out.ReasoningDetails != nil {
		out.ReasoningContent, out.Reasoning = "", "" // they would say it twice
	}
	if out.Content == "" && len(out.Calls) > 0 && !plain {
		out.Content = nil
	}
	return out
}

// recall puts a thought back into the member that it came in. There are thoughts
// only in the answers of a turn that is under way.
func (m *openAIMessage) recall(t thought) {
	switch t.field {
	case "reasoning_content":
		m.ReasoningContent += t.text
	case "reasoning":
		m.Reasoning += t.text
	case detailsField:
		m.ReasoningDetails = t.raw
	default: // of another protocol, or taken from the text: nobody wants it back
	}
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
	Content          prose            `json:"content"`
	Refusal          prose            `json:"refusal"`
	ReasoningContent prose            `json:"reasoning_content"`
	Reasoning        prose            `json:"reasoning"`
	ReasoningDetails details          `json:"reasoning_details"`
	Calls            callList         `json:"tool_calls"`
	Function         *openAICallPiece `json:"function_call"` // of the time before tool_calls
}

func (w *utterance) thoughts() string {
	for _, p := range []prose{w.ReasoningContent, w.Reasoning, w.ReasoningDetails.prose} {
		if s := p.thought + p.text; s != "" {
			return s + w.Content.thought
		}
	}
	return w.Content.thought
}

// details are thoughts that may have to go back as they came.
type details struct {
	prose
	raw json.RawMessage
}

func (d *details) UnmarshalJSON(b []byte) error {
	if b[0] == '[' {
		d.raw = bytes.Clone(b)
	}
	return d.prose.UnmarshalJSON(b)
}

// recalled returns the thoughts in the form in which the server wants them
// again.
func (w *utterance) recalled() []thought {
	switch {
	case says(w.ReasoningDetails.raw):
		return []thought{{field: detailsField, raw: w.ReasoningDetails.raw}}
	case w.ReasoningContent.text != "":
		return []thought{{field: "reasoning_content", text: w.ReasoningContent.text}}
	case w.Reasoning.text != "":
		return []thought{{field: "reasoning", text: w.Reasoning.text}}
	default:
		return nil
	}
}

// openAICallPiece is a call, or a piece of one. Where the older protocol is
// spoken, name and arguments stand in it directly.
type openAICallPiece struct {
	Index    *int  `json:"index"`
	ID       prose `json:"id"`
	Function *struct {
		Name prose `json:"name"`
		Args args  `json:"arguments"`
	} `json:"function"`
	Name  prose           `json:"name"`
	Args  args            `json:"arguments"`
	Extra json.RawMessage `json:"extra_content"`
}

func (p openAICallPiece) delta() callDelta {
	d := callDelta{index: noIndex, id: p.ID.text, name: p.Name.text, args: string(p.Args)}
	if p.Index != nil {
		d.index = *p.Index
	}
	if p.Function != nil {
		d.name, d.args = p.Function.Name.text, string(p.Function.Args)
	}
	if says(p.Extra) {
		d.extra = p.Extra
	}
	return d
}

// callList is a list of calls; what is none costs no answer.
type callList []openAICallPiece

func (l *callList) UnmarshalJSON(b []byte) error {
	*l = nil
	switch b[0] {
	case '[':
		var list []json.RawMessage
		if err := json.Unmarshal(b, &list); err != nil {
			return err
		}
		for _, raw := range list {
			var p openAICallPiece
			if json.Unmarshal(raw, &p) == nil {
				*l = append(*l, p)
			}
		}
	case '{': // one, not in a list
		var p openAICallPiece
		if json.Unmarshal(b, &p) == nil {
			*l = callList{p}
		}
	}
	return nil
}

// args are arguments: JSON in a string, whose pieces may hold halves of
// characters (see raw), or, of some servers, the object itself.
type args string

func (a *args) UnmarshalJSON(b []byte) error {
	switch {
	case b[0] == '"':
		*a = args(unquote(b))
	case string(b) == "null":
		*a = ""
	default:
		*a = args(b)
	}
	return nil
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
		sum.join(d)
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
			d.thoughts = append(d.thoughts, w.recalled()...)
			for _, c := range w.Calls {
				d.calls = append(d.calls, c.delta())
			}
			if w.Function != nil {
				d.calls = append(d.calls, w.Function.delta())
			}
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
