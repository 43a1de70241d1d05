package hermesdb

import (
	"context"
	"database/sql"
	"slices"
)

// spine is the order of a lineage's messages without their contents: what is
// shown, each message once, and where a compression has written it again.
type spine struct {
	ids    []string        // of the lineage
	keys   []key           // of what is shown
	copies map[int64][]key // by the message that they repeat
	cuts   idSet           // the last messages before each compression
}

// spine reads the order of a lineage. Only where a compression was are contents
// read, once.
func (f *file) spine(ctx context.Context, tx *sql.Tx, ids []string) (spine, error) {
	var all []key
	compressed := len(ids) > 1
	for n, id := range ids {
		rows, earlier, err := readKeys(ctx, tx, f.cols, id, n)
		if err != nil {
			return spine{}, err
		}
		compressed = compressed || earlier
		all = append(all, rows...)
	}
	if !compressed {
		return spine{ids: ids, keys: slices.DeleteFunc(all, func(k key) bool { return k.hidden })}, nil
	}
	if err := f.keys.fill(ctx, tx, f.cols, ids, all); err != nil {
		return spine{}, err
	}
	return arrange(ids, all), nil
}

// arrange takes the copies and the summaries out.
func arrange(ids []string, all []key) spine {
	s := spine{ids: ids, copies: map[int64][]key{}, cuts: idSet{}, keys: make([]key, 0, len(all))}
	of := copies(all)
	back := make([]bool, len(all)) // taken back after a compression has written it anew
	for i, of := range of {
		if of >= 0 {
			back[of] = all[i].hidden
		}
	}
	for i, k := range all {
		if k.summarises() && !k.hidden && (of[i] < 0 || k.kind == merged) && len(s.keys) > 0 {
			s.cuts[s.keys[len(s.keys)-1].id] = struct{}{}
		}
		switch {
		case k.hidden || back[i]:
		case of[i] >= 0:
			s.copies[all[of[i]].id] = append(s.copies[all[of[i]].id], k)
		case k.kind != summary:
			s.keys = append(s.keys, k)
		}
	}
	return s
}
