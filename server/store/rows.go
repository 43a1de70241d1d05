package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"hermes-webui/server/chat"
)

// loadSession returns the row of a session, or noSession, or purged.
func loadSession(ctx context.Context, q db, id chat.SessionID) (chat.Session, error) {
	var s chat.Session
	var doc []byte
	err := q.QueryRowContext(ctx, `SELECT doc FROM sessions WHERE id = ?`, id).Scan(&doc)
	if errors.Is(err, sql.ErrNoRows) {
		return s, missing(ctx, q, id)
	}
	if err != nil {
		return s, err
	}
	return s, decode("session", doc, &s)
}

// missing says why a session has no row.
func missing(ctx context.Context, q db, id chat.SessionID) error {
	gone, err := isPurged(ctx, q, id)
	if err != nil {
		return err
	}
	if gone {
		return purged
	}
	return noSession
}

func isPurged(ctx context.Context, q db, id chat.SessionID) (bool, error) {
	var n int
	err := q.QueryRowContext(ctx, `SELECT count(*) FROM purged WHERE session = ?`, id).Scan(&n)
	return n > 0, err
}

func saveSession(ctx context.Context, q db, s chat.Session) error {
	doc, err := json.Marshal(s)
	if err != nil {
		return err
	}
	var trashed *int64
	if s.TrashedAt != nil {
		ms := s.TrashedAt.UnixMilli()
		trashed = &ms
	}
	var fork *chat.TurnID
	if s.ForkOf != nil {
		fork = &s.ForkOf.Turn
	}
	workspace := s.Workspace
	if s.Foreign == chat.Mirrored {
		workspace = "" // not one that somebody works in here
	}
	_, err = q.ExecContext(ctx, `INSERT INTO sessions (id, updated_at, pinned, archived, trashed_at, project, title, workspace, fork_turn, elsewhere, source, doc)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET updated_at = excluded.updated_at,
		pinned = excluded.pinned, archived = excluded.archived, trashed_at = excluded.trashed_at,
		project = excluded.project, title = excluded.title, workspace = excluded.workspace,
		fork_turn = excluded.fork_turn, elsewhere = excluded.elsewhere, source = excluded.source, doc = excluded.doc`,
		s.ID, s.UpdatedAt.UnixMilli(), s.Pinned, s.Archived, trashed, s.Project, strings.ToLower(s.Title), workspace, fork, string(s.Foreign), s.Source, string(doc))
	return err
}

// turnRecord is a turn as it lies in its table.
type turnRecord struct {
	chat.TurnRow
	place          *int64 // in the queue
	started, ended chat.Seq
}

const turnColumns = `t.doc, t.seq, t.place, coalesce(t.started_seq, 0), coalesce(t.ended_seq, 0)`

func scanTurn(scan func(...any) error) (turnRecord, error) {
	var t turnRecord
	var doc []byte
	if err := scan(&doc, &t.Seq, &t.place, &t.started, &t.ended); err != nil {
		return t, err
	}
	if err := decode("turn", doc, &t.Turn); err != nil {
		return t, err
	}
	t.Parts = []chat.Part{}
	return t, nil
}

// loadTurn returns a turn without parts, or noTurn. It also finds the turns of
// purged sessions that a fork still shows.
func loadTurn(ctx context.Context, q db, id chat.TurnID) (turnRecord, error) {
	t, err := scanTurn(q.QueryRowContext(ctx, `SELECT `+turnColumns+` FROM turns t WHERE id = ?`, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return t, noTurn
	}
	if err != nil {
		return t, err
	}
	return t, fillVariants(ctx, q, &t)
}

// loadPublicTurn is loadTurn for those who ask by id: what is left of a purged
// session is not theirs.
func loadPublicTurn(ctx context.Context, q db, id chat.TurnID) (chat.TurnRow, error) {
	t, err := loadTurn(ctx, q, id)
	if err != nil {
		return chat.TurnRow{}, err
	}
	gone, err := isPurged(ctx, q, t.Session)
	if err != nil {
		return chat.TurnRow{}, err
	}
	if gone {
		return chat.TurnRow{}, purged
	}
	return t.TurnRow, nil
}

// loadShownTurn is loadPublicTurn that also lets through what forks show of a
// purged session. A row that is only not removed yet is not enough: its events
// may be gone already, and who builds on it now would have a turn without words.
func loadShownTurn(ctx context.Context, q db, id chat.TurnID) (chat.TurnRow, error) {
	t, err := loadTurn(ctx, q, id)
	if err != nil {
		return chat.TurnRow{}, err
	}
	gone, err := isPurged(ctx, q, t.Session)
	if err != nil || !gone {
		return t.TurnRow, err
	}
	kept, err := keptTurns(ctx, q, t.Session)
	if err != nil {
		return chat.TurnRow{}, err
	}
	if !kept[id] {
		return chat.TurnRow{}, purged
	}
	return t.TurnRow, nil
}

func readTurns(ctx context.Context, q db, query string, args ...any) ([]turnRecord, error) {
	var all []turnRecord
	err := rows(ctx, q, func(r *sql.Rows) error {
		t, err := scanTurn(r.Scan)
		all = append(all, t)
		return err
	}, query, args...)
	if err != nil {
		return nil, err
	}
	for i := range all { // after the rows are closed: the writer has one connection
		if err := fillVariants(ctx, q, &all[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// fillVariants sets the one thing of a started turn that later turns change.
func fillVariants(ctx context.Context, q db, t *turnRecord) error {
	t.Variants = []chat.TurnID{}
	if t.started == 0 {
		return nil
	}
	var err error
	t.Variants, err = started(ctx, q, t.Session, t.Parent)
	return err
}

func started(ctx context.Context, q db, s chat.SessionID, parent *chat.TurnID) ([]chat.TurnID, error) {
	return column[chat.TurnID](ctx, q, `SELECT id FROM turns INDEXED BY turns_started
		WHERE session = ? AND parent IS ? AND started_seq IS NOT NULL ORDER BY started_seq`, s, parent)
}

func queue(ctx context.Context, q db, s chat.SessionID) ([]chat.TurnID, error) {
	return column[chat.TurnID](ctx, q,
		`SELECT id FROM turns WHERE session = ? AND place IS NOT NULL ORDER BY place`, s)
}

func saveTurn(ctx context.Context, q db, t turnRecord) error {
	doc := t.Turn
	doc.Parts, doc.Variants = nil, nil // parts live in events; variants are asked for
	text, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	var endedAt *int64
	if t.EndedAt != nil {
		ms := t.EndedAt.UnixMilli()
		endedAt = &ms
	}
	// A turn that never started has no text to fold.
	_, err = q.ExecContext(ctx, `INSERT INTO turns (id, session, parent, state, place, seq, started_seq, ended_seq, ended_at, folded, doc)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, nullif(?7, 0), nullif(?8, 0), ?9, ?9 IS NOT NULL AND ?7 = 0, ?10)
		ON CONFLICT (id) DO UPDATE SET parent = excluded.parent, state = excluded.state, place = excluded.place,
		seq = excluded.seq, started_seq = excluded.started_seq, ended_seq = excluded.ended_seq,
		ended_at = excluded.ended_at, folded = excluded.folded, doc = excluded.doc`,
		t.ID, t.Session, t.Parent, string(t.State), t.place, t.Seq, t.started, t.ended, endedAt, string(text))
	return err
}

const askColumns = `doc, raised_seq, closed, coalesce(closed_seq, 0)`

func scanAsk(scan func(...any) error) (chat.AskRow, error) {
	var (
		a           chat.AskRow
		doc, closed []byte
		closedSeq   chat.Seq
	)
	if err := scan(&doc, &a.Seq, &closed, &closedSeq); err != nil {
		return a, err
	}
	if err := decode("ask", doc, &a.Ask); err != nil {
		return a, err
	}
	if closed == nil {
		return a, nil
	}
	a.Seq, a.Closed = closedSeq, &chat.AskClosed{}
	return a, decode("end of an ask", closed, a.Closed)
}

func loadAsk(ctx context.Context, q db, id chat.AskID) (chat.AskRow, error) {
	a, err := scanAsk(q.QueryRowContext(ctx, `SELECT `+askColumns+` FROM asks WHERE id = ?`, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return a, noAsk
	}
	return a, err
}

func readAsks(ctx context.Context, q db, query string, args ...any) ([]chat.Ask, error) {
	all := []chat.Ask{}
	err := rows(ctx, q, func(r *sql.Rows) error {
		a, err := scanAsk(r.Scan)
		all = append(all, a.Ask)
		return err
	}, query, args...)
	return all, err
}

func loadDraft(ctx context.Context, q db, s chat.SessionID) (chat.Draft, error) {
	d := chat.Draft{Attachments: []chat.BlobID{}}
	var attachments []byte
	err := q.QueryRowContext(ctx, `SELECT text, attachments, rev FROM drafts WHERE session = ?`, s).
		Scan(&d.Text, &attachments, &d.Rev)
	if errors.Is(err, sql.ErrNoRows) {
		return d, nil
	}
	if err != nil {
		return d, err
	}
	return d, decode("draft", attachments, &d.Attachments)
}

func decode(what string, doc []byte, to any) error {
	if err := json.Unmarshal(doc, to); err != nil {
		return damaged(fmt.Errorf("read a row (%s): %w", what, err))
	}
	return nil
}
