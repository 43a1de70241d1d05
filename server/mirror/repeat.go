package mirror

import "slices"

// repeated marks as copies what rows that were written anew repeat of what was
// held: from some message on, after each summary again, up to where somebody went
// on in another way.
func repeated(held []entry, fresh []Message) []Message {
	fresh = slices.Clone(fresh)
	var rows []int
	for i, m := range fresh {
		if !m.Copy && !m.Summary {
			rows = append(rows, i)
		}
	}
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && !cutBetween(fresh, rows[n-1], rows[n]) {
			n++
		}
		same, end := longest(held, fresh, rows[:n])
		for _, i := range rows[:same] {
			fresh[i].Copy = true
		}
		if same < n {
			break
		}
		held, rows = held[end:], rows[n:]
	}
	return fresh
}

// cutBetween reports whether a compression took something away between two rows.
func cutBetween(fresh []Message, before, at int) bool {
	return fresh[at].Cut || slices.ContainsFunc(fresh[before+1:at], func(m Message) bool { return m.Summary })
}

// longest finds the messages of held that most of the first rows repeat: how many
// do, and where they end.
func longest(held []entry, fresh []Message, rows []int) (same, end int) {
	for from := range held {
		if n, to := run(held[from:], fresh, rows); n > same {
			same, end = n, from+to
		}
	}
	return same, end
}

// run counts the rows that repeat held from its beginning. What was left here the
// agent may hold or not; alone it is nothing to go by: a turn that is done again
// has the same prompt.
func run(held []entry, fresh []Message, rows []int) (same, end int) {
	n := 0
	for p, e := range held {
		switch {
		case n == len(rows):
			return same, end
		case e.is(fresh[rows[n]]):
			n++
		case e.left && n > 0:
			continue
		default:
			return same, end
		}
		if !e.left {
			same, end = n, p+1
		}
	}
	return same, end
}
