package direct_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/direct"
	"hermes-webui/server/agent/direct/modeltest"
	"hermes-webui/server/agent/direct/tool"
)

const ourKey = "key-of-the-provider-42"

// A tool may come upon a key that is ours, as in a file. Neither the log nor a
// model gets to know it, wherever the pieces of its output are cut.
func TestNoToolBringsAKeyIntoTheLog(t *testing.T) {
	found := handy{name: "find", run: func(_ context.Context, w tool.Turn, _ string) (tool.Result, error) {
		for _, piece := range strings.Split("OPENAI_API_KEY="+ourKey+" and key-of-the-pro", "") {
			if _, err := fmt.Fprint(w, piece); err != nil {
				return tool.Result{}, err
			}
		}
		return tool.Facts{Kind: "web", URL: "https://example.org/?k=" + ourKey}.Result(), nil
	}}
	breaks := handy{name: "break", run: func(context.Context, tool.Turn, string) (tool.Result, error) {
		return tool.Result{}, errors.New("401 for " + ourKey)
	}}
	changes := handy{name: "change", needs: &tool.Permission{Title: "Change it?", Diff: "-" + ourKey + "\n+other\n"}, run: nothing}
	s := newShopWith(t, direct.OpenAI, func(r modeltest.Request) modeltest.Script {
		if r.Asked().Rounds() > 0 {
			return modeltest.Say("over")
		}
		return modeltest.Use("find", "{}", "break", "{}", "change", "{}")
	}, func(c *direct.Config) {
		c.Tools = []tool.Tool{found, breaks, changes}
		c.Secrets = func() []string { return []string{"", "on", ourKey} }
	})
	s.start(agent.Task{})
	if ask := s.answer("once"); ask.Diff != "-[secret]\n+other\n" {
		t.Errorf("the ask shows %q", ask.Diff)
	}
	s.wantDone()

	calls := s.calls()
	if got := calls[0].Out.String(); got != "OPENAI_API_KEY=[secret] and key-of-the-pro" {
		t.Errorf("the output is %q", got)
	}
	if got := calls[1].Error; got != "401 for [secret]" {
		t.Errorf("the error is %q", got)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	all, err := json.Marshal(s.steps)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(all), ourKey) {
		t.Errorf("a step has the key: %s", all)
	}
	for _, r := range s.server.Requests() {
		if strings.Contains(string(r.Body), ourKey) {
			t.Errorf("the model was told the key: %s", r.Body)
		}
	}
}

func nothing(context.Context, tool.Turn, string) (tool.Result, error) { return tool.Result{}, nil }
