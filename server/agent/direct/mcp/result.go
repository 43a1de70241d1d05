package mcp

import (
	"encoding/json"
	"fmt"
	"io"
	"sync"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"hermes-webui/server/agent/direct/tool"
)

const maxText = 1 << 20 // bytes of one result

// result writes an answer as output.
func (r remote) result(answer *sdk.CallToolResult, t io.Writer) (tool.Result, error) {
	w := &limited{to: t, left: maxText}
	for _, c := range answer.Content {
		text, err := textOf(c)
		if err != nil {
			return tool.Result{}, err
		}
		w.say(r.link.scrub.Clean(text))
	}
	if w.began == 0 && answer.StructuredContent != nil {
		b, err := json.MarshalIndent(answer.StructuredContent, "", "  ")
		if err != nil {
			return tool.Result{}, fmt.Errorf("the result cannot be read: %w", err)
		}
		w.say(r.link.scrub.Clean(string(b)))
	}
	if w.err != nil {
		return tool.Result{}, w.err
	}
	facts := tool.Facts{Kind: "mcp", Server: r.link.server.Name}
	switch {
	case w.cut:
		facts.Note = fmt.Sprintf("The result is longer than %d MB; its end is missing.", maxText>>20)
	case w.began == 0:
		facts.Note = "The tool returned nothing."
	}
	out := facts.Result()
	out.Failed = answer.IsError
	return out, nil
}

// textOf returns a piece of an answer as text. What is no text is named.
func textOf(c sdk.Content) (string, error) {
	switch c := c.(type) {
	case *sdk.TextContent:
		return c.Text, nil
	case *sdk.ImageContent:
		return named("image", c.MIMEType, len(c.Data)), nil
	case *sdk.AudioContent:
		return named("audio", c.MIMEType, len(c.Data)), nil
	case *sdk.ResourceLink:
		return fmt.Sprintf("[resource %s: %s, not fetched]", c.URI, c.Name), nil
	case *sdk.EmbeddedResource:
		if c.Resource == nil {
			return "[resource without content]", nil
		}
		if c.Resource.Text != "" {
			return c.Resource.Text, nil
		}
		return named("resource "+c.Resource.URI, c.Resource.MIMEType, len(c.Resource.Blob)), nil
	default:
		return "", fmt.Errorf("the result has a kind of content that is not known here (%T)", c)
	}
}

func named(what, kind string, size int) string {
	if kind == "" {
		kind = "type not said"
	}
	return fmt.Sprintf("[%s: %s, %d bytes, not shown]", what, kind, size)
}

// limited writes pieces on lines of their own until it is full.
type limited struct {
	to    io.Writer
	left  int
	began int // pieces
	cut   bool
	err   error
}

func (l *limited) say(text string) {
	if text == "" || l.err != nil {
		return
	}
	if l.began++; l.began > 1 {
		text = "\n" + text
	}
	if len(text) > l.left {
		text, l.cut = text[:l.left], true
	}
	l.left -= len(text)
	_, l.err = io.WriteString(l.to, text)
}

// progress passes on what a server says of calls that run.
type progress struct {
	mu    sync.Mutex
	calls map[string]*report
}

// report is where the words about one call go.
type report struct {
	mu   sync.Mutex
	to   io.Writer // nil: the call is over
	left int
}

// tell lets what is said of token go to w, until forget returns.
func (p *progress) tell(token string, w io.Writer) (forget func()) {
	r := &report{to: w, left: maxProgress}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.calls == nil {
		p.calls = map[string]*report{}
	}
	p.calls[token] = r
	return func() {
		p.mu.Lock()
		delete(p.calls, token)
		p.mu.Unlock()
		r.mu.Lock()
		defer r.mu.Unlock()
		r.to = nil
	}
}

const maxProgress = 16 << 10 // bytes of one call

func (p *progress) take(n *sdk.ProgressNotificationParams) {
	if n == nil || n.Message == "" {
		return
	}
	token, _ := n.ProgressToken.(string)
	p.mu.Lock()
	r := p.calls[token]
	p.mu.Unlock()
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	text := n.Message + "\n"
	if r.to == nil || len(text) > r.left {
		return
	}
	r.left -= len(text)
	_, _ = io.WriteString(r.to, text) // the answer will meet the same error
}
