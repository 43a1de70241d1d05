package modeltest

import (
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// frames is how a protocol writes an answer.
type frames struct {
	begin  func(model string) []any
	token  func(reasoning bool, text string) any
	call   func(i int, c Call) []any     // the beginning of a call, i counts calls
	args   func(i int, piece string) any // a piece of its arguments
	end    func(finish string, u *Usage) []any
	finish string // of an ordinary end
	using  string // of an end with calls
	named  bool   // events carry their type as a name
	mark   string // behind everything
}

type doc = map[string]any

var openAI = frames{
	begin: func(model string) []any {
		return []any{doc{"object": "chat.completion.chunk", "model": model, "choices": []any{doc{"index": 0, "delta": doc{"role": "assistant", "content": ""}}}}}
	},
	token: func(reasoning bool, text string) any {
		field := "content"
		if reasoning {
			field = "reasoning_content"
		}
		return doc{"object": "chat.completion.chunk", "choices": []any{doc{"index": 0, "delta": doc{field: text}}}}
	},
	call: func(i int, c Call) []any {
		return []any{openAICall(doc{"index": i, "id": c.id(i), "type": "function", "function": doc{"name": c.Name, "arguments": ""}})}
	},
	args: func(i int, piece string) any {
		return openAICall(doc{"index": i, "function": doc{"arguments": piece}})
	},
	using: "tool_calls",
	end: func(finish string, u *Usage) []any {
		out := []any{doc{"object": "chat.completion.chunk", "choices": []any{doc{"index": 0, "delta": doc{}, "finish_reason": finish}}}}
		if u != nil {
			out = append(out, doc{"object": "chat.completion.chunk", "choices": []any{}, "usage": doc{"prompt_tokens": u.Input, "completion_tokens": u.Output}})
		}
		return out
	},
	finish: "stop",
	mark:   "data: [DONE]\n\n",
}

var anthropic = frames{
	begin: func(model string) []any {
		return []any{doc{"type": "message_start", "message": doc{"type": "message", "role": "assistant", "model": model, "content": []any{}}}}
	},
	token: func(reasoning bool, text string) any {
		if reasoning {
			return doc{"type": "content_block_delta", "index": 0, "delta": doc{"type": "thinking_delta", "thinking": text}}
		}
		return doc{"type": "content_block_delta", "index": 1, "delta": doc{"type": "text_delta", "text": text}}
	},
	call: func(i int, c Call) []any {
		return []any{doc{"type": "content_block_start", "index": i + 2, "content_block": doc{"type": "tool_use", "id": c.id(i), "name": c.Name, "input": doc{}}}}
	},
	args: func(i int, piece string) any {
		return doc{"type": "content_block_delta", "index": i + 2, "delta": doc{"type": "input_json_delta", "partial_json": piece}}
	},
	using: "tool_use",
	end: func(finish string, u *Usage) []any {
		d := doc{"type": "message_delta", "delta": doc{"stop_reason": finish}}
		if u != nil {
			d["usage"] = doc{"input_tokens": u.Input, "output_tokens": u.Output}
		}
		return []any{d, doc{"type": "message_stop"}}
	},
	finish: "end_turn",
	named:  true,
}

func openAICall(d doc) doc {
	return doc{"object": "chat.completion.chunk", "choices": []any{doc{"index": 0, "delta": doc{"tool_calls": []any{d}}}}}
}

func (c Call) id(i int) string { return cmp.Or(c.ID, "call_"+strconv.Itoa(i)) }

// player sends one answer.
type player struct {
	w      io.Writer
	flush  *http.ResponseController
	gone   <-chan struct{}
	script Script
	f      frames
}

// play reports whether the client stayed to the end.
func (p *player) play(model string) bool {
	if !p.all(p.f.begin(model)) || !p.pause(p.script.First) {
		return false
	}
	for _, t := range p.script.Reasoning {
		if !p.one(p.f.token(true, t)) || !p.pause(p.script.Gap) {
			return false
		}
	}
	for i, t := range p.script.Tokens {
		if i > 0 && !p.pause(p.script.Gap) {
			return false
		}
		if p.script.Stamp {
			t = "@" + strconv.FormatInt(time.Now().UnixNano(), 10) + " " + t
		}
		if !p.one(p.f.token(false, t)) {
			return false
		}
		switch i + 1 {
		case p.script.BreakAt:
			panic(http.ErrAbortHandler) // the connection closes without an end
		case p.script.HoldAt:
			<-p.gone
			return false
		}
	}
	if !p.calls() {
		return false
	}
	finish := p.script.Finish
	switch {
	case finish != "":
	case len(p.script.Calls) > 0:
		finish = p.f.using
	default:
		finish = p.f.finish
	}
	if !p.all(p.f.end(finish, p.script.Usage)) {
		return false
	}
	_, err := io.WriteString(p.w, p.f.mark)
	return err == nil
}

// argsPiece is how many characters of arguments are sent at once.
const argsPiece = 7

func (p *player) calls() bool {
	sent := 0
	for i, c := range p.script.Calls {
		if !p.all(p.f.call(i, c)) {
			return false
		}
		for piece := range slices.Chunk([]rune(c.Args), argsPiece) {
			if !p.one(p.f.args(i, string(piece))) || !p.pause(p.script.Gap) {
				return false
			}
			if sent++; sent == p.script.BreakIn {
				panic(http.ErrAbortHandler)
			}
		}
	}
	return true
}

func (p *player) pause(d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-p.gone:
		return false
	}
}

func (p *player) all(events []any) bool {
	for _, e := range events {
		if !p.one(e) {
			return false
		}
	}
	return true
}

// one writes an event and sends it off at once.
func (p *player) one(e any) bool {
	b, err := json.Marshal(e)
	if err != nil {
		panic(err) // only maps and strings of this file
	}
	head := "data: "
	if p.f.named {
		head = "event: " + e.(doc)["type"].(string) + "\ndata: "
	}
	if _, err := io.WriteString(p.w, head+string(b)+"\n\n"); err != nil {
		return false
	}
	return p.flush.Flush() == nil
}
