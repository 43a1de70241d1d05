package hermesdb

import (
	"context"
	"database/sql"
	"slices"
	"sync"
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
func (d *DB) spine(ctx context.Context, tx *sql.Tx, c columns, ids []string) (spine, error) {
	var all []key
	compressed := len(ids) > 1
	for n, id := range ids {
		rows, earlier, err := readKeys(ctx, tx, c, id, n)
		if err != nil {
			return spine{}, err
		}
		compressed = compressed || earlier
		all = append(all, rows...)
	}
	if !compressed {
		return spine{ids: ids, keys: slices.DeleteFunc(all, func(k key) bool { return k.hidden })}, nil
	}
	if err := d.keys.fill(ctx, tx, c, ids, all); err != nil {
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

// readKeys reads the messages of a session without their contents, which lie
// behind the roles in each row. earlier: there are some that a compression took
// out of the agent's sight.
func readKeys(ctx context.Context, tx *sql.Tx, c columns, id string, n int) (all []key, earlier bool, err error) {
	hidden, compacted, err := inactive(ctx, tx, c, id)
	if err != nil {
		return nil, false, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT id, role FROM messages WHERE session_id = ? ORDER BY id`, id)
	if err != nil {
		return nil, false, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		k := key{session: n}
		if err := rows.Scan(&k.id, &k.role); err != nil {
			return nil, false, err
		}
		if _, k.earlier = compacted[k.id]; !k.earlier {
			_, k.hidden = hidden[k.id]
		}
		all = append(all, k)
	}
	return all, len(compacted) > 0, rows.Err()
}

type idSet map[int64]struct{}

// inactive returns the messages that the agent has not in sight: all of them, and
// those that a compression took.
func inactive(ctx context.Context, tx *sql.Tx, c columns, id string) (all, compacted idSet, err error) {
	if !c["messages"]["active"] {
		return nil, nil, nil
	}
	if all, err = idsOf(tx.QueryContext(ctx, `SELECT id FROM messages WHERE session_id = ? AND active = 0`, id)); err != nil || len(all) == 0 || !c["messages"]["compacted"] {
		return all, nil, err
	}
	compacted, err = idsOf(tx.QueryContext(ctx, `SELECT id FROM messages WHERE session_id = ? AND active = 0 AND compacted = 1`, id))
	return all, compacted, err
}

func idsOf(rows *sql.Rows, err error) (idSet, error) {
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	all := idSet{}
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		all[id] = struct{}{}
	}
	return all, rows.Err()
}

// keyCache keeps what was read of the messages of compressed lineages: the content
// of a row never changes.
type keyCache struct {
	mu  sync.Mutex
	all []*keySet // the newest use last
}

type keySet struct {
	root string
	mu   sync.Mutex
	keys map[int64]key
}

// cachedLineages is how many lineages the cache holds.
const cachedLineages = 8

func (c *keyCache) set(root string) *keySet {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.IndexFunc(c.all, func(s *keySet) bool { return s.root == root })
	s := &keySet{root: root, keys: map[int64]key{}}
	if i >= 0 {
		s = c.all[i]
		c.all = slices.Delete(c.all, i, i+1)
	}
	c.all = append(c.all, s)
	if len(c.all) > cachedLineages {
		c.all = slices.Delete(c.all, 0, 1)
	}
	return s
}

// fill adds digests and kinds to the keys of a lineage.
func (c *keyCache) fill(ctx context.Context, tx *sql.Tx, cols columns, ids []string, all []key) error {
	s := c.set(ids[0])
	s.mu.Lock()
	defer s.mu.Unlock()
	var missing []any
	for _, k := range all {
		if _, ok := s.keys[k.id]; !ok {
			missing = append(missing, k.id)
		}
	}
	for part := range slices.Chunk(missing, 500) {
		found, err := readMessages(ctx, tx, cols, `WHERE m.id IN (`+marksFor(len(part))+`)`, part...)
		if err != nil {
			return err
		}
		for _, m := range found {
			s.keys[m.ID] = key{digest: m.Digest, kind: m.kind, at: m.At}
		}
	}
	for i := range all {
		k := s.keys[all[i].id]
		all[i].digest, all[i].kind, all[i].at = k.digest, k.kind, k.at
	}
	return nil
}
