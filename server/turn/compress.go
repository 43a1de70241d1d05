package turn

import (
	"context"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// A turn that compresses is a turn like any other to the lane: it is queued,
// stopped, recorded and recovered as such. Only its agent is asked for
// something else than an answer.

var (
	errCannotCompress    = fault.New(fault.Conflict, fault.CodeCannot, "This agent cannot shorten what its model is told. Start a new session instead.")
	errNothingToCompress = invalid("This session is empty, so there is nothing to shorten.")
	errCompressAlone     = invalid("A turn that shortens the context takes only words: no files, and no place of its own in the session.")
)

func compressAlone(t NewTurn) error {
	if len(t.Attachments) > 0 || t.Root || t.Parent != nil || t.Replaces != nil || t.Continues != nil {
		return errCompressAlone
	}
	return nil
}

// may checks that a turn is one that the session's agent can do, where it wants
// to be in the tree.
func (l *lane) may(s chat.Session, t NewTurn, can agent.Abilities) error {
	if t.Compress && !can.Compress {
		return errCannotCompress
	}
	return l.branch(s, t, can.Rewind)
}

// begin hands a turn over to the agent. The one that a queued wish meets may be
// another one than it was made for.
func begin(ctx context.Context, c agent.Conn, task agent.Task, compress bool) error {
	if !compress {
		return c.Start(ctx, task)
	}
	able, ok := c.(agent.Compressor)
	if !ok {
		return errCannotCompress
	}
	return able.Compress(ctx, task)
}
