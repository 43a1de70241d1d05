// Package modeltest is a model server for tests: it speaks the Chat Completions
// and the Messages protocol on loopback, says what a Script tells it to, and
// records what it was asked. It has no model in it.
package modeltest

import (
	"net/http"
	"time"
)

// Script is one answer.
type Script struct {
	Reasoning []string      // sent before the tokens
	Tokens    []string      //
	First     time.Duration // before the first token
	Gap       time.Duration // between tokens
	Stamp     bool          // puts "@<unix nanoseconds> ", the moment of sending, before each token
	Usage     *Usage        // sent at the end; nil = none
	Finish    string        // finish reason; "" = that of an ordinary end
	BreakAt   int           // closes the connection after so many tokens; 0 = never
	Calls     []Call        // sent after the tokens, their arguments in pieces
	BreakIn   int           // closes the connection after so many pieces of arguments; 0 = never
	HoldAt    int           // after so many tokens waits until the client leaves; 0 = never

	Status int         // other than 200: a refusal with Header and Body
	Header http.Header // added to the answer's
	Body   string      // with Status 200: sent as it is, in place of an answer
	Type   string      // Content-Type of Body; "" = text/event-stream, application/json for refusals
}

// Usage is what an answer cost, in tokens.
type Usage struct{ Input, Output int }

// Call is a use of a tool.
type Call struct {
	ID   string // "" = call_ and its place in the answer
	Name string
	Args string // as the model writes them; need not be JSON
}

// Use is a Script of calls: names and arguments in turn.
func Use(namesAndArgs ...string) Script {
	s := Script{Usage: &Usage{Input: 7, Output: len(namesAndArgs)}}
	for i := 0; i+1 < len(namesAndArgs); i += 2 {
		s.Calls = append(s.Calls, Call{Name: namesAndArgs[i], Args: namesAndArgs[i+1]})
	}
	return s
}

// Say is a Script of tokens without pauses and with usage.
func Say(tokens ...string) Script {
	return Script{Tokens: tokens, Usage: &Usage{Input: 7, Output: len(tokens)}}
}

// Refuse is a Script of an error. pairs are names and values of headers.
func Refuse(status int, body string, pairs ...string) Script {
	h := http.Header{}
	for i := 0; i+1 < len(pairs); i += 2 {
		h.Set(pairs[i], pairs[i+1])
	}
	return Script{Status: status, Body: body, Header: h}
}

// Raw is a Script of a body as it is.
func Raw(body string) Script { return Script{Body: body} }

// Always answers every question with s.
func Always(s Script) func(Request) Script { return func(Request) Script { return s } }

// InOrder answers the nth question with the nth script, and goes on with the
// last one.
func InOrder(list ...Script) func(Request) Script {
	return func(r Request) Script { return list[min(r.N, len(list)-1)] }
}

// Dialogue answers by how far a turn has come: the nth question since the last
// prompt gets the nth script, and what follows the last one.
func Dialogue(list ...Script) func(Request) Script {
	return func(r Request) Script { return list[min(r.Asked().Rounds(), len(list)-1)] }
}

// Aside answers questions with a system text and without tools, as those for
// titles and summaries are, with another script than the rest.
func Aside(other Script, answer func(Request) Script) func(Request) Script {
	return func(r Request) Script {
		if a := r.Asked(); len(a.Tools) == 0 && a.System != "" {
			return other
		}
		return answer(r)
	}
}
