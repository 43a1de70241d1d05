package main

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"hermes-webui/server/chat"
	"hermes-webui/server/health"
	"hermes-webui/tray"
)

// trayFeed derives what the tray shows from the log, as every page does, and
// from the board of what is true now. It reads only when one of them changed.
type trayFeed struct {
	p      *process
	link   *trayLink
	reader chat.Reader
	ctx    context.Context
	wake   chan struct{} // something changed; holds one

	mu    sync.Mutex
	at    tray.Phase
	wrong string // what the server's own probe found; "" = nothing
	other bool   // the board changed since the start at login was looked at

	login tray.Login // as it was looked at; for draw alone
}

// openTray begins to feed the tray, if there is one.
func (p *process) openTray(context.Context) error {
	p.unshow = func() {}
	if p.Link == nil {
		return nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	f := &trayFeed{p: p, link: p.Link, reader: p.core.mirror.Over(p.core.store), ctx: ctx, wake: make(chan struct{}, 1), at: tray.Ready, other: true}
	cursor := p.core.store.Newest()
	watch := p.core.status.Watch(nil, f.board)
	var all sync.WaitGroup
	all.Go(func() { f.follow(cursor) })
	all.Go(f.draw)
	all.Go(func() { _, _ = p.checks.Run(ctx) }) // its end is told on the board
	p.Link.feed.Store(f)
	p.Link.server.Store(p)
	f.poke()
	p.unshow = func() { cancel(); all.Wait(); watch.Close() }
	return nil
}

// closeTray shows that the server stops. The tray goes with the process.
func (p *process) closeTray(context.Context) error {
	p.unshow()
	if p.Link != nil {
		p.Link.server.Store(nil)
		p.Link.feed.Store(nil)
		p.Link.show(tray.State{Phase: tray.Stopping, Version: version})
	}
	return nil
}

func (f *trayFeed) poke() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// board is called when something changed that is not in the log.
func (f *trayFeed) board() {
	f.mu.Lock()
	f.other = true
	f.mu.Unlock()
	f.poke()
}

// phase says that the server is otherwise than before.
func (f *trayFeed) phase(at tray.Phase) {
	f.mu.Lock()
	f.at = at
	f.mu.Unlock()
	f.poke()
}

// trouble says what the server's own probe found.
func (f *trayFeed) trouble(what string) {
	f.mu.Lock()
	changed := f.wrong != what
	f.wrong = what
	f.mu.Unlock()
	if changed {
		f.poke()
	}
}

// draw shows the state whenever something changed.
func (f *trayFeed) draw() {
	for {
		select {
		case <-f.ctx.Done():
			return
		case <-f.wake:
		}
		s, err := f.state()
		if f.ctx.Err() != nil {
			return
		}
		if err != nil {
			f.p.log.Warn("the tray cannot be told what runs", "err", err)
			s.Phase, s.Trouble = tray.NotAnswering, sentence(err)
		}
		f.link.show(s)
	}
}

// follow reads the headlines of the log: the tray changes with them, and some
// are worth a message.
func (f *trayFeed) follow(cursor chat.Seq) {
	log, bell := f.p.core.store, f.p.core.store.Bell()
	for {
		events, err := log.After(f.ctx, cursor, chat.Filter{}, 256)
		if err != nil {
			if f.ctx.Err() == nil {
				f.p.log.Error("follower ended", "follower", "tray", "err", err)
			}
			return
		}
		changed := false
		for _, e := range events {
			changed = f.take(e) || changed
			cursor = e.Seq
		}
		if changed {
			f.poke()
		}
		if len(events) > 0 {
			continue
		}
		if bell.Wait(f.ctx, cursor, chat.Filter{}) != nil {
			return
		}
	}
}

// take reports whether an event changes what the tray shows.
func (f *trayFeed) take(e chat.Event) bool {
	f.herald().take(e)
	switch e.Body.(type) {
	case chat.TurnStarted, chat.SessionChanged, chat.AskRaised, chat.AskClosed, chat.TurnEnded:
		return true
	default:
		return false
	}
}

func (f *trayFeed) herald() herald {
	return herald{notify: f.link.notify, watched: f.watched, title: f.title, began: f.began}
}

// began says when a turn started.
func (f *trayFeed) began(id chat.TurnID) (time.Time, bool) {
	row, err := f.reader.Turn(f.ctx, id)
	if err != nil || row.StartedAt == nil {
		return time.Time{}, false
	}
	return row.StartedAt.Time, true
}

// watched reports whether a person has a page in front of them.
func (f *trayFeed) watched() bool {
	s := f.p.pages.Load()
	return s != nil && s.Watched()
}

func pathOf(s chat.SessionID) string { return "/s/" + string(s) }

func (f *trayFeed) title(id chat.SessionID) string {
	s, _, _ := f.reader.Session(f.ctx, id) // without it the message says less
	return s.Title
}

// state reads what is true now.
func (f *trayFeed) state() (tray.State, error) {
	f.mu.Lock()
	s := tray.State{Phase: f.at, Address: f.p.url(), Version: version, Details: "/settings/health"}
	if f.wrong != "" && s.Phase == tray.Ready {
		s.Phase, s.Trouble = tray.NotAnswering, f.wrong
	}
	look := f.other
	f.other = false
	f.mu.Unlock()
	if look { // in a file, which is not read for each event of the log
		f.login = f.p.loginState(f.ctx)
	}
	s.Login = f.login
	s.Agent, s.Checks = f.missing(), trayChecks(f.p.checks.Last().Checks)
	live, err := f.reader.Live(f.ctx)
	if err != nil {
		return s, err
	}
	for _, t := range live {
		s.Turns = append(s.Turns, tray.Turn{ID: string(t.ID), Title: f.title(t.Session), Path: pathOf(t.Session)})
	}
	asks, _, err := f.reader.Asks(f.ctx)
	for _, a := range asks {
		s.Asks = append(s.Asks, trayAsk(a))
	}
	return s, err
}

// noAgent is what to do when there is nobody to talk to.
const noAgent = "install one, or connect a model"

// missing says why there is nobody to talk to, if so.
func (f *trayFeed) missing() string {
	all, err := f.p.core.agents(f.ctx)
	if err != nil || slices.ContainsFunc(all, func(a health.Agent) bool { return a.Ready }) {
		return "" // it is still looked for, or the check says what is wrong
	}
	return noAgent
}

// trayAsk is an ask in the words of the tray.
func trayAsk(a chat.Ask) tray.Ask {
	offers := func(choice string) bool {
		return a.Kind == chat.Approval && slices.ContainsFunc(a.Choices, func(c chat.Choice) bool { return c.ID == choice })
	}
	return tray.Ask{
		ID: string(a.ID), Digest: a.Digest, Title: a.Title, Command: a.Command, Why: a.Why,
		Danger: a.Danger != "" || a.Level > 0, More: a.Diff != "", Allow: offers("once"), Deny: offers("deny"), Path: pathOf(a.Session),
	}
}

// checkNames are the words of the page for checks whose names are not.
var checkNames = map[string]string{
	"state_db": "Agent's database", "stream_runtime": "Streams", "streams_lock": "Pages", "store": "Database", "writer": "Saving",
	"fds": "Open files", "goroutines": "Tasks", "lanes": "Turns",
}

// trayChecks are the checks of a round, what is not well first. Whether there
// is an agent is said apart, because that is known at once.
func trayChecks(round health.Results) (all []tray.Check) {
	for name, one := range round {
		if name == "agent" {
			continue
		}
		word := strings.ReplaceAll(name, "_", " ")
		all = append(all, tray.Check{
			Name: cmp.Or(checkNames[name], strings.ToUpper(word[:1])+word[1:]),
			Well: one.Status == health.OK || one.Status == health.Missing, Word: strings.TrimSuffix(one.Says, "."), Fix: one.Fix,
		})
	}
	slices.SortFunc(all, func(a, b tray.Check) int {
		if a.Well != b.Well {
			if a.Well {
				return 1
			}
			return -1
		}
		return cmp.Compare(a.Name, b.Name)
	})
	return all
}
