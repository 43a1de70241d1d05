package hermesdb

// key is a message as far as its place in the conversation goes.
type key struct {
	id      int64
	session int // index of the agent's session in the lineage
	role    string
	digest  string
	kind    kind
	earlier bool // a compression took it out of the agent's sight
}

func (k key) is(other key) bool { return k.role == other.role && k.digest == other.digest }

func (k key) summarises() bool { return k.kind == summary || k.kind == merged }

// copies finds the messages that a compression has written anew: copies[i] is the
// index of the message that i repeats, -1 = it says something new.
//
// A compression leaves the beginning and the end of what the agent had in sight,
// with a summary between them, and writes it down as new rows: in a new session
// (rotating), or in the same one, whose older rows are marked (in place). So the
// copies of the beginning come before the summary and those of the end after it.
// Nothing else that looks like an older message is taken for a copy: people do
// say "yes" twice.
func copies(all []key) []int {
	of := make([]int, len(all))
	for i := range of {
		of[i] = -1
	}
	sight := 0 // first of what the agent had in sight before the compression
	for i := 1; i < len(all); {
		start := i
		switch {
		case begins(all, i):
		case all[i].summarises():
			start -= headBefore(all, of, sight, i)
		default:
			i++
			continue
		}
		next := generation(all, of, sight, start)
		sight, i = start, max(next, i+1)
	}
	return of
}

// begins reports whether row i is surely the first that a compression wrote: of
// another session, or the first that the agent has in sight after ones that it
// has not.
func begins(all []key, i int) bool {
	return all[i].session != all[i-1].session || all[i-1].earlier && !all[i].earlier
}

// headBefore returns how many rows before the summary at i repeat the beginning of
// what was in sight.
func headBefore(all []key, of []int, sight, i int) int {
	for n := min((i-sight)/2, maxHead); n > 0; n-- {
		same := true
		for j := 0; j < n && same; j++ {
			same = of[i-n+j] < 0 && all[sight+j].is(all[i-n+j])
		}
		if same {
			return n
		}
	}
	return 0
}

// maxHead is the longest beginning that a compression leaves, more than agents do.
const maxHead = 16

// generation marks the copies in what a compression wrote, from start on, of what
// was in sight, from sight on. It returns the first row after these.
func generation(all []key, of []int, sight, start int) int {
	i := start
	mark := summaryNear(all, start)
	for from := sight; i < len(all) && i != mark && from < start; from++ {
		switch {
		case all[i].is(all[from]):
			of[i] = origin(of, from)
			i++
			sight = from + 1
		case mark < 0:
			from = start // without a summary between them, the rest is new
		}
	}
	for i = max(i, mark); i < len(all) && all[i].kind == summary; i++ {
		continue
	}
	n, end := tail(all, sight, start, i)
	for j := range n {
		of[i+j] = origin(of, end-n+j)
	}
	return i + n
}

// summaryNear returns the summary that a compression wrote after the beginning
// that it left, -1 = there is none.
func summaryNear(all []key, start int) int {
	for i := start; i < len(all) && i <= start+maxHead && all[i].session == all[start].session; i++ {
		if all[i].summarises() {
			return i
		}
	}
	return -1
}

// origin is the message itself of which row i may be a copy.
func origin(of []int, i int) int {
	if of[i] >= 0 {
		return of[i]
	}
	return i
}

// unwritten is how many of the newest messages a compression may leave out without
// a word, e.g. what the program said to the model for a single answer.
const unwritten = 4

// tail returns how many rows from i on repeat the last ones of from..start, and
// where these end.
func tail(all []key, from, start, i int) (n, end int) {
	for end := start; end > from && end >= start-unwritten; end-- {
		if n := repeated(all, from, end, i); n > 1 || n == 1 && end == start {
			return n, end
		}
	}
	return 0, start
}

// repeated returns how many rows from i on repeat the last ones of from..end.
func repeated(all []key, from, end, i int) int {
	for n := min(end-from, len(all)-i); n > 0; n-- {
		same := true
		for j := 0; j < n && same; j++ {
			same = all[i+j].is(all[end-n+j])
		}
		if same {
			return n
		}
	}
	return 0
}
