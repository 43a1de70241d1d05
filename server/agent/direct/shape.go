package direct

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// shaped returns the messages in a form that all protocols take: roles
// alternate, no message and no words are empty, results stand before words.
// Without tools their uses are told in words, because a request that has no
// tools may have no uses of them either.
func shaped(list []message, tools bool) []message {
	if !tools {
		list = worded(list)
	}
	var out []message
	for _, m := range list {
		out = follow(out, m)
	}
	return out
}

// follow puts a message behind others. One of the same role is joined with the
// last, which then counts to the turn of the new one.
func follow(list []message, m message) []message {
	m.pieces = filled(m.pieces)
	if len(m.pieces) == 0 {
		return list
	}
	n := len(list)
	if n == 0 || list[n-1].role != m.role {
		return append(list, m)
	}
	last := list[n-1]
	m.pieces = joined(last.pieces, m.pieces)
	return append(list[:n-1:n-1], m)
}

// filled returns the pieces that say something.
func filled(pieces []piece) []piece {
	var out []piece
	for _, p := range pieces {
		if w, ok := p.(words); ok && strings.TrimSpace(string(w)) == "" {
			continue
		}
		out = append(out, p)
	}
	return out
}

// joined puts pieces behind others: words that meet become one piece, results
// go to the front.
func joined(a, b []piece) []piece {
	var results, rest []piece
	for _, p := range append(a[:len(a):len(a)], b...) {
		if r, ok := p.(result); ok {
			results = append(results, r)
			continue
		}
		w, ok := p.(words)
		if n := len(rest); ok && n > 0 {
			if before, ok := rest[n-1].(words); ok {
				rest[n-1] = before + "\n\n" + w
				continue
			}
		}
		rest = append(rest, p)
	}
	return append(results, rest...)
}

// worded tells calls and their results in words. They stand in the user's
// message: in its own the model would learn to write them.
func worded(list []message) []message {
	asked := map[string]call{}
	var out []message
	for _, m := range list {
		next := message{role: m.role, turn: m.turn}
		for _, p := range m.pieces {
			switch p := p.(type) {
			case call:
				asked[p.id] = p
			case result:
				next.pieces = append(next.pieces, words(callNote(asked[p.id], p)))
			case thought:
			case words, image:
				next.pieces = append(next.pieces, p)
			}
		}
		next.pieces = joined(nil, next.pieces)
		out = append(out, next)
	}
	return out
}

// callNote tells in words what became of a call.
func callNote(c call, r result) string {
	args := string(bytes.TrimSpace(c.args))
	if args == "" || args == "null" || args == "{}" {
		args = "no arguments"
	}
	outcome := "result"
	if r.failed {
		outcome = "failed"
	}
	return fmt.Sprintf("[Tool call %s with %s: %s: %s]", r.name, args, outcome, r.text)
}

// object returns a call's arguments as the object that protocols and templates
// demand. What the model wrote in place of one is lost to it; the result says
// what was wrong.
func (c call) object() json.RawMessage {
	args := bytes.TrimSpace(c.args)
	if len(args) == 0 || args[0] != '{' || !json.Valid(args) {
		return json.RawMessage("{}")
	}
	return args
}

// maxName is how long providers let the name of a tool be, in characters.
const maxName = 64

// sent returns a call's name as providers take one. Models make names up, and
// other agents have names with blanks: sent as they are, one of them in the
// history would have every later question of the session refused. The result
// says what the name was.
func (c call) sent() string {
	name := []byte(c.name)
	for i, b := range name {
		if b >= utf8.RuneSelf || b != '_' && b != '-' && !letterOrDigit(rune(b)) {
			name[i] = '_'
		}
	}
	if len(name) == 0 {
		return "_"
	}
	return string(name[:min(len(name), maxName)])
}

// schema returns a tool's schema, never empty.
func schema(raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 {
		return json.RawMessage(`{"type":"object","properties":{}}`)
	}
	return raw
}
