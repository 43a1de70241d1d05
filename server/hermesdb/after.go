package hermesdb

import (
	"context"
	"database/sql"
)

// After returns the messages of a lineage in rows past after, oldest first, and
// its ids now, the newest last. ids are some or all of the lineage's. What a
// compression took out of the agent's sight is there, and what it wrote anew too
// (see Align); what was taken back is not.
func (d *DB) After(ctx context.Context, ids []string, after int64) ([]Message, []string, error) {
	ids, err := d.line(ctx, ids)
	if err != nil || len(ids) == 0 {
		return nil, ids, err
	}
	args := make([]any, 0, len(ids)+1)
	for _, id := range ids {
		args = append(args, id)
	}
	var all []Message
	_, err = d.read(ctx, "read what is new in a session", func(tx *sql.Tx, c columns) error {
		all, err = readMessages(ctx, tx, c, `WHERE m.session_id IN (`+marksFor(len(ids))+`) AND m.id > ?`+c.shown()+` ORDER BY m.id`, append(args, after)...)
		return err
	})
	return all, ids, err
}

// shown is the condition that a message was not taken back.
func (c columns) shown() string {
	switch m := c["messages"]; {
	case m["active"] && m["compacted"]:
		return ` AND (m.active IS NOT 0 OR m.compacted = 1)`
	case m["active"]:
		return ` AND m.active IS NOT 0`
	default:
		return ""
	}
}
