package hermesdb

import (
	"cmp"
	"slices"
	"time"
)

// Lineage is one session as a person sees it. A compression may give it a new id:
// then it is a chain of the agent's sessions.
type Lineage struct {
	Root, Tip string   // the first and the newest of IDs
	IDs       []string // of the agent, oldest first
	Title     string   // "" = it has none, and no words yet
	Named     bool     // the agent or a person gave the title; else these are the first words
	Source    string   // who began it: cli, telegram, …
	Model     string
	Folder    string // "" = none
	StartedAt time.Time
	ActiveAt  time.Time // of the newest message
	Messages  int       // that the agent has in sight
	Archived  bool
}

// lineages makes of all sessions those that a sidebar shows: what began by itself
// or as a branch, each chain of compressions once, the last active first. Those
// in which nothing was said yet are left out.
func lineages(all map[string]*session) []Lineage {
	children := map[string][]*session{}
	for _, s := range all {
		if s.parent != "" {
			children[s.parent] = append(children[s.parent], s)
		}
	}
	made := make([]Lineage, 0, len(all))
	for _, s := range all {
		if !listed(s, all) {
			continue
		}
		if l, said := lineage(chain(s, children)); said {
			made = append(made, l)
		}
	}
	slices.SortFunc(made, func(a, b Lineage) int {
		return cmp.Or(b.ActiveAt.Compare(a.ActiveAt), b.StartedAt.Compare(a.StartedAt), cmp.Compare(b.Root, a.Root))
	})
	return made
}

// listed reports whether a lineage begins with s.
func listed(s *session, all map[string]*session) bool {
	if s.delegated || s.background {
		return false
	}
	parent := all[s.parent]
	return parent == nil || s.branch || parent.endReason == "branched" && s.started >= parent.ended
}

// chain follows the compressions from a session to the newest one, by the rules
// of the agent: a child that was compressed itself goes before one that is open,
// and this before one that has ended, which may be a leftover.
func chain(s *session, children map[string][]*session) []*session {
	line := []*session{s}
	for s.endReason == "compression" {
		var next *session
		for _, c := range children[s.id] {
			if c.branch || c.delegated || c.source == "tool" || slices.Contains(line, c) {
				continue
			}
			if next == nil || goesOn(c, next) < 0 {
				next = c
			}
		}
		if next == nil {
			break
		}
		line = append(line, next)
		s = next
	}
	return line
}

func goesOn(a, b *session) int {
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(last(b), last(a)), cmp.Compare(b.started, a.started), cmp.Compare(b.id, a.id))
}

func rank(s *session) int {
	switch {
	case s.endReason == "compression":
		return 0
	case s.ended == 0:
		return 1
	default:
		return 2
	}
}

func last(s *session) float64 {
	if s.active > 0 {
		return s.active
	}
	return s.started
}

// lineage says of a chain what the list shows; false = nothing was said in it.
func lineage(line []*session) (Lineage, bool) {
	root, tip := line[0], line[len(line)-1]
	l := Lineage{
		Root: root.id, Tip: tip.id, Source: root.source, Model: tip.model, Folder: cmp.Or(tip.folder, root.folder),
		StartedAt: at(root.started), Messages: tip.messages, Archived: tip.archived,
	}
	active, said := 0.0, false
	for _, s := range slices.Backward(line) {
		l.IDs = append(l.IDs, s.id)
		active = max(active, last(s))
		said = said || s.active > 0 || s.title != ""
		if l.Title == "" {
			l.Title, l.Named = s.title, s.title != ""
		}
	}
	slices.Reverse(l.IDs)
	l.ActiveAt = at(active)
	l.Title = cmp.Or(l.Title, root.first)
	return l, said
}
