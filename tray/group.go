package tray

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// group is a submenu whose entries come and go. An entry belongs to one thing
// for its whole life: it is never re-titled for another, because a person may be
// about to click on it. All stand in one menu, what belongs to a thing indented
// below its title: menus in menus in menus stay empty in panels of GTK.
type group struct {
	menu   *menu
	parent *entry
	alive  map[string]*member
	gone   []*member // hidden; the oldest are removed
	rest   *entry    // stands for those that are not shown; first, so that nothing comes after it
	moved  time.Time // when entries last moved up under whatever points at them
}

const (
	keptHidden = 8 // things whose entries stay: a panel may still show them
	// mostShown is what a person may look through in a menu, and a panel can fetch
	// anew with every change; the page has them all.
	mostShown = 12
	indent    = "    "
	// aimed is how long a person takes to see that another entry is under the
	// pointer now: what is allowed sooner was meant for something else.
	aimed = 700 * time.Millisecond
)

var errMoved = errors.New("the menu had just changed, so nothing was allowed; look again")

// member is one thing in a group.
type member struct {
	key     string
	title   string
	lines   []line
	entries []*entry // the title, then the lines
}

// line is an entry below the title of a member; one without do is text.
type line struct {
	words string
	do    deed
}

// deed is called in the loop and returns what is done apart from it.
type deed func(*menu) func(context.Context) error

// newGroup makes one in the submenu of parent.
func newGroup(m *menu, parent *entry) group {
	rest := m.command(parent, "More", func(ctx context.Context) error { return m.host.Open(ctx, "") })
	rest.hide()
	return group{menu: m, parent: parent, alive: map[string]*member{}, rest: rest}
}

// draw makes the group hold these members, oldest first.
func (g *group) draw(next []*member) {
	next = g.few(next)
	stay := map[string]bool{}
	for _, m := range next {
		stay[m.key] = true
		if old := g.alive[m.key]; old != nil {
			old.entries[0].reword(m.title)
			continue
		}
		g.alive[m.key] = m
		g.open(m)
	}
	for _, key := range slices.Sorted(maps.Keys(g.alive)) {
		if stay[key] {
			continue
		}
		for _, e := range g.alive[key].entries {
			e.hide()
		}
		g.moved = time.Now()
		g.gone = append(g.gone, g.alive[key])
		delete(g.alive, key)
	}
	g.parent.visible(len(g.alive) > 0)
	for ; len(g.gone) > keptHidden; g.gone = g.gone[1:] {
		for _, e := range g.gone[0].entries {
			e.item.remove()
		}
	}
}

// few returns those that are shown, and says how many are not.
func (g *group) few(all []*member) []*member {
	over := len(all) - mostShown
	if g.rest.now.hidden == (over > 0) {
		g.moved = time.Now()
	}
	if over <= 0 {
		g.rest.hide()
		return all
	}
	g.rest.say(fmt.Sprintf("%d more, in the page", over))
	return all[:mostShown]
}

func (g *group) open(m *member) {
	text := func(words string) *entry {
		e := g.menu.heading(g.parent, words)
		e.able(false)
		return e
	}
	m.entries = []*entry{text(m.title)}
	for _, l := range m.lines {
		if l.do == nil {
			m.entries = append(m.entries, text(indent+l.words))
			continue
		}
		e := g.menu.add(g.parent, indent+l.words, false, nil)
		e.choose = func() { g.menu.loop.call(l.words, e, l.do(g.menu)) }
		m.entries = append(m.entries, e)
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
		m.lines = append(m.lines, line{"Open", opening(a.Path)})
		if a.allowable() {
			m.lines = append(m.lines, line{"Allow once", allowing(a)})
		}
		if a.Deny {
			m.lines = append(m.lines, line{"Deny", answering(a, false)})
		}
		all = append(all, m)
	}
	return all
}

// allowing answers, unless the person cannot have seen what they chose.
func allowing(a Ask) deed {
	yes := answering(a, true)
	return func(m *menu) func(context.Context) error {
		if time.Since(m.asks.moved) < aimed {
			return func(context.Context) error { return errMoved }
		}
		return yes(m)
	}
}

func answering(a Ask, allow bool) deed {
	return func(m *menu) func(context.Context) error {
		return func(ctx context.Context) error {
			return m.host.Answer(ctx, Answer{Ask: a.ID, Digest: a.Digest, Allow: allow})
		}
	}
}

func opening(path string) deed {
	return func(m *menu) func(context.Context) error {
		return func(ctx context.Context) error { return m.host.Open(ctx, path) }
	}
}

func stopping(turn string) deed {
	return func(m *menu) func(context.Context) error {
		return func(ctx context.Context) error { return m.host.StopTurn(ctx, turn) }
	}
}

// turnMembers are the entries of what runs.
func turnMembers(turns []Turn) (all []*member) {
	for _, t := range turns {
		title := label(t.Title)
		if title == "" {
			title = "Untitled session"
		}
		all = append(all, &member{key: t.ID, title: title, lines: []line{{"Open", opening(t.Path)}, {"Stop", stopping(t.ID)}}})
	}
	return all
}
