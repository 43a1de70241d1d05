package hermesdb

// Alignment says what of the rows that an agent has is known. A row that is
// neither known nor a copy nor a summary is a new message.
type Alignment struct {
	Known []int // for each stored row the index of the held one that says the same, -1 = there is none
	Copy  []int // for each stored row the index of the stored one that it repeats, -1 = none
	Gone  []int // indexes of held rows that nothing stored says any more: taken back, or cut away
}

// Align compares the rows that were seen before with all that the agent has now,
// both in order. It first goes by id. What a compression has written again is
// found by role and digest, see Row; so is what stays of a session that an edit
// has written anew, with other ids. Nothing else that looks like a held row is
// taken for one.
func Align(held, stored []Row) Alignment {
	a := Alignment{Known: make([]int, len(stored))}
	byID := make(map[int64]int, len(held))
	for i, h := range held {
		byID[h.ID] = i
	}
	there := make([]bool, len(held))
	n := numbering{}
	a.Copy = copies(n.keys(stored))
	for i, s := range stored {
		at, ok := byID[s.ID]
		switch {
		case ok:
			a.Known[i], there[at] = at, true
		case a.Copy[i] >= 0:
			a.Known[i] = a.Known[a.Copy[i]]
		default:
			a.Known[i] = -1
		}
	}
	a.rewritten(held, stored, there, n)
	for i, ok := range there {
		if !ok && !held[i].Copy {
			a.Gone = append(a.Gone, i)
		}
	}
	return a
}

// rewritten finds what of the held rows that are gone was written anew, where a
// whole session was.
func (a *Alignment) rewritten(held, stored []Row, there []bool, n numbering) {
	var gone, fresh []int
	lives := map[string]bool{}
	for i, h := range held {
		lives[h.Session] = lives[h.Session] || there[i]
		if !there[i] && !h.Copy {
			gone = append(gone, i)
		}
	}
	for i, s := range stored {
		if a.Known[i] < 0 && a.Copy[i] < 0 && !lives[s.Session] {
			fresh = append(fresh, i)
		}
	}
	if len(gone) == 0 || len(fresh) == 0 {
		return
	}
	keys := make([]key, 0, len(gone)+len(fresh))
	for _, i := range gone {
		keys = append(keys, n.key(held[i]))
	}
	for _, i := range fresh {
		keys = append(keys, n.key(stored[i]))
	}
	for i, of := range repeated(keys, len(gone)) {
		if of >= 0 && i >= len(gone) {
			a.Known[fresh[i-len(gone)]] = gone[of]
			there[gone[of]] = true
		}
	}
	for i, of := range a.Copy {
		if of >= 0 {
			a.Known[i] = a.Known[of]
		}
	}
}

// repeated finds what of the first n rows the others repeat.
func repeated(all []key, n int) []int {
	s := searching{all: all, of: make([]int, len(all))}
	for i := range s.of {
		s.of[i] = -1
	}
	s.generation(n)
	return s.of
}

// numbering numbers sessions.
type numbering map[string]int

func (n numbering) keys(rows []Row) []key {
	all := make([]key, 0, len(rows))
	for _, r := range rows {
		all = append(all, n.key(r))
	}
	return all
}

func (n numbering) key(r Row) key {
	if _, ok := n[r.Session]; !ok {
		n[r.Session] = len(n)
	}
	k := key{id: r.ID, session: n[r.Session], role: r.Role, digest: r.Digest, earlier: r.Earlier}
	if r.Summary {
		k.kind = summary
	}
	return k
}
