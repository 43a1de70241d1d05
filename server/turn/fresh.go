package turn

import (
	"fmt"
	"time"

	"hermes-webui/server/chat"
)

// fresh checks a part that a driver opens and returns a copy of our own: the
// driver may go on writing into its own.
func fresh(part chat.Part, now time.Time) (chat.Part, error) {
	c, ok := copied(part)
	if !ok {
		return nil, fmt.Errorf("opened no part (%T)", part)
	}
	base := c.Common()
	if base.ID == "" {
		return nil, fmt.Errorf("opened a %s part without an id", c.Kind())
	}
	base.OpenedAt, base.ClosedAt = chat.At(now), nil
	switch c := c.(type) {
	case *chat.Text:
		return c, empty(base.ID, c.Text)
	case *chat.Reasoning:
		return c, empty(base.ID, c.Text)
	case *chat.ToolCall:
		return c, freshTool(c)
	case *chat.Subagent:
		if c.State == "" {
			c.State = chat.ToolRunning
		}
		if !toolState(c.State) {
			return nil, fmt.Errorf("subagent %q has the unknown state %q", c.ID, c.State)
		}
		return c, nil
	case *chat.File, *chat.Plan, *chat.Notice:
		return c, nil
	default:
		return nil, fmt.Errorf("opened a part of unknown type %T", part)
	}
}

// copied returns a shallow copy; false for nil.
func copied(part chat.Part) (chat.Part, bool) {
	switch p := part.(type) {
	case *chat.Text:
		return cp(p)
	case *chat.Reasoning:
		return cp(p)
	case *chat.ToolCall:
		return cp(p)
	case *chat.File:
		return cp(p)
	case *chat.Plan:
		return cp(p)
	case *chat.Subagent:
		return cp(p)
	case *chat.Notice:
		return cp(p)
	default:
		return nil, false
	}
}

func cp[T any, P interface {
	*T
	chat.Part
}](p P) (chat.Part, bool) {
	if p == nil {
		return nil, false
	}
	c := *p
	return P(&c), true
}

func empty(id chat.PartID, text chat.Span) error {
	if text.Len() > 0 {
		return fmt.Errorf("part %q was opened with text in it", id)
	}
	return nil
}

func freshTool(c *chat.ToolCall) error {
	if c.State == "" {
		c.State = chat.ToolPending
	}
	if !toolState(c.State) {
		return fmt.Errorf("tool call %q has the unknown state %q", c.ID, c.State)
	}
	if c.Skip != nil {
		return fmt.Errorf("tool call %q was opened with output missing", c.ID)
	}
	var err error
	if c.Args, err = document(c.Args); err != nil {
		return fmt.Errorf("arguments of tool call %q: %w", c.ID, err)
	}
	if c.Result, err = document(c.Result); err != nil {
		return fmt.Errorf("result of tool call %q: %w", c.ID, err)
	}
	return empty(c.ID, c.Out)
}
