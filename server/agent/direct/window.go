package direct

import (
	"regexp"
	"strconv"
	"strings"
)

// excess is what a server says of a question that is too long; 0 = it does not
// say.
type excess struct{ sent, window int64 } // tokens

// longKinds are the names that servers have for it.
var longKinds = []string{"context_length_exceeded", "exceed_context_size_error", "context_window_exceeded", "request_too_large", "string_above_max_length"}

// longWords are their words, in small letters.
var longWords = []string{
	"context length", "context window", "context size", "context limit", "maximum context", "context_length",
	"prompt is too long", "prompt too long", "input is too long", "input too long", "too many tokens", "too many input tokens",
	"reduce the length", "reduce your message size", "token count", "exceeds the maximum number of tokens", "exceeds maximum number of tokens",
	"request too large", "the context overflows", "context the overflows", "input length exceeds", "maximum prompt length", "maximum input length",
}

// excessOf reports whether a server refused a question for its length, and what
// it says of that. The status is no help: servers use 400, 413, 422, 429 and 500.
func excessOf(t trouble) (excess, bool) {
	words := strings.ToLower(t.words)
	limited := t.status == 429 && strings.Contains(words, "request too large") // larger than what is allowed in a minute
	if !aboutRequest(t) && !limited {
		return excess{}, false
	}
	if !has(strings.ToLower(t.kind), longKinds...) && !has(words, longWords...) {
		return excess{}, false
	}
	words = thousands.ReplaceAllString(words, "$1$2")
	e := excess{sent: number(words, sentWords), window: number(words, windowWords)}
	if t.window > 0 {
		e.window = t.window
	}
	return e, true
}

// tooLong is excessOf for those who need no numbers.
func tooLong(t trouble) bool {
	_, ok := excessOf(t)
	return ok
}

var (
	thousands = regexp.MustCompile(`(\d)[,_'](\d{3})`)

	windowWords = []*regexp.Regexp{
		regexp.MustCompile(`tokens? > (\d+)`),                                                                   // Anthropic
		regexp.MustCompile(`exceed context limit: [\d +]+> (\d+)`),                                              // Anthropic, with max_tokens
		regexp.MustCompile(`maximum (?:context|prompt|input) length (?:is|of) (?:only )?(\d+)`),                 // OpenAI, vLLM, OpenRouter, xAI
		regexp.MustCompile(`(\d+) maximum context`),                                                             // Mistral
		regexp.MustCompile(`tokens allowed \(?(\d+)`),                                                           // Gemini
		regexp.MustCompile(`context (?:size|length|window|limit)(?: limit)?(?: of| is|:)?(?: only)? ?\(?(\d+)`), // llama.cpp, LM Studio, Ollama
		regexp.MustCompile(`n_ctx\D{0,4}(\d+)`),
		regexp.MustCompile(`limit:? (\d+)`), // Groq
	}
	sentWords = []*regexp.Regexp{
		regexp.MustCompile(`\((\d+) in the messages`),
		regexp.MustCompile(`(\d+) tokens? >`),
		regexp.MustCompile(`resulted in (\d+) tokens`),
		regexp.MustCompile(`contains (?:at least )?(\d+) (?:input )?tokens`),
		regexp.MustCompile(`request \((\d+) tokens`),
		regexp.MustCompile(`token count \(?(\d+)`),
		regexp.MustCompile(`requested (?:about )?(\d+)`),
	}
)

// number returns what the first pattern finds that finds something plausible.
func number(words string, patterns []*regexp.Regexp) int64 {
	for _, p := range patterns {
		m := p.FindStringSubmatch(words)
		if m == nil {
			continue
		}
		if n, err := strconv.ParseInt(m[1], 10, 64); err == nil && n >= minWindow && n < maxWindow {
			return n
		}
	}
	return 0
}

// minWindow is below any real window, in tokens.
const minWindow = 256
