package gateway_test

import (
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"hermes-webui/server/agent/hermes/gateway"
	"hermes-webui/server/agent/hermes/gateway/gatewaytest"
)

func TestMain(m *testing.M) {
	gatewaytest.Child()
	goleak.VerifyTestMain(m)
}

// double returns a client of a double in this process, with sessions made.
func double(t *testing.T, o gatewaytest.Options, sessions int) (c *gateway.Client, ids []string) {
	t.Helper()
	toAgent, fromUs := io.Pipe()
	toUs, fromAgent := io.Pipe()
	served := make(chan error, 1)
	go func() {
		err := gatewaytest.New(o).Serve(toAgent, fromAgent)
		_ = fromAgent.Close()
		served <- err
	}()
	c = gateway.New(gateway.NewLines(toUs, fromUs, t.TempDir(), func() error {
		_ = fromUs.Close()
		return toUs.Close()
	}), gateway.Options{})
	t.Cleanup(func() {
		_ = c.Close()
		<-served
	})
	for range sessions {
		ids = append(ids, create(t, t.Context(), c))
	}
	return c, ids
}

// child returns a Host of a double in another process.
func child(t *testing.T, o gatewaytest.Options, change ...func(*gateway.Spec)) (h *gateway.Host, mark string) {
	t.Helper()
	s := gateway.Spec{
		Argv: gatewaytest.Argv(o), Home: t.TempDir(), Env: []string{"PATH=/usr/bin:/bin", "GORACE=atexit_sleep_ms=0"}, Spill: t.TempDir(), Record: t.TempDir(),
	}
	for _, f := range change {
		f(&s)
	}
	h = gateway.NewHost(s, nil)
	t.Cleanup(h.Stop)
	return h, "HERMES_HOME=" + s.Home
}

func submit(t *testing.T, c *gateway.Client, session, text string) {
	t.Helper()
	if err := c.Call(t.Context(), "prompt.submit", map[string]string{"session_id": session, "text": text}, nil); err != nil {
		t.Fatal(err)
	}
}

// heard is what a turn said.
type heard struct {
	text  string
	final string
	state string
	kinds []string // of all messages in order
}

// hear reads a feed to the end of a turn; meet gets every message.
func hear(t *testing.T, f *gateway.Feed, meet func(gateway.Message)) heard {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	var h heard
	var text strings.Builder
	for {
		m, err := f.Next(ctx)
		if err != nil {
			t.Fatalf("after %d messages: %v", len(h.kinds), err)
		}
		h.kinds = append(h.kinds, m.Type)
		if meet != nil {
			meet(m)
		}
		var p struct{ Text, Status string }
		if m.Payload != nil {
			_ = json.Unmarshal(m.Payload, &p) // other members are of other kinds
		}
		switch m.Type {
		case "message.delta":
			text.WriteString(p.Text)
		case "message.complete":
			h.text, h.final, h.state = text.String(), p.Text, p.Status
			return h
		}
	}
}
