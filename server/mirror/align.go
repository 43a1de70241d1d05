package mirror

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"hermes-webui/server/chat"
)

const (
	late  = 5 * time.Second        // after the end of a turn its prompt may be written
	slack = 100 * time.Millisecond // by which clocks of two programs differ
)

// aligned says what new rows are.
type aligned struct {
	kept  []chat.KeptRow // of turns that the log has
	fresh [][]Message    // each a turn that it has not
	// newest: what was said last is one of these
	newest bool
}

// entry is one message that was said, once, in order.
type entry struct {
	role, digest string
	turn         chat.TurnID // of a known one
	group        int         // of a new one, else -1
	left         bool        // of a turn that is not on the path any more
}

// known is what the log has of a session.
type known struct {
	said []entry      // in the order of the path
	held []entry      // all that the agent has held, in its order
	own  []*chat.Turn // ours after that, whose rows are not known
	last *chat.Turn   // the last one whose rows are; nil: none
}

func knownOf(s chat.Session, kept []chat.KeptRow, path []*chat.Turn) known {
	rows, on := map[chat.TurnID][]chat.KeptRow{}, map[chat.TurnID]bool{}
	for _, t := range path {
		on[t.ID] = true
	}
	var k known
	for _, r := range slices.SortedFunc(slices.Values(kept), func(a, b chat.KeptRow) int { return cmp.Compare(a.ID, b.ID) }) {
		if r.Copy {
			continue
		}
		rows[r.Turn] = append(rows[r.Turn], r)
		k.held = append(k.held, entry{role: r.Role, digest: r.Digest, turn: r.Turn, group: -1, left: !on[r.Turn]})
	}
	for _, t := range path {
		for _, r := range rows[t.ID] {
			k.said = append(k.said, entry{role: r.Role, digest: r.Digest, turn: t.ID, group: -1})
		}
		switch {
		case len(rows[t.ID]) > 0:
			k.last, k.own = t, nil
		case t.Origin != chat.FromElsewhere && t.Agent == s.Agent && !t.Compress:
			k.own = append(k.own, t)
		}
	}
	return k
}

// align says of rows that are new which are known already: rows of our turns, and
// copies that a compression made of what was said before. All else is new, also
// what looks like an old message: people do say "yes" twice.
func align(k known, f Fresh) aligned {
	fresh := f.Messages
	if f.Rewritten {
		fresh = repeated(k.held, fresh)
	}
	groups, copies, said := divide(k, fresh)
	owners := match(groups, k)
	var a aligned
	for i, g := range groups {
		a.newest = owners[i] == ""
		if a.newest {
			a.fresh = append(a.fresh, g)
			continue
		}
		for _, m := range g {
			a.kept = append(a.kept, chat.KeptRow{Turn: owners[i], Row: m.Row})
		}
	}
	for _, c := range copies {
		if turn := ownerOf(said, c, owners); turn != "" {
			a.kept = append(a.kept, chat.KeptRow{Turn: turn, Row: c})
		}
	}
	return a
}

func (e entry) is(m Message) bool { return e.role == m.Role && e.digest == m.Digest }

// ownerOf finds the turn of ours or of the log that a copy repeats a message of;
// "" = it is of a turn that is new.
func ownerOf(said []entry, copied chat.Row, owners []chat.TurnID) chat.TurnID {
	for _, e := range slices.Backward(said) {
		if !e.is(Message{Row: copied}) {
			continue
		}
		if e.group < 0 {
			return e.turn
		}
		return owners[e.group]
	}
	return ""
}

// divide makes turns of rows, and takes the copies and the summaries out.
func divide(k known, fresh []Message) (groups [][]Message, copies []chat.Row, said []entry) {
	said = k.said
	for _, m := range fresh {
		switch {
		case m.Copy:
			copies = append(copies, m.Row)
			continue
		case m.Summary:
			continue
		case m.Begins, len(groups) == 0:
			groups = append(groups, nil)
		}
		g := k.turnOf(groups, m)
		groups[g] = append(groups[g], m)
		said = append(said, entry{role: m.Role, digest: m.Digest, group: g})
	}
	return groups, copies, said
}

// turnOf says to which of the turns so far a row belongs: to the newest one, unless
// that has its answer and one of ours waits for its own. Somebody spoke elsewhere
// while it ran.
func (k known) turnOf(groups [][]Message, m Message) int {
	newest := len(groups) - 1
	if g := groups[newest]; m.Begins || len(g) == 0 || !g[len(g)-1].Ends {
		return newest
	}
	for i, g := range groups[:newest] {
		if g[len(g)-1].Ends {
			continue
		}
		for _, t := range k.own {
			if says(g, t.Prompt.Text) && within(t, g[0].At, late) && within(t, m.At, late) {
				return i
			}
		}
	}
	return newest
}

// match says which turn of ours each group is; "" = none. A turn of ours has its
// rows while it runs: only those of that time can be its own. The agent may keep
// its prompt in other words; then it is the first of that time.
func match(groups [][]Message, k known) []chat.TurnID {
	owners := make([]chat.TurnID, len(groups))
	if len(groups) > 0 && !groups[0][0].Begins && k.last != nil && k.last.Origin != chat.FromElsewhere {
		owners[0] = k.last.ID // written late
	}
	used := make([]bool, len(k.own))
	claim := func(fits func(g []Message, t *chat.Turn) bool) {
		for u, t := range k.own {
			for i, g := range groups {
				if !used[u] && owners[i] == "" && fits(g, t) {
					owners[i], used[u] = t.ID, true
				}
			}
		}
	}
	claim(func(g []Message, t *chat.Turn) bool { return says(g, t.Prompt.Text) && within(t, g[0].At, late) })
	claim(func(g []Message, t *chat.Turn) bool { return within(t, g[0].At, slack) })
	return owners
}

// says reports whether a group begins with a prompt; the agent may have put
// something before or after it.
func says(g []Message, prompt string) bool {
	prompt = strings.Join(strings.Fields(prompt), " ")
	return g[0].Begins && prompt != "" && strings.Contains(strings.Join(strings.Fields(g[0].Text), " "), prompt)
}

// within reports whether a row is of the time of a turn. Clocks of rows may be
// cut to whole seconds.
func within(t *chat.Turn, at time.Time, late time.Duration) bool {
	if t.StartedAt == nil || at.Before(t.StartedAt.Add(-time.Second)) {
		return false
	}
	return t.EndedAt == nil || !at.After(t.EndedAt.Add(late))
}
