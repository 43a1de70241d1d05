package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"sync/atomic"
)

// Message is an event of the agent, or a question that waits for a reply.
type Message struct {
	Type    string // e.g. "message.delta"; of a question its method, e.g. "approval"
	Session string // runtime id; "" = of the whole process
	Payload json.RawMessage
	// Spilled is the file with the whole frame where the message was over Limit;
	// Payload then has the beginning. The receiver removes the file.
	Spilled string
	Request *Request // nil = an event
}

// Request is a question of the agent that it waits on. Exactly one Reply or
// Refuse counts; later ones do nothing.
type Request struct {
	id      json.RawMessage
	method  string
	client  *Client
	replied atomic.Bool
}

// ID is the agent's id of the request, as the event request.cancel names it.
func (r *Request) ID() string {
	var s string
	if json.Unmarshal(r.id, &s) != nil {
		return string(r.id)
	}
	return s
}

// Reply answers the question.
func (r *Request) Reply(ctx context.Context, result any) error {
	return r.respond(ctx, reply{Version: version, ID: r.id, Result: result})
}

// Refuse answers the question with an error.
func (r *Request) Refuse(ctx context.Context, code int, text string) error {
	return r.respond(ctx, refusal{Version: version, ID: r.id, Error: Error{Code: code, Message: text}})
}

func (r *Request) respond(ctx context.Context, body any) error {
	if r.replied.Swap(true) {
		return nil
	}
	r.client.forget(r.id)
	frame, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("encode a reply to %s: %w", r.method, err)
	}
	return r.client.send(ctx, frame)
}

const version = "2.0"

type (
	call struct {
		Version string `json:"jsonrpc"`
		ID      uint64 `json:"id"`
		Method  string `json:"method"`
		Params  any    `json:"params"`
	}
	reply struct {
		Version string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Result  any             `json:"result"`
	}
	refusal struct {
		Version string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Error   Error           `json:"error"`
	}
	// incoming is any frame of the agent.
	incoming struct {
		ID     json.RawMessage `json:"id"`
		Method string          `json:"method"`
		Params json.RawMessage `json:"params"`
		Result json.RawMessage `json:"result"`
		Error  *Error          `json:"error"`
	}
	// about is what the parameters of events and questions have in common.
	about struct {
		Type    string          `json:"type"`
		Session string          `json:"session_id"`
		Payload json.RawMessage `json:"payload"`
	}
)

// own returns the number of a call of ours.
func (f *incoming) own() (uint64, bool) {
	n, err := strconv.ParseUint(string(f.ID), 10, 64)
	return n, err == nil
}

func (f *incoming) hasID() bool { return given(f.ID) }

// given tells a value from one that is missing or null.
func given(raw json.RawMessage) bool {
	return len(raw) > 0 && !bytes.Equal(raw, []byte("null"))
}

// discard removes the file of a message that nobody gets.
func (m *Message) discard() {
	if m.Spilled != "" {
		_ = os.Remove(m.Spilled)
	}
}
