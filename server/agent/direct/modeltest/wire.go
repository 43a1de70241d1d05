package modeltest

import (
	"encoding/json"
	"strings"
)

// wireMessage is a message as either protocol writes it.
type wireMessage struct {
	Role             string          `json:"role"`
	Content          content         `json:"content"`
	ReasoningContent string          `json:"reasoning_content"`
	Reasoning        string          `json:"reasoning"`
	ReasoningDetails json.RawMessage `json:"reasoning_details"`
	CallID           string          `json:"tool_call_id"`
	Calls            []struct {
		ID       string `json:"id"`
		Function struct {
			Name string `json:"name"`
			Args string `json:"arguments"`
		} `json:"function"`
	} `json:"tool_calls"`
}

type wireTool struct {
	Name     string `json:"name"`
	Function struct {
		Name string `json:"name"`
	} `json:"function"`
}

// content is a string, or a list of blocks.
type content []block

type block struct {
	Type  string `json:"type"`
	Text  string `json:"text"`
	Image struct {
		URL string `json:"url"`
	} `json:"image_url"`
	Source struct {
		Mime string `json:"media_type"`
	} `json:"source"`
	ID        string          `json:"id"`
	Name      string          `json:"name"`
	Input     json.RawMessage `json:"input"`
	UseID     string          `json:"tool_use_id"`
	Content   content         `json:"content"`
	Failed    bool            `json:"is_error"`
	Thinking  string          `json:"thinking"`
	Signature string          `json:"signature"`
	Data      string          `json:"data"`
}

func (c *content) UnmarshalJSON(b []byte) error {
	*c = nil
	switch b[0] {
	case '"':
		var text string
		if err := json.Unmarshal(b, &text); err != nil {
			return err
		}
		*c = content{{Type: "text", Text: text}}
		return nil
	case '[':
		return json.Unmarshal(b, (*[]block)(c))
	default: // null
		return nil
	}
}

func (c content) text() string {
	var b strings.Builder
	for _, e := range c {
		b.WriteString(e.Text)
	}
	return b.String()
}

func (w wireMessage) message() Message {
	m := Message{Role: w.Role, roles: []string{w.Role}, Thought: w.ReasoningContent + w.Reasoning + string(w.ReasoningDetails)}
	if w.Role == "tool" {
		m.Role = "user"
		m.Results = []Result{{ID: w.CallID, Text: w.Content.text()}}
		return m
	}
	m.Content = w.Content.text()
	for _, c := range w.Calls {
		m.Calls = append(m.Calls, AskedCall{c.ID, c.Function.Name, c.Function.Args})
	}
	for _, b := range w.Content {
		m.add(b)
	}
	return m
}

func (m *Message) add(b block) {
	switch b.Type {
	case "image_url":
		mime, _, _ := strings.Cut(strings.TrimPrefix(b.Image.URL, "data:"), ";")
		m.Images = append(m.Images, mime)
	case "image":
		m.Images = append(m.Images, b.Source.Mime)
	case "tool_use":
		m.Calls = append(m.Calls, AskedCall{b.ID, b.Name, string(b.Input)})
	case "tool_result":
		m.Results = append(m.Results, Result{b.UseID, b.Content.text(), b.Failed})
	case "thinking":
		m.Thought += b.Thinking + "/" + b.Signature
	case "redacted_thinking":
		m.Thought += b.Data
	}
}
