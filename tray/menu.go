package tray

import (
	"context"
)

// menu is the tray as it is drawn. The goroutine of its loop owns it.
type menu struct {
	surface surface
	loop    *loop
	host    Host
	state   State
	picture string // name of the icon that is shown
	hint    string // tooltip

	line, needs, running, restart, agent, login, version *entry
	closing, stop, quit                                  *entry
	checks                                               []*entry
	asks, turns                                          group
	quitting, renewing                                   doubt
}

const (
	checkLines = 24 // of the submenu of checks
	agentWords = "Restart agent"
	quitWords  = "Quit (stops the server)"
	stopWords  = "Stop server"
)

var loginWords = map[Login]string{
	LoginOff:     "Start at login",
	LoginOn:      "Start at login",
	LoginStale:   "Start at login (of another copy, choose to mend)",
	LoginDesktop: "Start at login (turned off by the desktop)",
}

// build makes all entries that always exist, in their order.
func (m *menu) build() {
	m.command(nil, "Open Hermes Web UI", func(ctx context.Context) error { return m.host.Open(ctx, "") })
	m.line = m.text(nil)
	m.needs, m.running = m.heading(nil, "Needs you"), m.heading(nil, "Running")
	m.surface.submenu(m.needs.item)
	m.surface.submenu(m.running.item)
	m.surface.separator(nil)
	m.command(nil, "New session", m.host.NewSession)
	m.restart = m.command(nil, "Restart server", m.host.Restart)
	m.buildHealth()
	m.surface.separator(nil)
	m.login = m.add(nil, loginWords[LoginOff], true, nil)
	m.login.choose = func() { m.loop.call("start at login", m.login, m.host.ToggleLogin) }
	m.command(nil, "Open logs folder", m.host.OpenLogs)
	m.version = m.text(nil)
	m.surface.separator(nil)
	m.closing = m.command(nil, "Close tray (the server keeps running)", m.host.CloseTray)
	m.stop = m.add(nil, stopWords, false, func() { m.askedToQuit(m.stop) })
	m.quit = m.add(nil, quitWords, false, func() { m.askedToQuit(m.quit) })
	m.quitting = doubt{menu: m, words: map[*entry]string{m.quit: quitWords, m.stop: stopWords}}
	m.asks = newGroup(m, m.needs)
	m.turns = newGroup(m, m.running)
}

func (m *menu) buildHealth() {
	health := m.heading(nil, "Health")
	diagnostics := m.add(health, "Open diagnostics", false, nil)
	diagnostics.choose = func() {
		path := m.state.Details
		m.loop.call("open diagnostics", diagnostics, func(ctx context.Context) error { return m.host.Open(ctx, path) })
	}
	m.agent = m.add(health, agentWords, false, m.askedForAgent)
	m.renewing = doubt{menu: m, words: map[*entry]string{m.agent: agentWords}}
	m.surface.separator(health.item)
	for range checkLines {
		m.checks = append(m.checks, m.text(health))
	}
}

// add appends an entry. choose runs in the loop.
func (m *menu) add(parent *entry, words string, checkbox bool, choose func()) *entry {
	e := &entry{now: look{label: mnemonic(words)}, choose: choose}
	e.item = m.surface.add(below(parent), e.now.label, checkbox, func() {
		m.loop.post(func() {
			if !e.now.hidden && !e.now.disabled {
				e.choose()
			}
		})
	})
	return e
}

// heading appends an entry that cannot be chosen: a line of text, or a menu in
// the menu.
func (m *menu) heading(parent *entry, words string) *entry {
	return &entry{item: m.surface.add(below(parent), mnemonic(words), false, nil), now: look{label: mnemonic(words)}}
}

func below(parent *entry) item {
	if parent == nil {
		return nil
	}
	return parent.item
}

// command appends an entry that calls the host, and cannot be chosen again
// before that is done.
func (m *menu) command(parent *entry, words string, do func(context.Context) error) *entry {
	e := m.add(parent, words, false, nil)
	e.choose = func() { m.loop.call(words, e, do) }
	return e
}

// text appends a line, hidden until it says something.
func (m *menu) text(parent *entry) *entry {
	e := m.heading(parent, "")
	e.able(false)
	e.hide()
	return e
}

// draw shows a state.
func (m *menu) draw(s State) {
	m.state = s
	if mark := s.Mark(); mark != m.picture {
		m.picture = mark
		m.surface.icon(icon(mark))
	}
	if hint := "Hermes Web UI: " + cut(plain(s.Line()), 100); hint != m.hint {
		m.hint = hint
		m.surface.tooltip(hint)
	}
	m.line.say(label(s.Line()))
	m.asks.draw(askMembers(s.Asks))
	m.turns.draw(turnMembers(s.Turns))
	m.restart.able(s.Phase == Ready || s.Phase == NotAnswering)
	m.agent.able(s.Phase == Ready)
	m.drawChecks(s)
	m.drawLogin(s.Login)
	m.version.say(label("Hermes Web UI " + s.Version))
	m.closing.visible(s.Service)
	m.stop.visible(s.Service)
	m.quit.visible(!s.Service)
	if len(s.Turns) == 0 {
		m.quitting.takeBack()
		m.renewing.takeBack()
	}
}

func (m *menu) drawLogin(l Login) {
	words, known := loginWords[l]
	if !known {
		m.login.hide()
		return
	}
	m.login.draw(look{label: mnemonic(words), ticked: l == LoginOn, disabled: m.login.busy})
}

// drawChecks shows what is looked at, and under what is not well its fix.
func (m *menu) drawChecks(s State) {
	var lines []string
	for _, c := range s.Checks {
		sign := "✓ "
		if !c.Well {
			sign = "✗ "
		}
		lines = append(lines, sign+label(joined(c.Name, c.Word)))
		if !c.Well && c.Fix != "" {
			lines = append(lines, indent+label(c.Fix))
		}
	}
	if len(lines) == 0 {
		lines = []string{"Nothing was looked at yet"}
	}
	if len(lines) > checkLines {
		lines = append(lines[:checkLines-1], "More in the diagnostics")
	}
	for i, e := range m.checks {
		if i < len(lines) {
			e.say(lines[i])
		} else {
			e.hide()
		}
	}
}
