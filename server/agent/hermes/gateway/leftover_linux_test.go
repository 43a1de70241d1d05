package gateway_test

import (
	"testing"
	"time"
)

// A session whose agent was built has a helper process in a session of its own;
// a command of a tool has one too.
func TestNothingOfTheRealAgentIsLeft(t *testing.T) {
	h, home := realHostIn(t)
	ctx := within(t, time.Minute)
	c, err := h.Client(ctx)
	if err != nil {
		t.Fatal(err)
	}
	sid := create(t, ctx, c)
	feed := c.Listen(sid)
	if err := c.Call(ctx, "slash.exec", map[string]string{"session_id": sid, "command": "/help"}, nil); err != nil {
		t.Log(err)
	}
	if err := c.Call(ctx, "prompt.submit", map[string]string{"session_id": sid, "text": "[[tool:sleep 300]]"}, nil); err != nil {
		t.Fatal(err)
	}
	for m, err := feed.Next(ctx); m.Type != "tool.start"; m, err = feed.Next(ctx) {
		if err != nil {
			t.Fatal(err)
		}
	}
	before := marked(t, home)
	if len(before) < 3 {
		t.Errorf("running: %q; want the agent, its helper and a command", before)
	}
	h.Stop()
	if left := marked(t, home); len(left) > 0 {
		t.Errorf("still running: %q", left)
	}
	t.Log(len(before), "processes ended")
}
