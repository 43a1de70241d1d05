// Package fault gives every error a person can meet three things: a kind that
// callers branch on, a stable code for clients, and a sentence for people that
// says what happened and what to do. The cause is kept for the log and is
// never sent.
package fault

import (
	"errors"
	"fmt"
	"time"
)

// Kind says whose fault an error is. Only the transport maps it to a status.
type Kind uint8

const (
	Internal    Kind = iota // ours; 500
	Invalid                 // the caller's input; 422 (400 when it cannot be read at all)
	Denied                  // not allowed; 403
	NotFound                // no such thing; 404
	Gone                    // there was such a thing; 410
	Conflict                // clashes with what is there now; 409
	TooLarge                // 413
	Unsupported             // wrong media type; 415
	Unavailable             // not now, retrying may help; 503
)

// Error is an error with a kind, a stable code and a sentence for people.
type Error struct {
	Kind  Kind
	Code  Code
	Text  string         // safe to show
	Retry time.Duration  // how long to wait before trying again; 0: not said
	More  map[string]any // extra members of the answer, e.g. the other draft
	Err   error          // cause; only ever logged
}

func (e *Error) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("%s: %s", e.Code, e.Text)
	}
	return fmt.Sprintf("%s: %s: %v", e.Code, e.Text, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// New returns an error of a kind. Text is shown to people.
func New(kind Kind, code Code, text string) *Error {
	return &Error{Kind: kind, Code: code, Text: text}
}

// Wrap is New with a cause that is logged and never sent.
func Wrap(err error, kind Kind, code Code, text string) *Error {
	return &Error{Kind: kind, Code: code, Text: text, Err: err}
}

// With adds a member to the answer and returns e.
func (e *Error) With(key string, value any) *Error {
	if e.More == nil {
		e.More = map[string]any{}
	}
	e.More[key] = value
	return e
}

// KindOf reports the kind of err; an error that says nothing is Internal.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// CodeOf reports the code of err; an error that says nothing is CodeInternal.
func CodeOf(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return CodeInternal
}
