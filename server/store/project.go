package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

var errTurnTaken = fault.New(fault.Conflict, fault.CodeIDReused, "There is already a turn with this id.")

// projection applies the events of one append to the tables that lists and
// queues read. It uses the same fold as the page.
type projection struct {
	ctx context.Context
	q   db
	s   *chat.Session // the row in work, written by flush
}

// apply takes one event. What is told only by text and parts changes no table.
func (p *projection) apply(e chat.Event) error {
	switch b := e.Body.(type) {
	case chat.TurnImported:
		return p.imported(e, b)
	case chat.TurnStored:
		return p.keep(e, b.Rows)
	}
	if !chat.Headline(e.Body) {
		return nil
	}
	if err := p.session(e); err != nil {
		return err
	}
	switch b := e.Body.(type) {
	case chat.SessionCreated, chat.SessionChanged, chat.SessionForked, chat.SessionTrashed, chat.SessionRestored,
		chat.HeadMoved, chat.SessionFound:
		return nil
	case chat.SessionCaughtUp:
		return p.shownTo(b.Head)
	case chat.SessionStored:
		return p.stored(e.Session, b.ID)
	case chat.SessionPurged:
		return p.purge(e)
	case chat.TurnQueued:
		return p.enqueue(e, b)
	case chat.QueueChanged:
		return p.order(e.Session, b.Order)
	case chat.TurnEdited, chat.TurnWithdrawn, chat.TurnStarted, chat.TurnEnded, chat.AskRaised, chat.AskClosed:
		return p.turn(e)
	default:
		return fmt.Errorf("store: no projection for %s", chat.KindOf(e.Body))
	}
}

// shownTo checks that a head is a turn.
func (p *projection) shownTo(head chat.TurnID) error {
	_, err := loadTurn(p.ctx, p.q, head)
	return err
}

func (p *projection) session(e chat.Event) error {
	if _, ok := e.Body.(chat.SessionFound); ok {
		return p.found(e)
	}
	if _, ok := e.Body.(chat.SessionCreated); ok {
		if err := p.free(e.Session); err != nil {
			return err
		}
		p.s = &chat.Session{}
	}
	if p.s == nil {
		s, err := loadSession(p.ctx, p.q, e.Session)
		if err != nil {
			return err
		}
		p.s = &s
	}
	if _, gone := e.Body.(chat.SessionPurged); p.s.Foreign == chat.Mirrored && !gone {
		return errMirrored
	}
	chat.FoldSession(p.s, e)
	return nil
}

// free makes sure that a session can be created: not one that is there, and
// never again one that was purged.
func (p *projection) free(id chat.SessionID) error {
	_, err := loadSession(p.ctx, p.q, id)
	switch fault.CodeOf(err) {
	case fault.CodeNoSession:
		return nil
	case fault.CodeInternal:
		if err != nil {
			return err
		}
		return fault.New(fault.Conflict, fault.CodeIDReused, "There is already a session with this id.")
	default:
		return err
	}
}

// flush writes the session's row, once for all events of an append.
func (p *projection) flush() error {
	if p.s == nil {
		return nil
	}
	return saveSession(p.ctx, p.q, *p.s)
}

func (p *projection) enqueue(e chat.Event, b chat.TurnQueued) error {
	order, place := `max(place) + 1`, int64(0)
	if b.First {
		order = `min(place) - 1`
	}
	err := p.q.QueryRowContext(p.ctx, `SELECT coalesce(`+order+`, 0) FROM turns WHERE session = ? AND place IS NOT NULL`,
		e.Session).Scan(&place)
	if err != nil {
		return err
	}
	var taken int
	if err := p.q.QueryRowContext(p.ctx, `SELECT count(*) FROM turns WHERE id = ?`, e.Turn).Scan(&taken); err != nil {
		return err
	}
	if taken > 0 {
		return errTurnTaken
	}
	t := turnRecord{TurnRow: chat.TurnRow{Turn: *chat.NewTurn(e, b), Seq: e.Seq}, place: &place}
	if err := saveTurn(p.ctx, p.q, t); err != nil {
		return err
	}
	// Only what a person wrote in the composer was the draft: another try at an
	// old prompt, going on after a break, and what is no prompt leave it alone.
	if b.Origin != chat.FromPerson || b.Replaces != nil || b.Continues != nil || b.Compress {
		return nil
	}
	// The words are in the log now. The rev grows also where no draft was saved,
	// so that a save still under way does not bring the text back.
	_, err = p.q.ExecContext(p.ctx, `INSERT INTO drafts (session, text, attachments, rev) VALUES (?, '', '[]', 1)
		ON CONFLICT (session) DO UPDATE SET text = '', attachments = '[]', rev = rev + 1`, e.Session)
	return err
}

func (p *projection) order(s chat.SessionID, order []chat.TurnID) error {
	now, err := queue(p.ctx, p.q, s)
	if err != nil {
		return err
	}
	if !slices.Equal(slices.Sorted(slices.Values(now)), slices.Sorted(slices.Values(order))) {
		return fault.New(fault.Conflict, fault.CodeQueueStale, "The queue has changed meanwhile. Look at it again.")
	}
	for i, id := range order {
		if _, err := p.q.ExecContext(p.ctx, `UPDATE turns SET place = ? WHERE id = ?`, i, id); err != nil {
			return err
		}
	}
	return nil
}

// turn applies an event to its turn's row and to that turn's asks.
func (p *projection) turn(e chat.Event) error {
	t, err := loadTurn(p.ctx, p.q, e.Turn)
	if err != nil {
		return err
	}
	if t.Session != e.Session {
		return noTurn
	}
	t.Seq = e.Seq
	if err := chat.FoldTurn(&t.Turn, e); err != nil {
		return err
	}
	switch b := e.Body.(type) {
	case chat.TurnEdited:
	case chat.TurnWithdrawn:
		t.place = nil
	case chat.TurnStarted:
		t.place, t.started = nil, e.Seq
	case chat.TurnEnded:
		t.ended = e.Seq
		err = p.loseAsks(e)
	case chat.AskRaised:
		err = p.raise(e, b)
	case chat.AskClosed:
		err = p.closeAsk(e, b, &t)
	default:
		return fmt.Errorf("store: %s changes no turn", chat.KindOf(b))
	}
	if err != nil {
		return err
	}
	return saveTurn(p.ctx, p.q, t)
}

func (p *projection) raise(e chat.Event, b chat.AskRaised) error {
	a := chat.Raised(e, b)
	doc, err := json.Marshal(a)
	if err != nil {
		return err
	}
	_, err = p.q.ExecContext(p.ctx, `INSERT INTO asks (id, session, turn, raised_seq, doc) VALUES (?, ?, ?, ?, ?)`,
		a.ID, a.Session, a.Turn, e.Seq, string(doc))
	return err
}

func (p *projection) closeAsk(e chat.Event, b chat.AskClosed, t *turnRecord) error {
	doc, err := json.Marshal(b)
	if err != nil {
		return err
	}
	done, err := p.q.ExecContext(p.ctx, `UPDATE asks SET closed_seq = ?, closed = ?
		WHERE id = ? AND turn = ? AND closed_seq IS NULL`, e.Seq, string(doc), b.Ask, e.Turn)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return fault.Wrap(err, fault.Conflict, fault.CodeAskClosed, "This question was answered already.")
	}
	var open int
	err = p.q.QueryRowContext(p.ctx, `SELECT count(*) FROM asks WHERE session = ? AND turn = ? AND closed_seq IS NULL`,
		e.Session, e.Turn).Scan(&open)
	// FoldTurn counts the asks it has seen; a row has seen none.
	t.State = chat.Running
	if open > 0 {
		t.State = chat.Waiting
	}
	return err
}

// loseAsks closes what still waits when its turn ends.
func (p *projection) loseAsks(e chat.Event) error {
	ids, err := column[chat.AskID](p.ctx, p.q,
		`SELECT id FROM asks WHERE session = ? AND turn = ? AND closed_seq IS NULL`, e.Session, e.Turn)
	if err != nil {
		return err
	}
	for _, id := range ids {
		doc, err := json.Marshal(chat.AskClosed{Ask: id, How: chat.Lost})
		if err != nil {
			return err
		}
		if _, err := p.q.ExecContext(p.ctx, `UPDATE asks SET closed_seq = ?, closed = ? WHERE id = ?`,
			e.Seq, string(doc), id); err != nil {
			return err
		}
	}
	return nil
}

// purge leaves a tombstone. The turns and events go in slices, see purge.go.
func (p *projection) purge(e chat.Event) error {
	p.s = nil // no row to write
	for _, q := range []string{
		`DELETE FROM sessions WHERE id = ?`,
		`DELETE FROM asks WHERE session = ?`,
		`DELETE FROM drafts WHERE session = ?`,
		`DELETE FROM rules WHERE session = ?`,
		`DELETE FROM messages WHERE session = ?`,
		`UPDATE turns SET place = NULL, folded = 1 WHERE session = ? AND (place IS NOT NULL OR folded = 0)`,
	} {
		if _, err := p.q.ExecContext(p.ctx, q, e.Session); err != nil {
			return err
		}
	}
	_, err := p.q.ExecContext(p.ctx, `INSERT INTO purged (session, seq, done) VALUES (?, ?, 0)`, e.Session, e.Seq)
	return err
}
