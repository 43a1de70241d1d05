package hermesdb

import (
	"context"
	"database/sql"
)

// Fresh is what is new in a lineage.
type Fresh struct {
	// Messages, oldest first: those that a compression took out of the agent's
	// sight too; what it wrote anew is marked as Copy, what it put in place of
	// others as Summary. What was taken back is left out.
	Messages []Message
	IDs      []string // of the lineage now, the newest last
	// Rewritten: the row past which this is, is not there any more. The agent
	// removes all rows of a session for an edit and writes those anew that stay.
	Rewritten bool
}

// Fresh returns what is in a lineage's rows past after. ids are some or all of
// the lineage's. It says the same of each message as Page.
func (d *DB) Fresh(ctx context.Context, ids []string, after int64) (Fresh, error) {
	ids, err := d.line(ctx, ids)
	f := Fresh{IDs: ids}
	if err != nil || len(ids) == 0 {
		return f, err
	}
	_, err = d.read(ctx, "read what is new in a session", func(tx *sql.Tx, file *file) error {
		s, err := file.spine(ctx, tx, ids)
		if err != nil {
			return err
		}
		if f.Rewritten, err = gone(ctx, tx, after); err != nil {
			return err
		}
		args := []any{after}
		for _, id := range ids {
			args = append(args, id)
		}
		f.Messages, err = readMessages(ctx, tx, file.cols, `WHERE m.id > ? AND m.session_id IN (`+marksFor(len(ids))+`) ORDER BY m.id`, args...)
		f.Messages = s.sort(f.Messages)
		return err
	})
	return f, err
}

func gone(ctx context.Context, tx *sql.Tx, row int64) (bool, error) {
	if row == 0 {
		return false, nil
	}
	var n int
	err := tx.QueryRowContext(ctx, `SELECT count(*) FROM messages WHERE id = ?`, row).Scan(&n)
	return n == 0, err
}

// sort marks what each message is in the lineage, and leaves out what was taken
// back.
func (s spine) sort(all []Message) []Message {
	shown := make(map[int64]bool, len(s.keys))
	for _, k := range s.keys {
		shown[k.id] = true
	}
	copied := map[int64]bool{}
	for _, list := range s.copies {
		for _, k := range list {
			copied[k.id] = true
		}
	}
	kept := all[:0]
	for _, m := range all {
		switch {
		case copied[m.ID]:
			m.Copy, m.Summary = true, false
		case shown[m.ID]:
			m.Summary = false
		case m.Summary:
		default:
			continue
		}
		kept = append(kept, m)
	}
	return kept
}
