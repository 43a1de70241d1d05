package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"fmt"
	"strings"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

const maxPage = 200

// Count returns how many sessions there are, without those in the trash.
func (s *Store) Count(ctx context.Context) (n int, err error) {
	err = s.read(ctx, "count the sessions", func(q db) error {
		return q.QueryRowContext(ctx, `SELECT count(*) FROM sessions WHERE trashed_at IS NULL`).Scan(&n)
	})
	return n, err
}

// Sessions implements chat.Reader. The first page begins with every pinned
// session of the query; its limit is that of the others.
func (s *Store) Sessions(ctx context.Context, query chat.Query) (chat.Page, error) {
	page := chat.Page{Items: []chat.Session{}}
	first := query.Cursor == ""
	var from cursor
	var err error
	if !first {
		if from, err = parseCursor(query.Cursor); err != nil {
			return page, err
		}
	}
	limit := min(max(query.Limit, 1), maxPage)
	page.Seq, err = s.readAt(ctx, "list the sessions", func(q db) error {
		where, args := listWhere(query)
		if first {
			items, err := readSessions(ctx, q, where+` AND pinned = 1 ORDER BY updated_at DESC, id DESC`, args...)
			if err != nil {
				return err
			}
			page.Items = append(page.Items, items...)
		}
		where += ` AND pinned = 0`
		if !first {
			where += ` AND (updated_at, id) < (?, ?)`
			args = append(args, from.at, string(from.id))
		}
		items, err := readSessions(ctx, q, where+` ORDER BY updated_at DESC, id DESC LIMIT ?`, append(args, limit+1)...)
		if err != nil {
			return err
		}
		if len(items) > limit {
			items = items[:limit]
			last := items[limit-1]
			next := cursor{last.UpdatedAt.UnixMilli(), last.ID}.String()
			page.Next = &next
		}
		page.Items = append(page.Items, items...)
		return nil
	})
	return page, err
}

func listWhere(query chat.Query) (string, []any) {
	where, args := `archived = ?`, []any{query.Archived}
	if query.Trashed {
		// What is in the trash is listed whether it was archived or not.
		where, args = `trashed_at IS NOT NULL`, nil
	} else {
		where += ` AND trashed_at IS NULL`
	}
	if query.Text != "" {
		where += ` AND instr(title, ?) > 0`
		args = append(args, strings.ToLower(query.Text))
	}
	switch query.Source {
	case "":
	case chat.SourceHere:
		where += ` AND source = ''`
	default:
		where += ` AND source = ?`
		args = append(args, query.Source)
	}
	if query.Project != "" {
		where += ` AND project = ?`
		args = append(args, query.Project)
	}
	if query.Tag != "" {
		where += ` AND EXISTS (SELECT 1 FROM json_each(doc, '$.tags') WHERE value = ?)`
		args = append(args, query.Tag)
	}
	return where, args
}

func readSessions(ctx context.Context, q db, where string, args ...any) ([]chat.Session, error) {
	var all []chat.Session
	err := rows(ctx, q, func(r *sql.Rows) error {
		var doc []byte
		var s chat.Session
		if err := r.Scan(&doc); err != nil {
			return err
		}
		err := decode("session", doc, &s)
		all = append(all, s)
		return err
	}, `SELECT doc FROM sessions WHERE `+where, args...)
	return all, err
}

// cursor is a place in the list. Its text is opaque to clients.
type cursor struct {
	at int64
	id chat.SessionID
}

func (c cursor) String() string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d %s", c.at, c.id))
}

func parseCursor(text string) (cursor, error) {
	var c cursor
	bad := fault.New(fault.Invalid, fault.CodeInvalid, "This is not a cursor of the list. Load the list from its beginning.")
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return c, bad
	}
	if _, err := fmt.Sscanf(string(b), "%d %s", &c.at, &c.id); err != nil {
		return c, bad
	}
	return c, nil
}
