package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// sliceRows is how many rows one transaction of long work changes.
const sliceRows = 200

// folding makes the many small events of ended turns few, some time after each
// turn's end; also of turns that ended while the program was not running.
func (s *Store) folding(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.ended:
		case <-timer.C:
		}
		wait, err := s.foldDue(ctx)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			s.opts.Slog.Error("folding failed", "error", err)
			wait = s.opts.FoldAfter
		}
		timer.Reset(wait)
	}
}

// foldDue folds every turn that is due and returns when to look again.
func (s *Store) foldDue(ctx context.Context) (time.Duration, error) {
	for {
		id, endedAt, err := s.nextUnfolded(ctx)
		if errors.Is(err, sql.ErrNoRows) {
			return time.Hour, nil // woken by the next end of a turn
		}
		if err != nil {
			return 0, err
		}
		if wait := time.Until(endedAt.Add(s.opts.FoldAfter)); wait > 0 {
			return min(wait, s.opts.FoldAfter), nil // min: the clock may have been set back
		}
		err = s.foldOrSkip(ctx, id)
		if err != nil {
			return 0, fmt.Errorf("fold turn %s: %w", id, err)
		}
	}
}

// foldOrSkip folds a turn, unless there is nothing to fold or it cannot be.
func (s *Store) foldOrSkip(ctx context.Context, id chat.TurnID) error {
	err := s.foldTurn(ctx, id)
	switch fault.CodeOf(err) {
	case fault.CodeNoTurn: // purged since it was found
		return nil
	case fault.CodeStoreDamaged:
		// Its events stay as they are; one bad turn must not keep the others.
		s.opts.Slog.Error("a turn cannot be folded", "turn", id, "error", err)
		return s.markFolded(ctx, id)
	default:
		return err
	}
}

func (s *Store) nextUnfolded(ctx context.Context) (id chat.TurnID, endedAt chat.Time, err error) {
	err = s.read(ctx, "look for turns to fold", func(q db) error {
		var ms int64
		err := q.QueryRowContext(ctx, `SELECT id, ended_at FROM turns INDEXED BY turns_unfolded
			WHERE ended_at IS NOT NULL AND folded = 0 ORDER BY ended_at LIMIT 1`).Scan(&id, &ms)
		endedAt = chat.Milli(ms)
		return err
	})
	return id, endedAt, err
}

// foldTurn replaces the texts of each part and stream by one that keeps the seq
// of the last, and drops whole values that a later one replaced.
//
// It goes in slices, and every state between two of them reads right: first the
// last event of each stream gets the whole text (At 0: whoever has less or more
// has the same text after it), then the earlier ones go, newest first, so that
// what is left of them always has no gap. A crash in between only means that
// the turn is folded again.
func (s *Store) foldTurn(ctx context.Context, id chat.TurnID) error {
	var plan foldPlan
	err := s.read(ctx, "read a turn", func(q db) error {
		t, err := loadTurn(ctx, q, id)
		if err != nil {
			return err
		}
		events, err := turnEvents(ctx, q, t)
		if err != nil {
			return err
		}
		plan, err = planFold(events)
		return err
	})
	if err != nil {
		return err
	}
	for i, e := range plan.replaced {
		if err := s.replace(ctx, e, plan.bodies[i]); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(plan.removed, sliceRows) {
		if err := s.remove(ctx, part); err != nil {
			return err
		}
	}
	return s.markFolded(ctx, id)
}

func (s *Store) markFolded(ctx context.Context, id chat.TurnID) error {
	return s.slice(ctx, tailChange{}, func(ctx context.Context, q db) error {
		_, err := q.ExecContext(ctx, `UPDATE turns SET folded = 1 WHERE id = ?`, id)
		return err
	})
}

// foldPlan is what folding does to a turn.
type foldPlan struct {
	replaced []chat.Event
	bodies   [][]byte   // JSON of those
	removed  []chat.Seq // newest first
}

// streamKey names what only the last event of counts for.
type streamKey struct {
	kind   string
	part   chat.PartID
	stream chat.Stream
}

func planFold(events []chat.Event) (foldPlan, error) {
	var plan foldPlan
	texts := map[streamKey]*chat.Span{}
	for _, e := range events {
		if err := foldText(texts, e); err != nil {
			return plan, damaged(fmt.Errorf("text at %d: %w", e.Seq, err))
		}
	}
	seen := map[streamKey]bool{}
	for _, e := range slices.Backward(events) {
		key, ok := foldKey(e.Body)
		if !ok {
			continue
		}
		if seen[key] {
			plan.removed = append(plan.removed, e.Seq)
			continue
		}
		seen[key] = true
		t, ok := e.Body.(chat.TextAppended)
		if !ok {
			continue
		}
		whole := texts[key].String()
		if t.At == 0 && t.Text == whole {
			continue
		}
		t.At, t.Text = 0, whole
		e.Body = t
		body, err := chat.EncodeBody(t)
		if err != nil {
			return plan, err
		}
		plan.replaced = append(plan.replaced, chat.WithBody(e, body))
		plan.bodies = append(plan.bodies, body)
	}
	return plan, nil
}

// foldText follows the texts of a turn. A part may begin with some.
func foldText(texts map[streamKey]*chat.Span, e chat.Event) error {
	kind := chat.KindOf(chat.TextAppended{})
	start := func(id chat.PartID, stream chat.Stream, text string) {
		span := chat.SpanOf(text)
		texts[streamKey{kind, id, stream}] = &span
	}
	switch b := e.Body.(type) {
	case chat.PartOpened:
		switch p := b.Part.(type) {
		case *chat.Text:
			start(p.ID, chat.Main, p.Text.String())
		case *chat.Reasoning:
			start(p.ID, chat.Main, p.Text.String())
		case *chat.ToolCall:
			start(p.ID, chat.Out, p.Out.String())
		}
	case chat.TextAppended:
		span := texts[streamKey{kind, b.Part, b.Stream}]
		if span == nil {
			return chat.ErrGap
		}
		return span.Put(b.At, b.Text)
	}
	return nil
}

// foldKey says which events replace each other; false for those that stay.
func foldKey(b chat.Body) (streamKey, bool) {
	key := streamKey{kind: chat.KindOf(b)}
	switch b := b.(type) {
	case chat.TextAppended:
		key.part, key.stream = b.Part, b.Stream
	case chat.OutputSkipped:
		key.part = b.Part
	case chat.ToolUpdated:
		key.part = b.Part
	case chat.PlanUpdated:
		key.part = b.Part
	case chat.SubagentUpdated:
		key.part = b.Part
	case chat.UsageReported:
	default:
		return key, false
	}
	return key, true
}

// slice runs f in a transaction of its own, after the appends that wait.
func (s *Store) slice(ctx context.Context, change tailChange, f func(context.Context, db) error) error {
	return s.writer.do(ctx, s.writer.slices, &job{run: f, change: &change})
}

func (s *Store) replace(ctx context.Context, e chat.Event, body []byte) error {
	change := tailChange{replaced: map[chat.Seq]chat.Event{e.Seq: e}}
	return s.slice(ctx, change, func(ctx context.Context, q db) error {
		_, err := q.ExecContext(ctx, `UPDATE events SET body = ? WHERE seq = ?`, string(body), int64(e.Seq))
		return err
	})
}

func (s *Store) remove(ctx context.Context, seqs []chat.Seq) error {
	change := tailChange{removed: make(map[chat.Seq]bool, len(seqs))}
	for _, seq := range seqs {
		change.removed[seq] = true
	}
	return s.slice(ctx, change, func(ctx context.Context, q db) error {
		for _, seq := range seqs {
			if _, err := q.ExecContext(ctx, `DELETE FROM events WHERE seq = ?`, int64(seq)); err != nil {
				return err
			}
		}
		return nil
	})
}
