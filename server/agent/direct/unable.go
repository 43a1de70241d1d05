package direct

import (
	"net/http"
	"strings"
)

// Servers have no code for "this model cannot": they say it in words, each in
// its own. A refusal that is taken for one of these by mistake costs one more
// request, and the person is told what was left out.

// noTools reports whether a server refused because the model has no tools.
func noTools(t trouble) bool {
	if !aboutRequest(t) {
		return false
	}
	words := strings.ToLower(t.words)
	return has(words, "tool", "function call", "function_call", "functions") &&
		has(words, "not support", "n't support", "unsupported", "support tool use", "support for tool", "not enabled", "not available",
			"requires --", "requires jinja", "--jinja", "--enable-auto-tool-choice", "not allowed", "not permitted",
			"unknown field", "unrecognized", "unexpected", "extra inputs", "unknown parameter", "without tool")
}

// blindOf reports whether a server refused because of the pictures.
func blindOf(t trouble) bool {
	if !aboutRequest(t) {
		return false
	}
	words := strings.ToLower(t.words)
	return has(words, "image", "vision", "multimodal", "multi-modal", "mmproj", "picture") ||
		// Those that know only strings for content.
		strings.Contains(words, "content") && has(words, "a string", "valid string", "string type", "sequence, expected")
}

// aboutRequest reports whether a refusal may be about what was asked: not about
// who asks, how often, or whether the server is well. Some local servers answer
// 500 to everything that they cannot do.
func aboutRequest(t trouble) bool {
	switch t.status {
	case 0, http.StatusBadRequest, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusRequestEntityTooLarge,
		http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity, http.StatusInternalServerError, http.StatusNotImplemented:
		return true
	default:
		return false
	}
}

// has reports whether text has one of the words in it.
func has(text string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}
