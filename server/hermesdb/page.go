package hermesdb

import (
	"context"
	"database/sql"
	"slices"

	"hermes-webui/server/chat"
)

// Settled is a turn that was done elsewhere, and the rows that hold it, the
// copies too.
type Settled struct {
	Turn *chat.Turn
	Rows []Row

	headless bool // no prompt was read
}

// Page returns the newest turns of a lineage, at most limit, of those that end
// before the row before (0: of all), oldest first, and whether there are older
// ones. ids are some or all of the lineage's. The next page is before the first
// row of the first turn.
//
// Turns have neither session nor parent; ids of turns and parts are the same
// every time, as long as the agent keeps the message in the same row. What is
// said in a compression's summary and what was taken back is left out.
func (d *DB) Page(ctx context.Context, ids []string, before int64, limit int) (turns []Settled, more bool, err error) {
	ids, err = d.line(ctx, ids)
	if err != nil || len(ids) == 0 || limit < 1 {
		return nil, false, err
	}
	_, err = d.read(ctx, "read a session", func(tx *sql.Tx, f *file) error {
		s, err := f.spine(ctx, tx, ids)
		if err != nil {
			return err
		}
		turns, more, err = d.page(ctx, tx, f.cols, ids, s, before, limit)
		return err
	})
	return turns, more, err
}

// page reads messages from the end until there are enough turns. Which of a
// person's messages begin one is in their contents.
func (d *DB) page(ctx context.Context, tx *sql.Tx, c columns, ids []string, s spine, before int64, limit int) ([]Settled, bool, error) {
	end := len(s.keys)
	if before > 0 {
		if i := slices.IndexFunc(s.keys, func(k key) bool { return k.id >= before }); i >= 0 {
			end = i
		}
	}
	var held []Message
	for from, start := end, end; ; start = from {
		from = backwards(s.keys, from, limit)
		part, err := readRows(ctx, tx, c, s.keys[from:start])
		if err != nil {
			return nil, false, err
		}
		held = append(part, held...)
		turns := d.fold(held, s)
		if from > 0 && len(turns) > 0 && turns[0].headless { // its prompt is before what was read
			turns = turns[1:]
		}
		switch {
		case len(turns) > limit:
			return turns[len(turns)-limit:], true, nil
		case from == 0:
			return turns, false, nil
		}
	}
}

// backwards goes back over limit+1 prompts.
func backwards(keys []key, from, limit int) int {
	for n := 0; from > 0 && n <= limit; {
		from--
		if keys[from].role == "user" {
			n++
		}
	}
	return from
}

func readRows(ctx context.Context, tx *sql.Tx, c columns, keys []key) ([]Message, error) {
	ids := make([]any, 0, len(keys))
	for _, k := range keys {
		ids = append(ids, k.id)
	}
	var all []Message
	for part := range slices.Chunk(ids, 500) {
		found, err := readMessages(ctx, tx, c, `WHERE m.id IN (`+marksFor(len(part))+`) ORDER BY m.id`, part...)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}
