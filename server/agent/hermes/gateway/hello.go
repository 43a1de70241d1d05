package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// Hello is how an agent introduced itself.
type Hello struct {
	Protocol int  // of the agent's own count; 0 = it names none (before 0.21)
	Requests bool // prompts come as questions that wait for a reply; else as events with methods to respond
	Raw      json.RawMessage
}

// Ready waits until the agent is ready and tells it, where it wants to know, that
// questions can be answered here.
func (c *Client) Ready(ctx context.Context) (Hello, error) {
	select {
	case <-c.ready:
	case <-c.done:
		return Hello{}, c.Err()
	case <-ctx.Done():
		return Hello{}, fmt.Errorf("the agent did not become ready: %w", context.Cause(ctx))
	}
	h := greeting(c.hello)
	c.capable.Lock()
	defer c.capable.Unlock()
	if !c.asked {
		err := c.Call(ctx, "client.capabilities", map[string]bool{"server_requests": true}, nil)
		if err != nil && refused(err) == nil {
			return Hello{}, err
		}
		c.asked, c.requests = true, err == nil
	}
	h.Requests = c.requests || h.Requests
	return h, nil
}

// greeting reads what agents from 0.21 on say of themselves.
func greeting(raw json.RawMessage) Hello {
	var g struct {
		Protocol     json.RawMessage `json:"protocol"`
		Capabilities json.RawMessage `json:"capabilities"`
	}
	_ = json.Unmarshal(raw, &g) // an agent that says nothing is an old one
	h := Hello{Raw: raw, Requests: given(g.Protocol) || given(g.Capabilities)}
	var p struct {
		Version int `json:"version"`
	}
	if json.Unmarshal(g.Protocol, &p) == nil && p.Version > 0 {
		h.Protocol = p.Version
	} else {
		_ = json.Unmarshal(g.Protocol, &h.Protocol) // stays 0 where it is no number
	}
	return h
}

// refused returns the agent's refusal in err, nil where there is none.
func refused(err error) *Error {
	e, _ := errors.AsType[*Error](err)
	return e
}
