package hermesdb

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// Row is where the agent keeps one message.
type Row struct {
	ID      int64  // grows with time in one database
	Session string // the agent's session
	Role    string // user, assistant, tool, system
	Digest  string // of what was said; the same for a copy of the message
	Copy    bool   // a compression has written the message anew
	Summary bool   // holds a summary of what a compression took away
	Earlier bool   // a compression took it out of the agent's sight
}

// Message is one message of a lineage.
type Message struct {
	Row
	At     time.Time
	Text   string // of a prompt, for people
	Begins bool   // it is a prompt: a turn begins with it
	Cut    bool   // a compression has taken away what came before it
	Ends   bool   // it is the agent's words without a call: the turn may end here

	kind     kind
	content  content
	calls    []call
	callID   string
	tool     string
	thoughts string
	finish   string
}

// call is one use of a tool that an assistant's message asks for.
type call struct {
	id, name, args string
}

// huge is the longest content that is read whole, in bytes. Of a longer one only
// the beginning and the end are.
const huge = 1 << 20

// hugeEnd is what is read of both ends of a huge content.
const hugeEnd = 128 << 10

func messageQuery(c columns, where string) string {
	col := func(name, instead string) string { return c.col("messages", "m", name, instead) }
	wide := `octet_length(m.content) > ` + strconv.Itoa(huge)
	end := strconv.Itoa(hugeEnd)
	return `SELECT m.id, m.session_id, m.role, m.timestamp,
		CASE WHEN ` + wide + ` THEN NULL ELSE m.content END, coalesce(octet_length(m.content), 0),
		CASE WHEN ` + wide + ` THEN substr(CAST(m.content AS BLOB), 1, ` + end + `) END,
		CASE WHEN ` + wide + ` THEN substr(CAST(m.content AS BLOB), -` + end + `) END, ` + strings.Join([]string{
		col("tool_calls", "NULL"), col("tool_call_id", "NULL"), col("tool_name", "NULL"), col("reasoning", "NULL"),
		col("reasoning_content", "NULL"), col("finish_reason", "NULL"),
	}, ", ") + ` FROM messages m ` + where
}

func readMessages(ctx context.Context, tx *sql.Tx, c columns, where string, args ...any) ([]Message, error) {
	rows, err := tx.QueryContext(ctx, messageQuery(c, where), args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []Message
	for rows.Next() {
		m, err := scanMessage(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, rows.Err()
}

func scanMessage(rows *sql.Rows) (Message, error) {
	var m Message
	var written sql.NullFloat64
	var text, calls, callID, tool, thoughts, thoughts2, finish sql.NullString
	var head, tail []byte
	var size int64
	err := rows.Scan(&m.ID, &m.Session, &m.Role, &written, &text, &size, &head, &tail, &calls, &callID, &tool, &thoughts, &thoughts2, &finish)
	if err != nil {
		return m, err
	}
	m.At = at(written.Float64)
	m.content = contentOf(text.String)
	if head != nil {
		m.content = cutContent(head, tail, size)
	}
	m.calls, m.callID, m.tool, m.finish = callsOf(calls.String), callID.String, tool.String, finish.String
	if m.thoughts = thoughts.String; m.thoughts == "" {
		m.thoughts = thoughts2.String
	}
	m.judge()
	return m, nil
}

func callsOf(list string) []call {
	if list == "" {
		return nil
	}
	var all []struct {
		ID       string
		CallID   string `json:"call_id"`
		Name     string
		Function struct {
			Name      string
			Arguments json.RawMessage
		}
	}
	if json.Unmarshal([]byte(list), &all) != nil {
		return nil
	}
	made := make([]call, 0, len(all))
	for _, c := range all {
		one := call{id: c.ID, name: c.Function.Name, args: argsOf(c.Function.Arguments)}
		if one.id == "" {
			one.id = c.CallID
		}
		if one.name == "" {
			one.name = c.Name
		}
		made = append(made, one)
	}
	return made
}

// argsOf returns arguments as JSON: the agent keeps them as a string that holds it.
func argsOf(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

// judge finds out what a message is, and its digest.
func (m *Message) judge() {
	body := m.content.text
	if m.Role == "user" || m.Role == "assistant" {
		body, m.kind = meaning(m.Role, body)
		m.content.text = body
	}
	m.Summary = m.kind == summary || m.kind == merged
	m.Cut = m.Summary
	m.Ends = m.Role == "assistant" && len(m.calls) == 0
	m.Begins = m.kind == asked || m.kind == announced
	if m.Begins {
		m.Text = prompt(body)
	}
	m.Digest = m.digest()
}

// digest is the same for all rows that hold the same message. A compression
// shortens the results of tools and leaves pictures out while it copies them, so
// these do not count.
func (m *Message) digest() string {
	said := make([]byte, 0, len(m.content.text)+128)
	put := func(s string) {
		said = append(append(strconv.AppendInt(said, int64(len(s)), 10), ':'), s...)
	}
	put(m.Role)
	if m.Role == "tool" && m.callID != "" {
		put(m.callID)
	} else {
		put(m.content.text)
	}
	for _, c := range m.calls {
		if c.id != "" {
			put(c.id)
		} else {
			put(c.name + c.args)
		}
	}
	sum := sha256.Sum256(said)
	return hex.EncodeToString(sum[:12])
}
