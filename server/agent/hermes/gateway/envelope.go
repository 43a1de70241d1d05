package gateway

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// Codes of errors that callers tell apart. The others are in the agent's words.
const (
	CodeUnknownMethod = -32601
	CodeNoSession     = 4001 // the runtime session is not known any more
	CodeBadParams     = 4000
	CodeNoStored      = 4007 // the stored session is not there
	CodeBusy          = 4009 // session busy, or no such pending request
	CodeGoneTarget    = 4018 // what to truncate at is not there; or no command of that kind
)

var (
	// ErrGone says that the agent has gone: nothing answers any more.
	ErrGone = errors.New("the agent has gone")
	// ErrUnknownMethod is what an Error of CodeUnknownMethod wraps: this release
	// of the agent cannot do it.
	ErrUnknownMethod = errors.New("the agent does not know the method")
)

// Error is an agent's refusal of a call.
type Error struct {
	Code    int
	Message string
}

func (e *Error) Error() string { return fmt.Sprintf("the agent refused (%d): %s", e.Code, e.Message) }

func (e *Error) Unwrap() error {
	if e.Code == CodeUnknownMethod {
		return ErrUnknownMethod
	}
	return nil
}

// envelope is what of a frame says where it goes.
type envelope struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	} `json:"error"`
}

type eventParams struct {
	Type    string          `json:"type"`
	Session string          `json:"session_id"`
	Payload json.RawMessage `json:"payload"`
}

// headOf reads the envelope of a frame of which only the beginning is at hand: up
// to what is long. Agents write the short members first.
func headOf(data []byte) (envelope, eventParams) {
	var e envelope
	var p eventParams
	dec := json.NewDecoder(bytes.NewReader(data))
	inner := false
	for {
		key, err := dec.Token()
		if err != nil {
			return e, p
		}
		name, isName := key.(string)
		if !isName {
			continue // the brackets around the members
		}
		switch {
		case name == "payload" || name == "result":
			return e, p
		case name == "params" && !inner:
			inner = true
			continue
		}
		var value json.RawMessage
		if dec.Decode(&value) != nil {
			return e, p
		}
		switch {
		case name == "id" && !inner:
			e.ID = value
		case name == "method" && !inner:
			_ = json.Unmarshal(value, &e.Method)
		case name == "type":
			_ = json.Unmarshal(value, &p.Type)
		case name == "session_id":
			_ = json.Unmarshal(value, &p.Session)
		}
	}
}
