package hermesdb

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// readKeys reads the messages of a session without their contents, which lie
// behind the roles in each row. earlier: there are some that a compression took
// out of the agent's sight.
func readKeys(ctx context.Context, tx *sql.Tx, c columns, id string, n int) (all []key, earlier bool, err error) {
	hidden, compacted, err := inactive(ctx, tx, c, id)
	if err != nil {
		return nil, false, err
	}
	// A row costs more on its way here than in the database, so the ids come together.
	rows, err := tx.QueryContext(ctx, `SELECT role, group_concat(id) FROM messages WHERE session_id = ? GROUP BY role`, id)
	if err != nil {
		return nil, false, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var role, list string
		if err := rows.Scan(&role, &list); err != nil {
			return nil, false, err
		}
		for row := range numbers(list) {
			k := key{id: row, session: n, role: role}
			if _, k.earlier = compacted[row]; !k.earlier {
				_, k.hidden = hidden[row]
			}
			all = append(all, k)
		}
	}
	slices.SortFunc(all, func(a, b key) int { return cmp.Compare(a.id, b.id) })
	return all, len(compacted) > 0, rows.Err()
}

type idSet map[int64]struct{}

// inactive returns the messages that the agent has not in sight: all of them, and
// those that a compression took.
func inactive(ctx context.Context, tx *sql.Tx, c columns, id string) (all, compacted idSet, err error) {
	if !c["messages"]["active"] {
		return nil, nil, nil
	}
	taken := `NULL`
	if c["messages"]["compacted"] {
		taken = `group_concat(CASE WHEN compacted = 1 THEN id END)`
	}
	var ids, some sql.NullString
	err = tx.QueryRowContext(ctx, `SELECT group_concat(id), `+taken+` FROM messages WHERE session_id = ? AND active = 0`, id).Scan(&ids, &some)
	return setOf(ids.String), setOf(some.String), err
}

func setOf(list string) idSet {
	set := make(idSet, strings.Count(list, ",")+1)
	for id := range numbers(list) {
		set[id] = struct{}{}
	}
	return set
}

// numbers are those of a list with commas between them.
func numbers(list string) func(func(int64) bool) {
	return func(yield func(int64) bool) {
		for one := range strings.SplitSeq(list, ",") {
			if n, err := strconv.ParseInt(one, 10, 64); err == nil && !yield(n) {
				return
			}
		}
	}
}

// keyCache keeps what was read of the messages of compressed lineages: the content
// of a row never changes in the same file.
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
	var missing []int64
	for _, k := range all {
		if _, ok := s.keys[k.id]; !ok {
			missing = append(missing, k.id)
		}
	}
	if len(missing) > 0 {
		if err := s.read(ctx, tx, cols, missing); err != nil {
			return err
		}
	}
	for i := range all {
		k := s.keys[all[i].id]
		all[i].digest, all[i].kind, all[i].at = k.digest, k.kind, k.at
	}
	return nil
}

// keyQuery reads of messages only what their digests and kinds are made of: not
// what a tool gave back where the number of the call stands for it. The content of
// a huge one is NULL.
func keyQuery(c columns) string {
	calls, callID := c.col("messages", "m", "tool_calls", "NULL"), c.col("messages", "m", "tool_call_id", "NULL")
	answers := `0`
	if c["messages"]["tool_call_id"] {
		answers = `m.role = 'tool' AND m.tool_call_id <> ''`
	}
	return `SELECT m.id, m.role, m.timestamp, CASE WHEN ` + answers + ` THEN '' WHEN octet_length(m.content) > ` + strconv.Itoa(huge) + ` THEN NULL
		ELSE coalesce(m.content, '') END, ` + calls + `, ` + callID + `
		FROM json_each(?) AS wanted CROSS JOIN messages m ON m.id = wanted.value`
}

func (s *keySet) read(ctx context.Context, tx *sql.Tx, c columns, ids []int64) error {
	rows, err := tx.QueryContext(ctx, keyQuery(c), listOf(ids))
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var wide []key
	for rows.Next() {
		var m Message
		var written sql.NullFloat64
		var text, calls, callID sql.NullString
		if err := rows.Scan(&m.ID, &m.Role, &written, &text, &calls, &callID); err != nil {
			return err
		}
		if !text.Valid {
			wide = append(wide, key{id: m.ID})
			continue
		}
		m.At, m.content, m.calls, m.callID = at(written.Float64), contentOf(text.String), callsOf(calls.String), callID.String
		s.put(m)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	found, err := readRows(ctx, tx, c, wide)
	for _, m := range found {
		s.put(m)
	}
	return err
}

func (s *keySet) put(m Message) {
	m.judge()
	s.keys[m.ID] = key{digest: m.Digest, kind: m.kind, at: m.At}
}

// listOf is a list of numbers in JSON.
func listOf(ids []int64) string {
	list := []byte{'['}
	for i, id := range ids {
		if i > 0 {
			list = append(list, ',')
		}
		list = strconv.AppendInt(list, id, 10)
	}
	return string(append(list, ']'))
}
