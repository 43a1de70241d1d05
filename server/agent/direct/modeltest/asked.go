package modeltest

import (
	"encoding/json"
	"fmt"
)

// Asked is a question in words that both protocols share.
type Asked struct {
	Model     string
	Stream    bool
	System    string
	Messages  []Message // roles user and assistant only
	Tools     []string  // names
	Effort    string
	MaxTokens int
	// StreamOptions and Thinking are as they came; nil = not there.
	StreamOptions, Thinking json.RawMessage
}

// Message is one message. Results of calls stand in the user's message.
type Message struct {
	Role    string
	Content string // all text, joined
	Calls   []AskedCall
	Results []Result
	Images  []string // media types
	Thought string   // what was sent back of thoughts
	roles   []string // of the protocol, one for each of its messages
}

// AskedCall is a call that the model is told it made.
type AskedCall struct{ ID, Name, Args string }

// Result is what the model is told of a call.
type Result struct {
	ID, Text string
	Failed   bool // OpenAI's protocol cannot say it
}

// Asked decodes the question; what cannot be read stays empty.
func (r Request) Asked() Asked {
	var q struct {
		Model         string          `json:"model"`
		Stream        bool            `json:"stream"`
		System        content         `json:"system"`
		Messages      []wireMessage   `json:"messages"`
		Tools         []wireTool      `json:"tools"`
		Effort        string          `json:"reasoning_effort"`
		MaxTokens     int             `json:"max_tokens"`
		StreamOptions json.RawMessage `json:"stream_options"`
		Thinking      json.RawMessage `json:"thinking"`
	}
	_ = json.Unmarshal(r.Body, &q)
	a := Asked{
		Model: q.Model, Stream: q.Stream, System: q.System.text(), Effort: q.Effort, MaxTokens: q.MaxTokens,
		StreamOptions: q.StreamOptions, Thinking: q.Thinking,
	}
	for _, t := range q.Tools {
		a.Tools = append(a.Tools, t.Name+t.Function.Name)
	}
	for _, m := range q.Messages {
		if m.Role == "system" {
			a.System += m.Content.text()
			continue
		}
		a.add(m.message())
	}
	return a
}

// add puts a message behind the others. Results are messages of their own in one
// protocol: they are joined, with the user's words behind them.
func (a *Asked) add(m Message) {
	n := len(a.Messages)
	if n == 0 || a.Messages[n-1].Role != m.Role || a.Messages[n-1].roles[0] != "tool" {
		a.Messages = append(a.Messages, m)
		return
	}
	last := &a.Messages[n-1]
	last.Content += m.Content
	last.Results = append(last.Results, m.Results...)
	last.Images = append(last.Images, m.Images...)
	last.roles = append(last.roles, m.roles...)
}

// Rounds returns how many answers with calls there are since the last prompt.
func (a Asked) Rounds() (n int) {
	for i := len(a.Messages) - 1; i >= 0; i-- {
		m := a.Messages[i]
		if m.Role == "user" && len(m.Results) == 0 {
			return n
		}
		if len(m.Calls) > 0 {
			n++
		}
	}
	return n
}

// Lines returns the messages as lines for people: "user: words",
// "user image: image/png", "assistant call: name {args}", "user result: text".
func (a Asked) Lines() (out []string) {
	for _, m := range a.Messages {
		for _, r := range m.Results {
			out = append(out, m.Role+" result: "+r.Text)
		}
		if m.Content != "" {
			out = append(out, m.Role+": "+m.Content)
		}
		for _, mime := range m.Images {
			out = append(out, m.Role+" image: "+mime)
		}
		for _, c := range m.Calls {
			out = append(out, fmt.Sprintf("%s call: %s %s", m.Role, c.Name, c.Args))
		}
	}
	return out
}

// Last returns the words of the last message.
func (a Asked) Last() string {
	if len(a.Messages) == 0 {
		return ""
	}
	return a.Messages[len(a.Messages)-1].Content
}

// Result returns what the model is told of a call, by its tool's name; the
// newest one. false = nothing.
func (a Asked) Result(name string) (Result, bool) {
	ids := map[string]string{}
	var found Result
	ok := false
	for _, m := range a.Messages {
		for _, c := range m.Calls {
			ids[c.ID] = c.Name
		}
		for _, r := range m.Results {
			if ids[r.ID] == name {
				found, ok = r, true
			}
		}
	}
	return found, ok
}
