package direct

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hermes-webui/server/agent"
)

// listed is one entry of a list of models, in the words of all servers that are
// known to tell more than an id. What has another form than expected says
// nothing: no entry may cost the list.
type listed struct {
	ID      prose `json:"id"`
	Display prose `json:"display_name"`
	Name    prose `json:"name"`
	Type    prose `json:"type"`
	Owner   prose `json:"owned_by"`
	State   prose `json:"state"` // LM Studio

	ContextLength  amount `json:"context_length"`     // OpenRouter, Together
	ContextWindow  amount `json:"context_window"`     // Groq
	MaxContext     amount `json:"max_context_length"` // Mistral; LM Studio means what the model could have
	MaxModelLen    amount `json:"max_model_len"`      // vLLM
	MaxInputTokens amount `json:"max_input_tokens"`   // Anthropic

	Pricing      loose[pricing]      `json:"pricing"`      // OpenRouter, Together
	Architecture loose[architecture] `json:"architecture"` // OpenRouter
	Parameters   loose[[]string]     `json:"supported_parameters"`
	Capabilities loose[capabilities] `json:"capabilities"` // Mistral, Anthropic
}

type (
	// pricing is in US dollars: OpenRouter's per token, Together's per million.
	pricing struct {
		Prompt     *amount `json:"prompt"`
		Completion *amount `json:"completion"`
		CacheRead  amount  `json:"input_cache_read"`
		Input      *amount `json:"input"`
		Cached     amount  `json:"cached_input"`
		Output     *amount `json:"output"`
	}
	architecture struct {
		Input  []string `json:"input_modalities"`
		Output []string `json:"output_modalities"`
	}
	capabilities struct {
		Chat     loose[*bool]   `json:"completion_chat"` // Mistral
		Vision   loose[*bool]   `json:"vision"`          // Mistral
		Image    loose[support] `json:"image_input"`     // Anthropic
		Thinking loose[support] `json:"thinking"`        // Anthropic
	}
	support struct {
		Supported *bool `json:"supported"`
	}
)

// loose is a member that says nothing when it has another form.
type loose[T any] struct{ is T }

func (l *loose[T]) UnmarshalJSON(b []byte) error {
	var v T
	if json.Unmarshal(b, &v) == nil {
		l.is = v
	}
	return nil
}

// amount is a number, which some servers write as a string. 0 = none.
type amount float64

func (a *amount) UnmarshalJSON(b []byte) error {
	*a = 0
	if n, err := strconv.ParseFloat(string(bytes.Trim(b, `"`)), 64); err == nil && n-n == 0 {
		*a = amount(n)
	}
	return nil
}

// maxWindow is far above any real window, in tokens.
const maxWindow = 1 << 30

// tokens returns the first amount that can be a window.
func tokens(of ...amount) int64 {
	for _, a := range of {
		if a >= 1 && a < maxWindow {
			return int64(a)
		}
	}
	return 0
}

// offer is a model as a list has it, with what only tells its server.
type offer struct {
	agent.Model
	owner string
}

// parseModels reads {"data":[…]}, {"models":[…]} or a bare list, and leaves out
// what does not chat.
func parseModels(e Endpoint, raw []byte) ([]offer, error) {
	var doc struct {
		Data   []listed `json:"data"`
		Models []listed `json:"models"`
	}
	var bare []listed
	if json.Unmarshal(raw, &bare) != nil {
		if json.Unmarshal(raw, &doc) != nil {
			return nil, errNotJSON
		}
		if bare = doc.Data; bare == nil {
			bare = doc.Models
		}
	}
	out := make([]offer, 0, len(bare))
	for _, m := range bare {
		id := repaired(m.ID.text)
		if id == "" || !m.talks() {
			continue
		}
		out = append(out, offer{e.judged(m.model(e, id)), m.Owner.text})
	}
	return out, nil
}

func (m listed) model(e Endpoint, id string) agent.Model {
	out := agent.Model{
		ID: e.ID + "/" + id, Name: m.title(), Provider: e.ID,
		Window: tokens(m.ContextLength, m.ContextWindow, m.MaxModelLen, m.MaxInputTokens),
		Images: m.images(), Price: m.price(),
	}
	if out.Window == 0 && m.State.text == "" {
		out.Window = tokens(m.MaxContext)
	}
	thinks := m.Capabilities.is.Thinking.is.Supported
	if slices.Contains(m.Parameters.is, "reasoning") || thinks != nil && *thinks {
		out.Efforts = efforts()
	}
	if thinks != nil && !*thinks {
		out.Efforts = []string{}
	}
	return out
}

// efforts are the levels that both protocols can be asked for.
func efforts() []string { return []string{"low", "medium", "high"} }

func (m listed) title() string {
	for _, p := range []prose{m.Display, m.Name} {
		if p.text != "" {
			return repaired(p.text)
		}
	}
	return repaired(m.ID.text)
}

func (m listed) images() agent.Sight {
	if in := m.Architecture.is.Input; len(in) > 0 {
		return sight(slices.Contains(in, "image"))
	}
	for _, told := range []*bool{m.Capabilities.is.Vision.is, m.Capabilities.is.Image.is.Supported} {
		if told != nil {
			return sight(*told)
		}
	}
	return agent.SightUnknown
}

func sight(sees bool) agent.Sight {
	if sees {
		return agent.Sees
	}
	return agent.Blind
}

// price returns what the list tells; a negative one is how OpenRouter says that
// it depends.
func (m listed) price() *agent.Price {
	p := m.Pricing.is
	var out agent.Price
	switch {
	case p.Prompt != nil && p.Completion != nil:
		out = agent.Price{Input: perMillion(*p.Prompt), Cached: perMillion(p.CacheRead), Output: perMillion(*p.Completion)}
	case p.Input != nil && p.Output != nil:
		out = agent.Price{Input: float64(*p.Input), Cached: float64(p.Cached), Output: float64(*p.Output)}
	default:
		return nil
	}
	if out.Input < 0 || out.Output < 0 || out.Cached < 0 {
		return nil
	}
	return &out
}

// perMillion is rounded to a millionth: 0.00000015 is 0.15 and not
// 0.15000000000000002.
func perMillion(perToken amount) float64 {
	n, _ := strconv.ParseFloat(strconv.FormatFloat(float64(perToken)*million, 'f', 6, 64), 64)
	return n
}

// silent are pieces of names of models that do not chat. Lists mix them in and
// mostly do not say so.
var silent = []string{
	"embed", "whisper", "tts", "dall-e", "rerank", "moderation", "transcribe", "realtime", "-audio", "image",
	"babbage", "davinci", "sora",
}

func (m listed) talks() bool {
	switch m.Type.text {
	case "embedding", "embeddings", "image", "audio", "rerank", "moderation", "transcribe", "video":
		return false
	}
	if chats := m.Capabilities.is.Chat.is; chats != nil && !*chats {
		return false
	}
	if out := m.Architecture.is.Output; len(out) > 0 && !slices.Contains(out, "text") {
		return false
	}
	id := strings.ToLower(m.ID.text)
	return !slices.ContainsFunc(silent, func(s string) bool { return strings.Contains(id, s) })
}

var (
	// claudeThinks are the families that have extended thinking, and openAIThinks
	// those that take reasoning_effort, as the makers document them. The lists do
	// not say it.
	claudeThinks = regexp.MustCompile(`^claude-(3-7-sonnet|(opus|sonnet|haiku)-[4-9])`)
	openAIThinks = regexp.MustCompile(`^(o[1-9]|gpt-5)`)
	openAIPlain  = regexp.MustCompile(`^(o1-mini|o1-preview)|chat|search|deep-research`)
)

// claudeWindow is what Anthropic documents for all its models, in tokens.
const claudeWindow = 200_000

// judged adds what is known of a maker's own models, and that a server on this
// machine costs nothing. What the list told is not touched.
func (e Endpoint) judged(m agent.Model) agent.Model {
	id := strings.TrimPrefix(m.ID, e.ID+"/")
	switch {
	case e.Kind == Anthropic && e.hostname() == "api.anthropic.com":
		if m.Window == 0 {
			m.Window = claudeWindow
		}
		if m.Images == agent.SightUnknown {
			m.Images = agent.Sees
		}
		if m.Efforts == nil && claudeThinks.MatchString(id) {
			m.Efforts = efforts()
		}
	case e.Kind == OpenAI && e.hostname() == "api.openai.com":
		if m.Efforts == nil && openAIThinks.MatchString(id) && !openAIPlain.MatchString(id) {
			m.Efforts = efforts()
		}
	}
	if m.Price == nil && loopback(e.hostname()) {
		m.Price = &agent.Price{}
	}
	if m.Efforts == nil {
		m.Efforts = []string{}
	}
	return m
}
