package direct

import (
	"net/http"
	"net/url"
	"strings"
)

// Kind is the protocol of an endpoint.
type Kind string

const (
	OpenAI    Kind = "openai"    // POST {base}/chat/completions
	Anthropic Kind = "anthropic" // POST {base}/v1/messages
)

// Endpoint is where a model is reached.
type Endpoint struct {
	ID      string
	Name    string // for people
	Kind    Kind
	BaseURL string
	Key     func() string // never nil; "" for servers that need none. A function, so that no print shows it
	KeyAt   string        // where a person changes the key, e.g. "under Settings, Models and providers"
	Model   string        // default; "" = the first of the list
}

// Providers gives the endpoints that are set up, in order of preference. It is
// asked for every turn and must be quick.
type Providers interface {
	Endpoints() []Endpoint
}

// host is what people are told about where a request went.
func (e Endpoint) host() string {
	u, err := url.Parse(e.BaseURL)
	if err != nil {
		return e.ID
	}
	return u.Host
}

// title names the provider for people: what it is and where.
func (e Endpoint) title() string { return e.Name + " (" + e.host() + ")" }

// at returns the address of a call. People give addresses with and without /v1;
// both work: OpenAI's style has it in the address, Anthropic's has not.
func (e Endpoint) at(call string) string {
	base := strings.TrimRight(e.BaseURL, "/")
	if e.Kind == Anthropic {
		return strings.TrimSuffix(base, "/v1") + "/v1/" + call
	}
	if u, err := url.Parse(base); err == nil && u.Path == "" {
		base += "/v1"
	}
	return base + "/" + call
}

// sign adds the key, and what else every request of the protocol carries.
func (e Endpoint) sign(h http.Header) {
	key := e.Key()
	if e.Kind == Anthropic {
		h.Set("anthropic-version", "2023-06-01")
		if key != "" {
			h.Set("x-api-key", key)
		}
		return
	}
	if key != "" {
		h.Set("Authorization", "Bearer "+key)
	}
}
