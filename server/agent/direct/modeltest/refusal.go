package modeltest

import "net/http"

// Busy refuses for now. after is the value of Retry-After: seconds or a date.
func Busy(after string) Script {
	return Refuse(http.StatusTooManyRequests, `{"error":{"message":"Rate limit reached","type":"requests","code":"rate_limit_exceeded"}}`,
		"Retry-After", after)
}

// Overflows are the refusals of a question that is too long for the model's
// window, by who writes them so.
func Overflows() map[string]Script {
	return map[string]Script{
		"OpenAI": Refuse(http.StatusBadRequest, `{"error":{"message":"This model's maximum context length is 8192 tokens. However, your messages resulted in 9103 tokens. Please reduce the length of the messages.",`+
			`"type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}`),
		"Anthropic": Refuse(http.StatusBadRequest, `{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 205012 tokens > 200000 maximum"}}`),
		"llama.cpp": Refuse(http.StatusBadRequest, `{"error":{"code":400,"message":"the request exceeds the available context size, try increasing it","type":"exceed_context_size_error","n_prompt_tokens":9103,"n_ctx":4096}}`),
		"vLLM": Refuse(http.StatusBadRequest, `{"object":"error","message":"This model's maximum context length is 4096 tokens. However, you requested 9103 tokens in the messages, Please reduce the length of the messages.",`+
			`"type":"BadRequestError","param":null,"code":400}`),
		"Ollama": Refuse(http.StatusBadRequest, `{"error":{"message":"prompt too long; exceeded max context length by 904 tokens","type":"invalid_request_error","param":null,"code":null}}`),
	}
}
