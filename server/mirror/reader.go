package mirror

import (
	"context"
	"fmt"
	"slices"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// pageTurns is how many turns are read at once where all are wanted.
const pageTurns = 100

// Reader is a chat.Reader that reads the transcripts of foreign sessions from
// the agent. Cursors of both are ids of turns.
type Reader struct {
	chat.Reader
	mirror *Mirror
}

// Over returns inner with the transcripts of foreign sessions.
func (m *Mirror) Over(inner chat.Reader) Reader { return Reader{inner, m} }

// Snapshot implements chat.Reader.
func (r Reader) Snapshot(ctx context.Context, id chat.SessionID, before chat.TurnID, limit int) (chat.Snapshot, error) {
	s, _, err := r.Reader.Session(ctx, id)
	if err != nil {
		return chat.Snapshot{}, err
	}
	if s.Foreign == chat.Ours {
		return r.Reader.Snapshot(ctx, id, before, limit)
	}
	row := int64(0)
	if before != "" {
		if row = chat.ForeignRow(before); row == 0 {
			return chat.Snapshot{}, fault.New(fault.NotFound, fault.CodeNoTurn, "There is no such turn.")
		}
	}
	snap, err := r.Reader.Snapshot(ctx, id, "", 1)
	if err != nil || snap.Session.Foreign == chat.Ours { // it was continued in between
		return snap, err
	}
	turns, more, err := r.mirror.page(ctx, s, row, limit)
	if err != nil {
		return chat.Snapshot{}, err
	}
	for _, t := range turns {
		snap.Turns = append(snap.Turns, t.Turn)
	}
	if more && len(turns) > 0 {
		snap.Before = &turns[0].Turn.ID
	}
	if before == "" && len(turns) > 0 {
		snap.Session.Head = &turns[len(turns)-1].Turn.ID
	}
	return snap, nil
}

// Walk implements chat.Reader.
func (r Reader) Walk(ctx context.Context, id chat.SessionID, f func(*chat.Turn) bool) (chat.Seq, error) {
	s, seq, err := r.Reader.Session(ctx, id)
	if err != nil {
		return 0, err
	}
	if s.Foreign == chat.Ours {
		return r.Reader.Walk(ctx, id, f)
	}
	for row, more := int64(0), true; more; {
		var turns []chat.Settled
		if turns, more, err = r.mirror.page(ctx, s, row, pageTurns); err != nil {
			return 0, err
		}
		for _, t := range slices.Backward(turns) {
			if !f(t.Turn) {
				return seq, nil
			}
			row = t.Rows[0].ID
		}
	}
	return seq, nil
}

// Path implements chat.Reader.
func (r Reader) Path(ctx context.Context, id chat.SessionID) ([]*chat.Turn, chat.Seq, error) {
	s, _, err := r.Reader.Session(ctx, id)
	if err != nil {
		return nil, 0, err
	}
	if s.Foreign == chat.Ours {
		return r.Reader.Path(ctx, id)
	}
	path := []*chat.Turn{}
	seq, err := r.Walk(ctx, id, func(t *chat.Turn) bool {
		t.Parts = []chat.Part{}
		path = append(path, t)
		return true
	})
	slices.Reverse(path)
	return path, seq, err
}

// base finds the database that a session lies in.
func (m *Mirror) base(s chat.Session) (Base, error) {
	b := m.baseOf(s.Profile)
	if b == nil || s.Agent != m.Agent {
		return nil, fault.New(fault.Unavailable, fault.CodeAgentMissing,
			fmt.Sprintf("The profile %q that this session lies in is not here any more.", s.Profile))
	}
	return b, nil
}

// page reads one page and makes its turns those of the session.
func (m *Mirror) page(ctx context.Context, s chat.Session, before int64, limit int) ([]chat.Settled, bool, error) {
	b, err := m.base(s)
	if err != nil {
		return nil, false, err
	}
	turns, more, err := b.Page(ctx, s.Stored, before, limit+1) // one more, to name it as the parent
	if err != nil {
		return nil, false, err
	}
	turns = slices.DeleteFunc(turns, func(t chat.Settled) bool { return len(t.Rows) == 0 })
	chain(s, nil, turns)
	if len(turns) > limit {
		turns, more = turns[len(turns)-limit:], true
	}
	return turns, more, nil
}

// chain makes turns a path of the session that goes on from parent.
func chain(s chat.Session, parent *chat.TurnID, turns []chat.Settled) {
	for i := range turns {
		t := turns[i].Turn
		t.ID, t.Session, t.Parent, t.Origin = chat.ForeignTurnID(s.Profile, turns[i].Rows[0].ID), s.ID, parent, chat.FromElsewhere
		t.Variants = []chat.TurnID{t.ID}
		if t.Agent == "" {
			t.Agent = s.Agent
		}
		for n, p := range t.Parts {
			if base := p.Common(); base.ID == "" {
				base.ID = chat.ForeignPartID(t.ID, n)
			}
		}
		parent = &t.ID
	}
}
