package direct

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

var errNotJSON = errors.New("direct: answer is not JSON")

// trouble is an error as a server reports it, in a refusal or inside a stream.
type trouble struct {
	status int    // of HTTP, or what the kind corresponds to
	kind   string // the server's name of it
	words  string // the server's sentence
	window int64  // tokens that the model has room for, where a member says so; 0 = not said
}

func (t trouble) Error() string { return "direct: the provider reports " + strconv.Itoa(t.status) }

// troubleIn reads an error in any of the forms that servers give it.
func troubleIn(data []byte) trouble {
	var doc any
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if d.Decode(&doc) != nil {
		return trouble{words: string(data)}
	}
	t := walk(doc, 4)
	if t.status == 0 {
		t.status = statusOf(t.kind)
	}
	return t
}

// walk looks for sentence, kind and status; deep bounds the nesting.
func walk(v any, deep int) trouble {
	if deep == 0 {
		return trouble{}
	}
	switch v := v.(type) {
	case string:
		return trouble{words: v}
	case []any:
		if len(v) > 0 {
			return walk(v[0], deep-1)
		}
	case map[string]any:
		return walkMembers(v, deep)
	}
	return trouble{}
}

func walkMembers(m map[string]any, deep int) trouble {
	if e, ok := m["error"]; ok {
		if t := walk(e, deep-1); t.words != "" || t.kind != "" {
			return t
		}
	}
	var t trouble
	if n, ok := m["n_ctx"].(json.Number); ok { // llama.cpp
		t.window, _ = n.Int64() // 0 where it is none
	}
	for _, name := range []string{"message", "msg", "detail"} {
		if t.words == "" {
			t.words = walk(m[name], deep-1).words
		}
	}
	for _, name := range []string{"code", "status", "status_code", "type"} {
		switch v := m[name].(type) {
		case json.Number:
			t.status = atStatus(t.status, v.String())
		case string:
			t.status = atStatus(t.status, v)
			if t.kind == "" || statusOf(t.kind) == 0 {
				t.kind = v
			}
		}
	}
	return t
}

// atStatus keeps the first number that is a status of an error.
func atStatus(old int, s string) int {
	n, err := strconv.Atoi(s)
	if old != 0 || err != nil || n < 400 || n > 599 {
		return old
	}
	return n
}

// statusOf gives the names of errors the status they come with elsewhere; 0
// where a name says nothing.
func statusOf(kind string) int {
	switch strings.ToLower(kind) {
	case "authentication_error", "invalid_api_key", "unauthorized", "unauthenticated":
		return 401
	case "permission_error", "permission_denied", "forbidden":
		return 403
	case "not_found_error", "model_not_found":
		return 404
	case "rate_limit_error", "rate_limit_exceeded", "too_many_requests", "insufficient_quota", "resource_exhausted":
		return 429
	case "api_error", "server_error", "internal_error", "internal_server_error", "internalservererror":
		return 500
	case "service_unavailable", "unavailable", "timeout_error":
		return 503
	case "overloaded_error", "engine_overloaded":
		return 529
	default:
		return 0
	}
}

// maxWords is how much of a server's sentence is shown, in characters.
const maxWords = 300

// secretLike matches what looks like a key, also one that the server shortened.
var secretLike = regexp.MustCompile(`(?i)\b(?:sk|pk|rk|gsk|xai|key|api|hf|r8|nvapi)[-_][A-Za-z0-9_*.\-]{6,}|Bearer\s+\S+|\bAIza[\w\-]{20,}`)

// shown makes a server's words fit to be shown: no key, no control characters,
// not long.
func shown(words, key string) string {
	if key != "" {
		words = strings.ReplaceAll(words, key, "[key]")
	}
	words = secretLike.ReplaceAllString(words, "[key]")
	words = strings.Join(strings.FieldsFunc(words, func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r)
	}), " ")
	if r := []rune(words); len(r) > maxWords {
		words = strings.TrimSpace(string(r[:maxWords])) + "…"
	}
	return words
}
