package turn

import (
	"context"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// Elsewhere knows what agents keep of sessions that other programs write too.
type Elsewhere interface {
	// Knows reports whether a session is one of them.
	Knows(s chat.Session) bool
	// Transcript returns all turns of a foreign session, oldest first.
	Transcript(ctx context.Context, s chat.Session) (chat.News, error)
	// News returns what the agent has of a session of ours that the log has not.
	// kept is all of Kept.Messages, path all of Reader.Path.
	News(ctx context.Context, s chat.Session, kept []chat.KeptRow, path []*chat.Turn) (chat.News, error)
}

// Kept is the part of the log that knows where agents keep what is in it.
type Kept interface {
	Messages(ctx context.Context, id chat.SessionID) ([]chat.KeptRow, error)
	// Import commits turns that SessionCaughtUp is to show.
	Import(ctx context.Context, id chat.SessionID, turns []chat.Settled) error
	// Unimport takes back turns of a foreign session.
	Unimport(ctx context.Context, id chat.SessionID) error
}

// caughtUp is what a session needs to be up to date with its agent.
type caughtUp struct {
	head *chat.TurnID // of a session that becomes ours; its turns are in the log
	news chat.News
}

// whileBusy says what to do when another program is at a turn of the session.
type whileBusy int

const (
	refuse   whileBusy = iota // do nothing, and say so
	leaveOff                  // take all but that turn
	takeAll                   // take what there is of it
)

// knows reports whether others may have written to the session.
func (l *lane) knows(s chat.Session) bool {
	return l.desk.Elsewhere != nil && (s.Foreign != chat.Ours || l.desk.Elsewhere.Knows(s))
}

// catchUp calls then with the session as it is once what was said elsewhere is
// in the log, or is about to be: then gets the events that show it, which belong
// into the commit of what follows. Until then nothing else begins.
func (l *lane) catchUp(s chat.Session, busy whileBusy, then func(chat.Session, caughtUp, error)) {
	l.catching = true
	var c caughtUp
	l.away(func() (err error) {
		c, err = l.desk.fetch(l.ctx, s, busy)
		return err
	}, func(err error) {
		if err != nil && s.Foreign == chat.Ours && fault.CodeOf(err) != fault.CodeBusyElsewhere {
			// The agent has its memory, and we have ours: that is enough to go on.
			l.desk.Slog.Warn("what was said elsewhere could not be read", "session", l.id, "err", err)
			c, err = caughtUp{}, nil
		}
		l.reopen(len(c.news.Turns) > 0, func() {
			l.catching = false
			if err == nil {
				s, err = l.session()
			}
			if err == nil && l.live == nil {
				s, err = l.take(s, c.news)
			}
			then(s, c, err)
			waiting := l.later
			l.later = nil
			for _, f := range waiting {
				f()
			}
		})
	})
}

// reopen closes the agent's side of a session to which another program has said
// something: what it has in mind is old. The next turn opens it anew, and not
// before it is closed.
func (l *lane) reopen(stale bool, then func()) {
	k := l.link
	if !stale || k == nil || l.live != nil {
		then()
		return
	}
	l.link, l.parked = nil, nil
	conn := k.drop()
	if conn == nil {
		then()
		return
	}
	l.away(conn.Close, func(err error) {
		if err != nil {
			l.desk.Slog.Warn("closing an agent failed", "session", l.id, "err", err)
		}
		then()
	})
}

// fetch asks the agent's side. It may take long.
func (d *Desk) fetch(ctx context.Context, s chat.Session, busy whileBusy) (c caughtUp, err error) {
	if s.Foreign != chat.Ours {
		c.head, err = d.bring(ctx, s, busy)
		return c, err
	}
	kept, err := d.Kept.Messages(ctx, s.ID)
	if err != nil {
		return c, err
	}
	path, _, err := d.Reader.Path(ctx, s.ID)
	if err != nil {
		return c, err
	}
	if c.news, err = d.Elsewhere.News(ctx, s, kept, path); err != nil {
		return c, err
	}
	if busy == leaveOff && c.news.Unfinished {
		c.news.Turns = c.news.Turns[:len(c.news.Turns)-1]
	}
	return c, alone(c.news, busy)
}

// bring writes the transcript of a foreign session into the log, where nothing
// shows it yet. What an earlier try has left is taken back first: the agent's
// side may be another one now.
func (d *Desk) bring(ctx context.Context, s chat.Session, busy whileBusy) (*chat.TurnID, error) {
	if err := d.Kept.Unimport(ctx, s.ID); err != nil {
		return nil, err
	}
	news, err := d.Elsewhere.Transcript(ctx, s)
	if err != nil {
		return nil, err
	}
	if err := alone(news, busy); err != nil {
		return nil, err
	}
	turns := news.Turns
	pause("adopt-before-import")
	if err := d.Kept.Import(ctx, s.ID, turns); err != nil {
		return nil, err
	}
	pause("adopt-after-import")
	if len(turns) == 0 {
		return nil, nil
	}
	return &turns[len(turns)-1].Turn.ID, nil
}

// take commits news of a session of ours, a few turns at a time: each commit is
// whole in itself, and short.
func (l *lane) take(s chat.Session, n chat.News) (chat.Session, error) {
	var events []chat.Event
	for turn, rows := range byTurn(n.Kept) {
		events = append(events, chat.Event{Turn: turn, Body: chat.TurnStored{Rows: rows}})
	}
	for _, id := range n.Stored {
		events = append(events, chat.Event{Body: chat.SessionStored{ID: id}})
	}
	size := 0
	for i, t := range n.Turns {
		events = append(events, chat.Event{Turn: t.Turn.ID, Body: chat.TurnImported(t)})
		if size += len(t.Rows); size < importRows && i < len(n.Turns)-1 {
			continue
		}
		events = append(events, chat.Event{Body: chat.SessionCaughtUp{Head: t.Turn.ID}})
		if _, err := l.desk.Log.Commit(l.ctx, l.id, untrashed(l.id), events...); err != nil {
			return s, err
		}
		events, size = nil, 0
	}
	if len(events) > 0 {
		if _, err := l.desk.Log.Commit(l.ctx, l.id, untrashed(l.id), events...); err != nil {
			return s, err
		}
	}
	return l.session()
}

// importRows is about how many rows one commit of news has.
const importRows = 100

func byTurn(kept []chat.KeptRow) map[chat.TurnID][]chat.Row {
	by := map[chat.TurnID][]chat.Row{}
	for _, k := range kept {
		by[k.Turn] = append(by[k.Turn], k.Row)
	}
	return by
}

// found are the events that put a foreign session into the log, before what
// follows.
func found(s chat.Session) []chat.Event {
	if s.Foreign != chat.Mirrored {
		return nil
	}
	return []chat.Event{{Body: chat.SessionFound{
		Source: s.Source, Agent: s.Agent, Profile: s.Profile, Title: s.Title, Workspace: s.Workspace, Model: s.Model,
		Stored: s.Stored, CreatedAt: s.CreatedAt, UpdatedAt: s.UpdatedAt,
	}}}
}

// adopted are the events that make a foreign session ours.
func adopted(s chat.Session, head *chat.TurnID) []chat.Event {
	events := found(s)
	if head != nil {
		events = append(events, chat.Event{Body: chat.SessionCaughtUp{Head: *head}})
	}
	return events
}

// alone refuses to begin a turn while another program may write to the session.
func alone(n chat.News, busy whileBusy) error {
	who := n.Open
	if n.Unfinished {
		who = "Another program of this agent is at a turn of this session just now."
	}
	if who == "" || busy != refuse {
		return nil
	}
	return fault.New(fault.Conflict, fault.CodeBusyElsewhere,
		who+" Two at once mix up what the agent remembers. Wait until it is done, or go on anyway.")
}

// Align takes over what was said elsewhere in a session of ours, unless a turn
// is live: then the next one does it. It is called when the agent's side of the
// session has changed.
func (d *Desk) Align(ctx context.Context, id chat.SessionID) error {
	err := d.ready(ctx, id, leaveOff, func(s chat.Session) bool { return s.Foreign == chat.Ours })
	if fault.KindOf(err) == fault.Gone {
		return nil
	}
	return err
}

// adopt makes a foreign session ours without a turn: what is asked for is about
// turns that only the agent has.
func (d *Desk) adopt(ctx context.Context, id chat.SessionID) error {
	return d.ready(ctx, id, takeAll, func(s chat.Session) bool { return s.Foreign != chat.Ours })
}

// upToDate is adopt, and takes over what was said elsewhere in a session of ours:
// rows of turns that are about to be left are recognised now or never.
func (d *Desk) upToDate(ctx context.Context, id chat.SessionID) error {
	return d.ready(ctx, id, takeAll, func(chat.Session) bool { return true })
}

func (d *Desk) ready(ctx context.Context, id chat.SessionID, busy whileBusy, wanted func(chat.Session) bool) error {
	_, err := call(ctx, d, id, func(l *lane, reply func(struct{}, error)) { l.ready(busy, wanted, reply) })
	return err
}

func (l *lane) ready(busy whileBusy, wanted func(chat.Session) bool, reply func(struct{}, error)) {
	if l.catching {
		l.later = append(l.later, func() { l.ready(busy, wanted, reply) })
		return
	}
	s, err := l.session()
	if err != nil || l.live != nil || !l.knows(s) || !wanted(s) {
		reply(struct{}{}, err)
		return
	}
	l.catchUp(s, busy, func(s chat.Session, c caughtUp, err error) {
		if err == nil && s.Foreign != chat.Ours && c.head != nil {
			_, err = l.desk.Log.Commit(l.ctx, l.id, untrashed(l.id), adopted(s, c.head)...)
		}
		reply(struct{}{}, err)
	})
}
