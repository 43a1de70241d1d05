package wholetest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"hermes-webui/server/agent/direct/modeltest"
)

// Model starts a model server on loopback that answers every prompt with script,
// and returns its base URL. It gives no titles: they would come at any time
// after a turn's end.
func Model(tb testing.TB, script modeltest.Script) string {
	tb.Helper()
	srv, err := modeltest.Start(modeltest.Aside(modeltest.Refuse(http.StatusBadRequest, `{"error":{"message":"no titles here"}}`), modeltest.Always(script)))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(srv.Close)
	return srv.URL
}

// Direct asks the model server without anything in between and hands over each
// piece of text as it comes: the control of a comparison.
func Direct(ctx context.Context, base, prompt string, got func(text string)) error {
	body := fmt.Sprintf(`{"model":"tester","stream":true,"messages":[{"role":"user","content":%q}]}`, prompt)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/chat/completions", strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	s := newStream(resp.Body)
	defer s.Close()
	for {
		f, err := s.Next()
		if err != nil || f.Data == "[DONE]" {
			return err
		}
		var chunk struct {
			Choices []struct {
				Delta struct {
					Content string `json:"content"`
				} `json:"delta"`
			} `json:"choices"`
		}
		if err := json.Unmarshal([]byte(f.Data), &chunk); err != nil {
			return err
		}
		for _, c := range chunk.Choices {
			if c.Delta.Content != "" {
				got(c.Delta.Content)
			}
		}
	}
}
