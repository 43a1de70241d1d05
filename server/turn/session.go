package turn

import (
	"context"
	"errors"
	"fmt"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// made is a session after a request.
type made struct {
	session chat.Session
	seq     chat.Seq
	again   bool
}

// Create makes a session. The same request again returns it as it is now; its
// id with another body is a Conflict (id_reused). Fields that were left out
// match anything.
func (d *Desk) Create(ctx context.Context, n NewSession) (chat.Session, chat.Seq, bool, error) {
	if n.ID == "" {
		n.ID = chat.SessionID(chat.NewID(chat.PrefixSession))
	}
	if !chat.ValidID(chat.PrefixSession, string(n.ID)) {
		return chat.Session{}, 0, false, invalid("The id of a session is ses_ and a ULID.")
	}
	created := chat.SessionCreated{Title: n.Title, Agent: n.Agent, Workspace: n.Workspace, Model: n.Model, Effort: n.Effort, Profile: n.Profile}
	if created.Agent == "" {
		created.Agent = d.Agents.Default()
	}
	if err := d.hasAgent(created.Agent); err != nil {
		return chat.Session{}, 0, false, err
	}
	return d.make(ctx, n.ID, nil, []chat.Body{created}, func(s chat.Session) bool {
		return fits(n.Title, s.Title) && fits(n.Agent, s.Agent) && fits(n.Workspace, s.Workspace) &&
			fits(n.Model, s.Model) && fits(n.Effort, s.Effort) && fits(n.Profile, s.Profile) && s.ForkOf == nil
	})
}

func fits(asked, is string) bool { return asked == "" || asked == is }

func (d *Desk) hasAgent(id string) error {
	if _, ok := d.Agents.Driver(id); ok {
		return nil
	}
	return fault.New(fault.Invalid, fault.CodeNoAgent, fmt.Sprintf("There is no agent %q. Choose another one.", id))
}

// make commits the beginning of a session, unless there is one of its id or may
// (nil: nothing) forbids it.
func (d *Desk) make(ctx context.Context, id chat.SessionID, may chat.Guard, bodies []chat.Body, same func(chat.Session) bool) (chat.Session, chat.Seq, bool, error) {
	m, err := callNow(ctx, d, id, func(l *lane) (made, error) {
		seq, err := l.desk.Log.Append(l.ctx, id, "", func(v chat.View) error {
			_, err := v.Session(id)
			switch {
			case err == nil:
				return errKnown
			case fault.KindOf(err) == fault.NotFound && may != nil:
				return may(v)
			case fault.KindOf(err) == fault.NotFound:
				return nil
			default:
				return err
			}
		}, bodies...)
		known := errors.Is(err, errKnown)
		if err != nil && !known {
			return made{}, err
		}
		s, covers, err := l.desk.Reader.Session(l.ctx, id)
		if err != nil {
			return made{}, err
		}
		if !known {
			return made{s, seq, false}, nil
		}
		if err := notTrashed(s); err != nil {
			return made{}, err
		}
		if !same(s) {
			return made{}, reused("A session with this id exists already, with other contents.")
		}
		return made{s, covers, true}, nil
	})
	return m.session, m.seq, m.again, err
}

// Fork makes a session that goes on from a turn of another one. Once more is
// the same; its id for anything else is a Conflict (id_reused).
func (d *Desk) Fork(ctx context.Context, from chat.Ref, id chat.SessionID) (chat.Session, chat.Seq, bool, error) {
	if id == "" {
		id = chat.SessionID(chat.NewID(chat.PrefixSession))
	}
	if !chat.ValidID(chat.PrefixSession, string(id)) || id == from.Session {
		return chat.Session{}, 0, false, invalid("The id of the new session is ses_ and a ULID of its own.")
	}
	if err := d.adopt(ctx, from.Session); err != nil {
		return chat.Session{}, 0, false, err
	}
	origin, err := callNow(ctx, d, from.Session, func(l *lane) (made, error) {
		s, err := l.session()
		if err != nil {
			return made{}, err
		}
		row, err := l.started(s, from.Turn)
		if err == nil && !row.State.Ended() {
			err = errTurnLive("This turn is still running. Fork the session once it has ended.")
		}
		from.Session = row.Session // a fork of a fork may begin before both
		return made{session: s}, err
	})
	if err != nil {
		return chat.Session{}, 0, false, err
	}
	s := origin.session
	bodies := []chat.Body{
		chat.SessionCreated{Agent: s.Agent, Workspace: s.Workspace, Model: s.Model, Effort: s.Effort, Profile: s.Profile},
		chat.SessionForked{From: from},
	}
	if s.Title != "" { // keeps who gave it: a person's title stays a person's
		bodies = append(bodies, chat.SessionChanged{Title: &s.Title, TitleBy: &s.TitleBy})
	}
	there := func(v chat.View) error { // it may have been removed meanwhile
		_, err := v.Shown(from.Turn)
		return err
	}
	return d.make(ctx, id, there, bodies, func(s chat.Session) bool { return s.ForkOf != nil && *s.ForkOf == from })
}

// Change changes settings of a session. A title is a person's; an empty one
// makes room for the next prompt or the agent to give one. The agent cannot be
// changed while a turn is live. What is as it is already is no event.
func (d *Desk) Change(ctx context.Context, id chat.SessionID, c chat.SessionChanged) (chat.Session, chat.Seq, error) {
	if c.Agent != nil {
		if err := d.hasAgent(*c.Agent); err != nil {
			return chat.Session{}, 0, err
		}
		if err := d.adopt(ctx, id); err != nil { // another agent knows nothing of it
			return chat.Session{}, 0, err
		}
	}
	m, err := callNow(ctx, d, id, func(l *lane) (made, error) {
		s, err := l.session()
		if err != nil {
			return made{}, err
		}
		c, some := news(s, c)
		if c.Agent != nil && l.live != nil {
			return made{}, errTurnLive("A turn is running. Stop it or wait for its end, then choose another agent.")
		}
		if c.Profile != nil && (s.Head != nil || s.Foreign != chat.Ours) {
			return made{}, fault.New(fault.Conflict, fault.CodeProfileFixed, "The profile of a session is chosen before its first prompt. Begin a new session for another profile.")
		}
		if some {
			if _, err := l.add(s, untrashed(id), c); err != nil {
				return made{}, err
			}
		}
		s, seq, err := l.desk.Reader.Session(l.ctx, id)
		return made{session: s, seq: seq}, err
	})
	return m.session, m.seq, err
}

// news drops from a change what is as it is.
func news(s chat.Session, c chat.SessionChanged) (chat.SessionChanged, bool) {
	if c.Title != nil && c.TitleBy == nil {
		by := chat.TitlePerson
		if *c.Title == "" {
			by = chat.TitleNone
		}
		c.TitleBy = &by
	}
	if c.Title == nil || *c.Title == s.Title && *c.TitleBy == s.TitleBy {
		c.Title, c.TitleBy = nil, nil
	}
	some := c.Title != nil || c.Tags != nil
	for _, differs := range []bool{
		differs(&c.Agent, s.Agent), differs(&c.Workspace, s.Workspace), differs(&c.Model, s.Model),
		differs(&c.Effort, s.Effort), differs(&c.Pinned, s.Pinned), differs(&c.Archived, s.Archived),
		differs(&c.Project, s.Project), differs(&c.Profile, s.Profile),
	} {
		some = some || differs
	}
	if c.ReadSeq != nil && *c.ReadSeq <= s.ReadSeq { // the mark never goes back
		c.ReadSeq = nil
	}
	return c, some || c.ReadSeq != nil
}

func differs[T comparable](to **T, is T) bool {
	if *to != nil && **to == is {
		*to = nil
	}
	return *to != nil
}

// Trash puts a session into the trash; a live turn is stopped first. Once more
// is the same.
func (d *Desk) Trash(ctx context.Context, id chat.SessionID) (chat.Seq, error) {
	return d.remove(ctx, id, func(l *lane, s chat.Session) (chat.Seq, error) {
		if s.TrashedAt != nil {
			return l.desk.Log.Newest(), nil
		}
		return l.add(s, nil, chat.SessionTrashed{})
	})
}

// add appends what a person says about the session; a foreign one comes into
// the log with it.
func (l *lane) add(s chat.Session, guard chat.Guard, body chat.Body) (chat.Seq, error) {
	return l.desk.Log.Commit(l.ctx, l.id, guard, append(found(s), chat.Event{Body: body})...)
}

// Delete removes a session from the agent's own memory too, which cannot be
// undone. Here it goes into the trash if its transcript is ours, else it goes
// for good: there is nothing left to show.
func (d *Desk) Delete(ctx context.Context, id chat.SessionID) (chat.Seq, error) {
	s, _, err := d.Reader.Session(ctx, id)
	if err != nil {
		return 0, err
	}
	driver, _ := d.Agents.Driver(s.Agent)
	deleter, ok := driver.(agent.Deleter)
	if !ok {
		return 0, fault.New(fault.Conflict, fault.CodeCannot, "This agent cannot delete what it remembers of a session. Delete the session only here.")
	}
	return d.remove(ctx, id, func(l *lane, s chat.Session) (chat.Seq, error) {
		ctx, cancel := context.WithTimeout(l.ctx, callLimit)
		defer cancel()
		if err := guarded(func() error { return deleter.Delete(ctx, s) }); err != nil {
			return 0, err
		}
		switch {
		case s.Foreign != chat.Ours:
			return l.desk.Log.Append(l.ctx, id, "", nil, chat.SessionPurged{})
		case s.TrashedAt != nil:
			return l.desk.Log.Newest(), nil
		default:
			return l.add(s, nil, chat.SessionTrashed{})
		}
	})
}

// Purge removes a session for good; a live turn is stopped first. What is left
// is a tombstone. Once more is fault.Gone.
func (d *Desk) Purge(ctx context.Context, id chat.SessionID) (chat.Seq, error) {
	return d.remove(ctx, id, func(l *lane, _ chat.Session) (chat.Seq, error) {
		return l.desk.Log.Append(l.ctx, id, "", nil, chat.SessionPurged{})
	})
}

// remove stops the live turn, lets go of the agent and then runs f.
func (d *Desk) remove(ctx context.Context, id chat.SessionID, f func(*lane, chat.Session) (chat.Seq, error)) (chat.Seq, error) {
	return call(ctx, d, id, func(l *lane, reply func(chat.Seq, error)) {
		s, _, err := l.desk.Reader.Session(l.ctx, id)
		if err != nil {
			reply(0, err)
			return
		}
		l.first = "" // nothing starts after the stop
		l.still(func() {
			l.drop()
			reply(f(l, s))
		})
	})
}

// still calls then once no turn is live, before anything else can start one.
func (l *lane) still(then func()) {
	if l.live == nil {
		then()
		return
	}
	l.parked = nil
	l.live.removed = true
	l.stop(then)
}

// Restore takes a session out of the trash. Once more is the same.
func (d *Desk) Restore(ctx context.Context, id chat.SessionID) (chat.Seq, error) {
	return callNow(ctx, d, id, func(l *lane) (chat.Seq, error) {
		s, _, err := l.desk.Reader.Session(l.ctx, id)
		if err != nil {
			return 0, err
		}
		if s.TrashedAt == nil {
			return l.desk.Log.Newest(), nil
		}
		return l.desk.Log.Append(l.ctx, id, "", nil, chat.SessionRestored{})
	})
}
