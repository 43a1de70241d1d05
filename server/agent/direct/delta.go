package direct

import (
	"encoding/json"
	"strings"

	"hermes-webui/server/agent/direct/tool"
	"hermes-webui/server/chat"
)

// delta is what one event of an answer says, in words that no protocol owns.
// Its texts may begin and end inside of a character (see raw).
type delta struct {
	reasoning, text string
	calls           []callDelta
	thoughts        []thought   // what has to go back, in pieces; see memory
	usage           *chat.Usage // what is known now; fields that are 0 say nothing
	finish          finish
	done            bool // the end mark of the stream
}

// join puts what another event says behind this one.
func (d *delta) join(e delta) {
	d.reasoning += e.reasoning
	d.text += e.text
	d.calls = append(d.calls, e.calls...)
	d.thoughts = append(d.thoughts, e.thoughts...)
	d.done = d.done || e.done
	if e.finish != unfinished {
		d.finish = e.finish
	}
	if e.usage != nil {
		d.usage = merge(d.usage, *e.usage)
	}
}

// callDelta is a piece of a call; see gathering for what belongs together.
type callDelta struct {
	index int    // noIndex = the server gives none
	id    string // the server's; "" = not said
	name  string // whole, a piece of it, or ""
	named bool   // the name is whole
	args  string
	extra json.RawMessage
}

const noIndex = -1

// finish is why a model stopped. The zero value: it has not, or does not say.
type finish uint8

const (
	unfinished finish = iota
	finished
	cutOff   // at a limit of length
	filtered // by the provider
)

// finishOf reads the reasons of both protocols. Servers invent reasons, so what
// is unknown is an end like any other.
func finishOf(reason string) finish {
	switch strings.ToLower(reason) {
	case "", "null":
		return unfinished
	case "length", "max_tokens", "model_context_window_exceeded":
		return cutOff
	case "content_filter", "refusal", "safety":
		return filtered
	default:
		return finished
	}
}

// merge puts what a later report says over an earlier one. Reports come once,
// in pieces, or with every fragment.
func merge(old *chat.Usage, u chat.Usage) *chat.Usage {
	if old == nil {
		old = &chat.Usage{}
	}
	out := *old
	set := func(to *int64, v int64) {
		if v > 0 {
			*to = v
		}
	}
	set(&out.Input, u.Input)
	set(&out.Cached, u.Cached)
	set(&out.Output, u.Output)
	set(&out.Reasoning, u.Reasoning)
	if u.Cost > 0 {
		out.Cost = u.Cost
	}
	out.Context = out.Input + out.Output
	return &out
}

// dialect is one protocol of talking to models.
type dialect interface {
	// request returns the call's path and body. A plain one is without
	// everything that a simple server may not know.
	request(q question, plain bool) (call string, body any)
	// decode reads the data of one event. An error that the server reports is a
	// trouble.
	decode(name string, data []byte) (delta, error)
	// whole reads an answer that came in one piece.
	whole(data []byte) (delta, error)
	// marksEnd reports whether a stream without an end mark has broken off.
	marksEnd() bool
}

func dialectOf(k Kind) (dialect, bool) {
	switch k {
	case OpenAI:
		return openAI{}, true
	case Anthropic:
		return anthropic{}, true
	default:
		return nil, false
	}
}

// question is what a model is asked.
type question struct {
	model    string // as the provider calls it
	effort   string
	system   string // "" = nothing
	messages []message
	tools    []tool.Spec // empty: answers with words only
	limit    int         // of the answer, in tokens; 0 = the dialect's own
}
