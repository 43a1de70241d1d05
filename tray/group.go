package tray

import (
	"cmp"
	"context"
	"slices"
	"strings"
)

// group is a submenu whose entries come and go. An entry belongs to one thing
// for its whole life: it is never re-titled for another, because a person may be
// about to click on it.
type group struct {
	menu   *menu
	parent *entry
	alive  map[string]*member
	gone   []*entry // hidden; the oldest are removed
}

// keptHidden is how many hidden entries stay: a panel may still show them.
const keptHidden = 8

// member is one thing in a group.
type member struct {
	key   string
	title string
	lines []line
	entry *entry
}

// line is an entry in the submenu of a member; one without do is text.
type line struct {
	words string
	do    func(*menu, context.Context) error
}

// draw makes the group hold these members.
func (g *group) draw(next []*member) {
	stay := map[string]bool{}
	for _, m := range next {
		stay[m.key] = true
		if old := g.alive[m.key]; old != nil {
			old.entry.reword(m.title)
			continue
		}
		g.alive[m.key] = m
		g.open(m)
	}
	var gone []*member
	for key, m := range g.alive {
		if !stay[key] {
			gone = append(gone, m)
			delete(g.alive, key)
		}
	}
	slices.SortFunc(gone, func(a, b *member) int { return cmp.Compare(a.key, b.key) })
	for _, m := range gone {
		m.entry.hide()
		g.gone = append(g.gone, m.entry)
	}
	g.parent.visible(len(g.alive) > 0)
	for len(g.gone) > keptHidden {
		for _, e := range g.gone[0].below {
			e.item.remove()
		}
		g.gone[0].item.remove()
		g.gone = g.gone[1:]
	}
}

func (g *group) open(m *member) {
	m.entry = g.menu.heading(g.parent, m.title)
	for _, l := range m.lines {
		if l.do == nil {
			e := g.menu.heading(m.entry, l.words)
			e.able(false)
			m.entry.below = append(m.entry.below, e)
			continue
		}
		e := g.menu.command(m.entry, l.words, func(ctx context.Context) error { return l.do(g.menu, ctx) })
		m.entry.below = append(m.entry.below, e)
	}
}

// askMembers are the entries of what waits for a person.
func askMembers(asks []Ask) (all []*member) {
	for _, a := range asks {
		m := &member{
			key:   strings.Join([]string{a.ID, a.Digest, a.Title, a.Command, a.Why}, "\x00"),
			title: label(a.Title),
		}
		if m.title == "" {
			m.title = "A question"
		}
		for _, text := range []string{a.shown(), a.Why} {
			if text = plain(text); text != "" {
				m.lines = append(m.lines, line{words: cut(text, longestCommand)})
			}
		}
		if a.allowable() {
			m.lines = append(m.lines, line{"Allow once", answering(a, true)})
		}
		if a.Deny {
			m.lines = append(m.lines, line{"Deny", answering(a, false)})
		}
		m.lines = append(m.lines, line{"Open", opening(a.Path)})
		all = append(all, m)
	}
	return all
}

func answering(a Ask, allow bool) func(*menu, context.Context) error {
	return func(m *menu, ctx context.Context) error {
		return m.host.Answer(ctx, Answer{Ask: a.ID, Digest: a.Digest, Allow: allow})
	}
}

func opening(path string) func(*menu, context.Context) error {
	return func(m *menu, ctx context.Context) error { return m.host.Open(ctx, path) }
}

// turnMembers are the entries of what runs.
func turnMembers(turns []Turn) (all []*member) {
	for _, t := range turns {
		title := label(t.Title)
		if title == "" {
			title = "Untitled session"
		}
		all = append(all, &member{key: t.ID, title: title, lines: []line{
			{"Open", opening(t.Path)},
			{"Stop", func(m *menu, ctx context.Context) error { return m.host.StopTurn(ctx, t.ID) }},
		}})
	}
	return all
}
