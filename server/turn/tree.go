package turn

import (
	"context"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

func errTurnLive(text string) error { return fault.New(fault.Conflict, fault.CodeTurnLive, text) }

// abilities asks the session's agent what may be asked of it.
func (d *Desk) abilities(ctx context.Context, id chat.SessionID) (agent.Abilities, error) {
	s, _, err := d.Reader.Session(ctx, id)
	if err != nil {
		return agent.Abilities{}, err
	}
	driver, ok := d.Agents.Driver(s.Agent)
	if !ok {
		return agent.Abilities{Rewind: agent.RewindNone}, nil
	}
	info, err := driver.Describe(ctx)
	if err != nil {
		return agent.Abilities{}, fault.Wrap(err, fault.Unavailable, fault.CodeAgentMissing, "The agent of this session does not answer. Try again in a moment.")
	}
	return info.Can, nil
}

// branch checks that a prompt may go where it wants to in the tree.
func (l *lane) branch(s chat.Session, t NewTurn, can agent.Rewind) error {
	parent := t.Parent
	switch {
	case t.Replaces != nil:
		row, err := l.started(s, *t.Replaces)
		if err != nil {
			return err
		}
		parent = row.Parent
	case t.Continues != nil:
		row, err := l.started(s, *t.Continues)
		if err != nil {
			return err
		}
		if !row.State.Ended() {
			return errTurnLive("This turn is still running, so there is nothing to continue.")
		}
		parent = t.Continues
	case t.Parent != nil:
		if _, err := l.started(s, *t.Parent); err != nil {
			return err
		}
	case !t.Root:
		return nil
	}
	return l.canMove(s, parent, can)
}

// started finds a turn of the session's tree that the agent has seen. The tree
// includes the path that a fork began with.
func (l *lane) started(s chat.Session, id chat.TurnID) (chat.TurnRow, error) {
	row, err := l.desk.Reader.Shown(l.ctx, id)
	if err != nil {
		return row, err
	}
	if row.Session != s.ID {
		inherited := false
		if s.ForkOf != nil {
			if inherited, err = l.onPath(&s.ForkOf.Turn, id); err != nil {
				return row, err
			}
		}
		if !inherited {
			return row, fault.New(fault.NotFound, fault.CodeNoTurn, "There is no such turn in this session.")
		}
	}
	switch row.State {
	case chat.Queued:
		return row, fault.New(fault.Conflict, fault.CodeTurnNotLive, "This turn has not started. Edit it in the queue.")
	case chat.Withdrawn:
		return row, fault.New(fault.Conflict, fault.CodeTurnNotLive, "This turn was withdrawn before it started.")
	default:
		return row, nil
	}
}

// onPath reports whether a turn is on the path from head to the root.
func (l *lane) onPath(head *chat.TurnID, id chat.TurnID) (bool, error) {
	for at := head; at != nil; {
		if *at == id {
			return true, nil
		}
		row, err := l.desk.Reader.Shown(l.ctx, *at)
		if err != nil {
			return false, err
		}
		at = row.Parent
	}
	return false, nil
}

// canMove checks that the agent can go on from a turn (nil: from nothing) when
// the head is where it is.
func (l *lane) canMove(s chat.Session, to *chat.TurnID, can agent.Rewind) error {
	if equal(s.Head, to) {
		return nil
	}
	switch can {
	case agent.RewindTree:
		return nil
	case agent.RewindTruncate:
		if to == nil {
			return nil
		}
		ok, err := l.onPath(s.Head, *to)
		if err != nil || ok {
			return err
		}
		return fault.New(fault.Conflict, fault.CodeCannot, "This agent keeps its own history and cannot go back to this variant. Fork the session from it instead.")
	case agent.RewindNone, "":
		return fault.New(fault.Conflict, fault.CodeCannot, "This agent keeps its own history and can only go on from its newest turn.")
	default:
		return fault.New(fault.Internal, fault.CodeInternal, "The agent says something about itself that this program does not know.")
	}
}

// MoveHead chooses the newest turn of the path that is shown: a variant, or a
// parent (undo); nil shows nothing. It is refused while a turn is live.
func (d *Desk) MoveHead(ctx context.Context, id chat.SessionID, head *chat.TurnID) (chat.Seq, error) {
	if err := d.upToDate(ctx, id); err != nil {
		return 0, err
	}
	can, err := d.abilities(ctx, id)
	if err != nil {
		return 0, err
	}
	return callNow(ctx, d, id, func(l *lane) (chat.Seq, error) {
		s, err := l.session()
		if err != nil {
			return 0, err
		}
		if l.live != nil {
			return 0, errTurnLive("A turn is running. Stop it or wait for its end, then choose another one.")
		}
		if equal(s.Head, head) {
			return l.desk.Log.Newest(), nil
		}
		if head != nil {
			if _, err := l.started(s, *head); err != nil {
				return 0, err
			}
		}
		if err := l.canMove(s, head, can.Rewind); err != nil {
			return 0, err
		}
		return l.desk.Log.Append(l.ctx, l.id, "", untrashed(l.id), chat.HeadMoved{Head: head})
	})
}

// untrashed is the guard of changes to a session that must not be in the trash.
func untrashed(id chat.SessionID) chat.Guard {
	return func(v chat.View) error {
		s, err := v.Session(id)
		if err != nil {
			return err
		}
		return notTrashed(s)
	}
}
