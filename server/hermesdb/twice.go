package hermesdb

import "slices"

// twice finds what stands in a session twice as a whole: all that is in sight, from
// the first row on, each with the same moment.
func twice(all []key) []int {
	of := make([]int, len(all))
	var rows []int // of one session, in sight
	for i, k := range all {
		of[i] = -1
		if len(rows) > 0 && all[rows[0]].session != k.session {
			rows = rows[:0]
		}
		if k.hidden || k.earlier {
			continue
		}
		rows = append(rows, i)
		n := len(rows) / 2
		if len(rows)%2 != 0 || n < 2 || !slices.EqualFunc(rows[:n], rows[n:], func(a, b int) bool { return all[a].is(all[b]) && all[a].at.Equal(all[b].at) }) {
			continue
		}
		for j, row := range rows[n:] {
			of[row] = rows[j]
		}
		rows = rows[:n]
	}
	return of
}
