package gateway_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"hermes-webui/server/agent/hermes/gateway"
	"hermes-webui/server/agent/hermes/hermestest"
)

// realHost keeps the real agent, beside a model server that plays scenes.
func realHost(t *testing.T) *gateway.Host {
	t.Helper()
	h, _ := realHostIn(t)
	return h
}

// realHostIn also returns what its processes have in their environment.
func realHostIn(t *testing.T) (h *gateway.Host, mark string) {
	t.Helper()
	home := hermestest.Home(t, hermestest.NewModel(t).URL)
	h = gateway.NewHost(gateway.Spec{
		Python: hermestest.Python(t), Home: home, Dir: t.TempDir(), Env: hermestest.Env(home), Record: t.TempDir(),
	}, nil)
	t.Cleanup(h.Stop)
	return h, "HERMES_HOME=" + home
}

// create returns the runtime id of a new session.
func create(t *testing.T, ctx context.Context, c *gateway.Client) string {
	t.Helper()
	var made struct {
		Session string `json:"session_id"`
	}
	if err := c.Call(ctx, "session.create", map[string]any{"cwd": t.TempDir(), "source": "webui", "cols": 100}, &made); err != nil {
		t.Fatal(err)
	}
	return made.Session
}

func within(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

func TestAPromptIsAnsweredByTheRealAgent(t *testing.T) {
	h := realHost(t)
	ctx := within(t, time.Minute)
	c, err := h.Client(ctx)
	if err != nil {
		t.Fatal(err)
	}
	sid := create(t, ctx, c)
	feed := c.Listen(sid)
	defer feed.Close()
	if err := c.Call(ctx, "prompt.submit", map[string]any{"session_id": sid, "text": "say [[plain]]"}, nil); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	for {
		m, err := feed.Next(ctx)
		if err != nil {
			t.Fatal(err)
		}
		var p struct{ Text string }
		_ = json.Unmarshal(m.Payload, &p)
		if m.Type == "message.delta" {
			said.WriteString(p.Text)
		}
		if m.Type == "message.complete" {
			break
		}
	}
	if got := said.String(); got != "Plain words in several pieces." {
		t.Errorf("said %q", got)
	}
	if err := c.Call(ctx, "no.such.method", nil, nil); !errors.Is(err, gateway.ErrUnknownMethod) {
		t.Errorf("an unknown method gave %v", err)
	}
	if s := h.State(); s.Phase != gateway.Ready || s.PID == 0 {
		t.Errorf("state %+v", s)
	}
	h.Stop()
	for err = nil; err == nil; _, err = feed.Next(ctx) {
	}
	if !errors.Is(err, gateway.ErrGone) {
		t.Errorf("after its end the feed gave %v", err)
	}
}

func TestAnAgentThatCannotStartSaysWhy(t *testing.T) {
	h := gateway.NewHost(gateway.Spec{Argv: []string{"sh", "-c", "echo 'ModuleNotFoundError: no tui_gateway; api_key=abcdef123456' >&2; exit 3"}, Dir: t.TempDir(), Pause: 10 * time.Second}, nil)
	defer h.Stop()
	_, err := h.Client(t.Context())
	var p *gateway.Problem
	if !errors.As(err, &p) || !strings.Contains(p.Text, "no tui_gateway") || !strings.Contains(p.Text, "exit status 3") {
		t.Errorf("got %v", err)
	}
	if err != nil && strings.Contains(err.Error(), "abcdef123456") {
		t.Errorf("a secret is shown: %v", err)
	}
	if _, err := h.Client(t.Context()); !errors.As(err, &p) || !strings.Contains(p.Text, "next try") {
		t.Errorf("a second try at once gave %v", err)
	}
}
