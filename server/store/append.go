package store

import (
	"context"
	"fmt"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// Append implements chat.Log.
func (s *Store) Append(ctx context.Context, id chat.SessionID, turn chat.TurnID, guard chat.Guard, bodies ...chat.Body) (chat.Seq, error) {
	events := make([]chat.Event, len(bodies))
	for i, b := range bodies {
		events[i] = chat.Event{Session: id, Turn: turn, Body: b}
	}
	return s.append(ctx, id, guard, events)
}

// Commit implements chat.Log. The given events stay as they are.
func (s *Store) Commit(ctx context.Context, id chat.SessionID, guard chat.Guard, events ...chat.Event) (chat.Seq, error) {
	own := make([]chat.Event, len(events))
	for i, e := range events {
		if e.Session != "" && e.Session != id {
			return 0, fmt.Errorf("store: event of session %s in a commit of %s", e.Session, id)
		}
		own[i] = chat.Event{Session: id, Turn: e.Turn, Body: e.Body}
	}
	return s.append(ctx, id, guard, own)
}

func (s *Store) append(ctx context.Context, id chat.SessionID, guard chat.Guard, events []chat.Event) (chat.Seq, error) {
	for _, e := range events {
		if _, ok := e.Body.(chat.SessionPurged); ok && len(events) > 1 {
			return 0, fault.New(fault.Internal, fault.CodeInternal, "A tombstone stands alone.")
		}
	}
	j := &job{session: id, guard: guard, events: events}
	if err := s.writer.do(ctx, s.writer.jobs, j); err != nil {
		return 0, err
	}
	return j.seq, nil
}

// Newest implements chat.Log.
func (s *Store) Newest() chat.Seq { return s.tail.newest() }
