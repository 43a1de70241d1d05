package hermes

import (
	"context"
	"errors"
	"slices"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/hermes/gateway"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

var _ agent.Deleter = (*Driver)(nil)

const codeLive = 4023 // somebody has the session open

// Delete has the agent remove a session from its database, under all ids that it
// had. What is gone already is as it should be.
func (d *Driver) Delete(ctx context.Context, s chat.Session) error {
	if len(s.Stored) == 0 {
		return nil
	}
	d.awaitLeft(ctx, s.ID)
	h, err := d.host(ctx, s.Profile)
	if err != nil {
		return err
	}
	client, err := h.Client(ctx)
	if err != nil {
		return asFault(err)
	}
	for _, id := range slices.Backward(s.Stored) {
		err := client.Call(ctx, "session.delete", map[string]any{"session_id": id}, nil)
		var refused *gateway.Error
		switch {
		case err == nil:
		case errors.As(err, &refused) && refused.Code == gateway.CodeNoStored:
		case errors.As(err, &refused) && refused.Code == codeLive:
			return fault.New(fault.Conflict, fault.CodeBusyElsewhere, "Hermes has this session open in another program. Close it there, then delete it.")
		default:
			return asFault(err)
		}
	}
	return nil
}

// asFault says for people why a call failed.
func asFault(err error) error {
	f := failureOf(err)
	return fault.Wrap(err, fault.Unavailable, fault.Code(f.Code), f.Text)
}
