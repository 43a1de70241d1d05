package provider

// known is a provider that the program offers, or one that a person added.
type known struct {
	id, name string
	kind     Kind
	url      string // the provider's own address; of a custom one ""
	other    string // name when the address is another one
	env      setting
	keyVar   string // environment variable of the key; "" = there is none
	urlVar   string // and of the address
	model    string
	local    bool // url is only where it is mostly found: it counts once it is stored
	custom   bool
}

// offered are the providers that the program brings, in order of preference: the
// two whose protocols are spoken, then who passes on to many, then servers on
// this machine, the most common first. Custom ones follow, by id. The first one
// that is ready is asked where nobody has chosen a model.
func offered(env Env) []known {
	return append([]known{
		{
			id: "openai", name: "OpenAI", kind: OpenAI, url: "https://api.openai.com/v1", other: "OpenAI-compatible server",
			env: setting{env.OpenAIBaseURL, env.OpenAIKey.trimmed()}, keyVar: "OPENAI_API_KEY", urlVar: "OPENAI_BASE_URL", model: env.OpenAIModel,
		},
		{
			id: "anthropic", name: "Anthropic", kind: Anthropic, url: "https://api.anthropic.com", other: "Anthropic-compatible server",
			env: setting{env.AnthropicBaseURL, env.AnthropicKey.trimmed()}, keyVar: "ANTHROPIC_API_KEY", urlVar: "ANTHROPIC_BASE_URL",
		},
		{
			id: "openrouter", name: "OpenRouter", kind: OpenAI, url: "https://openrouter.ai/api/v1", other: "OpenRouter-compatible server",
			env: setting{"", env.OpenRouterKey.trimmed()}, keyVar: "OPENROUTER_API_KEY",
		},
	}, onThisMachine()...)
}

// onThisMachine are servers of models with the addresses that they have unless
// somebody changed them.
func onThisMachine() []known {
	return []known{
		{id: "ollama", name: "Ollama", kind: OpenAI, url: "http://127.0.0.1:11434/v1", other: "Ollama", local: true},
		{id: "lmstudio", name: "LM Studio", kind: OpenAI, url: "http://127.0.0.1:1234/v1", other: "LM Studio", local: true},
		{id: "llamacpp", name: "llama.cpp", kind: OpenAI, url: "http://127.0.0.1:8080/v1", other: "llama.cpp", local: true},
		{id: "vllm", name: "vLLM", kind: OpenAI, url: "http://127.0.0.1:8000/v1", other: "vLLM", local: true},
	}
}

// modelAt returns the environment's default model, which belongs to the
// environment's address only.
func (k known) modelAt(baseURL string) string {
	if origin(baseURL, k.url) != origin(k.env.baseURL, k.url) {
		return ""
	}
	return k.model
}

func (k known) keyAt(source Source) string {
	if source == FromEnvironment {
		return "in the environment variable " + k.keyVar + " or under Settings, Models and providers"
	}
	return "under Settings, Models and providers"
}

// unready says what a person has to do first.
func (k known) unready() string {
	if k.local {
		return k.name + " is not connected yet. Enter its address under Settings, Models and providers."
	}
	return k.name + " is not connected yet. Enter its key under Settings, Models and providers."
}
