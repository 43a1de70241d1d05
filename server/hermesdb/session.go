package hermesdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"math"
	"strings"
	"time"
)

// session is a row of the table of sessions, as far as the list needs it.
type session struct {
	row        int64
	id         string
	source     string
	model      string
	parent     string
	started    float64
	ended      float64 // 0 = not
	endReason  string
	messages   int
	folder     string
	title      string
	archived   bool
	active     float64 // time of the newest message, 0 = there is none
	first      string  // first words of an untitled one
	branch     bool
	delegated  bool
	background bool // never listed by itself
}

// sessionQuery reads sessions. The prompt that the agent keeps in the middle of
// each row is long: everything after it costs a walk over its pages, so this is
// asked of as few rows as possible.
func sessionQuery(c columns, where string) string {
	col := func(name, instead string) string { return c.col("sessions", "s", name, instead) }
	first := `''`
	if c["sessions"]["title"] {
		first = `CASE WHEN s.title IS NULL THEN (SELECT substr(CAST(m.content AS BLOB), 1, 400) FROM messages m
			WHERE m.session_id = s.id AND m.role = 'user' ORDER BY m.timestamp, m.id LIMIT 1) END`
	}
	return `SELECT s.rowid, s.id, s.source, ` + strings.Join([]string{
		col("model", "NULL"), col("parent_session_id", "NULL"), `s.started_at`, col("ended_at", "NULL"), col("end_reason", "NULL"),
		col("message_count", "0"), col("cwd", "NULL"), col("title", "NULL"), col("archived", "0"), col("model_config", "NULL"),
		`(SELECT max(m.timestamp) FROM messages m WHERE m.session_id = s.id)`, first,
	}, ", ") + ` FROM sessions s ` + where
}

func readSessions(ctx context.Context, tx *sql.Tx, c columns, where string, args ...any) ([]*session, error) {
	rows, err := tx.QueryContext(ctx, sessionQuery(c, where), args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []*session
	for rows.Next() {
		s, err := scanSession(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, rows.Err()
}

func scanSession(rows *sql.Rows) (*session, error) {
	var s session
	var source, model, parent, reason, folder, title, config, first sql.NullString
	var ended, active sql.NullFloat64
	var messages, archived sql.NullInt64
	err := rows.Scan(&s.row, &s.id, &source, &model, &parent, &s.started, &ended, &reason, &messages, &folder, &title, &archived, &config, &active, &first)
	if err != nil {
		return nil, err
	}
	s.source, s.model, s.parent, s.endReason = source.String, model.String, parent.String, reason.String
	s.folder, s.title, s.first = strings.TrimSpace(folder.String), strings.TrimSpace(title.String), firstWords(first.String)
	s.ended, s.active, s.messages, s.archived = ended.Float64, active.Float64, int(messages.Int64), archived.Int64 != 0
	s.branch, s.delegated = marks(config.String)
	s.background = s.source == "tool" || s.source == "subagent"
	return &s, nil
}

// marks reads what the settings of a session say about where it comes from.
func marks(config string) (branch, delegated bool) {
	if !strings.Contains(config, "_from") {
		return false, false
	}
	var from struct {
		Branch    *string `json:"_branched_from"`
		Delegated *string `json:"_delegate_from"`
	}
	if json.Unmarshal([]byte(config), &from) != nil {
		return false, false
	}
	return from.Branch != nil, from.Delegated != nil
}

// firstWords makes a title of the beginning of a prompt.
func firstWords(text string) string {
	if strings.HasPrefix(text, "\x00") {
		return ""
	}
	words := strings.Join(strings.Fields(strings.ToValidUTF8(prompt(text), "")), " ")
	runes := []rune(words)
	if len(runes) <= 60 {
		return words
	}
	return strings.TrimSpace(string(runes[:60])) + "…"
}

// at makes a time of seconds as the agent keeps them.
func at(seconds float64) time.Time {
	if seconds <= 0 || math.IsNaN(seconds) || seconds > 1e11 {
		return time.Time{}
	}
	return time.UnixMilli(int64(seconds * 1000)).UTC()
}
