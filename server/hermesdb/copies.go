package hermesdb

import (
	"slices"
	"time"
)

// key is a message as far as its place in the conversation goes.
type key struct {
	id      int64
	session int // index of the agent's session in the lineage
	role    string
	digest  string
	kind    kind
	earlier bool // a compression took it out of the agent's sight
	hidden  bool // it was taken back
	at      time.Time
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
//
// Before it goes on in a new session, an agent that had read the old one writes
// all of this down there once more; see twice.
func copies(all []key) []int {
	of := twice(all)
	var once []key
	var place []int // of each in all
	for i, row := range of {
		if row < 0 {
			once, place = append(once, all[i]), append(place, i)
		}
	}
	for i, row := range compressed(once) {
		if row >= 0 {
			of[place[i]] = place[row]
		}
	}
	return of
}

// compressed is copies without those.
func compressed(all []key) []int {
	s := searching{all: all, of: make([]int, len(all))}
	for i := range s.of {
		s.of[i] = -1
	}
	for i := 1; i < len(all); {
		start := i
		switch {
		case s.begins(i):
		case s.newSummary(i, i):
			start -= s.headBefore(i)
		default:
			i++
			continue
		}
		i = max(s.generation(start), i+1)
	}
	return s.of
}

// searching is a search for copies.
type searching struct {
	all   []key
	of    []int
	sight int // first of what the agent had in sight before the compression
}

// begins reports whether row i is surely the first that a compression wrote: of
// another session, or the first that the agent has in sight after ones that it
// has not.
func (s *searching) begins(i int) bool {
	if i == 0 {
		return true
	}
	before := i - 1
	for before > 0 && s.all[before].hidden {
		before--
	}
	return s.all[i].session != s.all[i-1].session || s.all[before].earlier && !s.all[i].earlier && !s.all[i].hidden
}

// newSummary reports whether row i is a summary that the agent had not in sight
// before to: the one of the compression before may be a part of the beginning.
func (s *searching) newSummary(to, i int) bool {
	k := s.all[i]
	return k.summarises() && !slices.ContainsFunc(s.all[s.sight:to], func(o key) bool { return o.kind == summary && o.is(k) })
}

// maxHead is the longest beginning that a compression leaves, more than agents do.
const maxHead = 16

// headBefore returns how many rows before the summary at i repeat the beginning of
// what was in sight.
func (s *searching) headBefore(i int) int {
	for n := min((i-s.sight)/2, maxHead); n > 0; n-- {
		old := s.old(i - n)
		if len(s.run(old, i-n, i)) != n {
			continue
		}
		if n > 1 || len(s.tail(old[n:], s.afterSummary(i), false)) > 0 { // else it may be chance
			return n
		}
	}
	return 0
}

// old returns the rows that the agent had in sight when it wrote row start.
func (s *searching) old(start int) []int {
	var old []int
	for i := s.sight; i < start; i++ {
		if !s.all[i].hidden {
			old = append(old, i)
		}
	}
	return old
}

// run returns of which rows the ones from i on are copies, as far as they repeat
// the first ones of old.
func (s *searching) run(old []int, i, end int) []int {
	var of []int
	for n := 0; n < len(old) && i < end; n, i = n+1, i+1 {
		if !s.all[i].is(s.all[old[n]]) {
			more := s.joins(old[n:], i, end)
			if more == 0 {
				break
			}
			n += more
		}
		of = append(of, old[n])
	}
	return of
}

// joins reports how many messages of a person, besides the first one of old, row i
// has joined to that: so the agent writes those anew that follow each other. What
// comes next is the same.
func (s *searching) joins(old []int, i, end int) int {
	if i+1 >= end || s.all[i].role != "user" {
		return 0
	}
	for n, row := range old {
		switch {
		case n > 1 && s.all[i+1].is(s.all[row]):
			return n - 1
		case s.all[row].role != "user":
			return 0
		}
	}
	return 0
}

// generation marks the copies in what a compression wrote, from start on, and
// returns the first row after these.
func (s *searching) generation(start int) int {
	old := s.old(start)
	mark := s.summaryNear(start)
	i := start
	if mark < 0 { // without a summary, what does not repeat the beginning is new
		mark = start + len(s.run(old, start, len(s.all)))
	}
	for rest := old; i < mark && len(rest) > 0; {
		head := s.run(rest, i, mark)
		if len(head) == 0 {
			rest = rest[1:]
			continue
		}
		s.mark(i, head)
		i += len(head)
		rest = rest[slices.Index(rest, head[len(head)-1])+1:]
		old = rest
	}
	i = s.afterSummary(mark)
	end := s.tail(old, i, s.begins(start))
	s.mark(i, end)
	if len(end) > 0 || s.of[start] >= 0 || s.begins(start) { // else it was all written anew, what was before is in sight still
		s.sight = start
	}
	return i + len(end)
}

func (s *searching) afterSummary(i int) int {
	for i < len(s.all) && s.all[i].kind == summary {
		i++
	}
	return i
}

// mark notes of which rows those from i on are copies, or of what these repeat.
func (s *searching) mark(i int, of []int) {
	for j, row := range of {
		if s.of[row] >= 0 {
			row = s.of[row]
		}
		s.of[i+j] = row
	}
}

// summaryNear returns the summary that a compression wrote after the beginning
// that it left, -1 = there is none.
func (s *searching) summaryNear(start int) int {
	for i := start; i < len(s.all) && i <= start+maxHead && s.all[i].session == s.all[start].session; i++ {
		if s.newSummary(start, i) {
			return i
		}
	}
	return -1
}

// tail returns of which rows of old the ones from i on are copies. They need not
// reach the end: what came last may not have been kept, or was cut away since. A
// single prompt is a copy only where it is sure that there are copies.
func (s *searching) tail(old []int, i int, sure bool) []int {
	var best []int
	for p := range slices.Backward(old) {
		if r := s.run(old[p:], i, len(s.all)); len(r) > len(best) {
			best = r
		}
	}
	if len(best) == 1 && !sure && s.all[i].role == "user" {
		return nil
	}
	return best
}
