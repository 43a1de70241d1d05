package store

import (
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// stored takes an id of an agent for a session of its profile. One that another
// session has, or had until it was purged, is a Conflict (id_reused).
func (p *projection) stored(session chat.SessionID, id string) error {
	done, err := p.q.ExecContext(p.ctx, `INSERT INTO stored (profile, id, session) VALUES (?, ?, ?)
		ON CONFLICT (profile, id) DO UPDATE SET session = excluded.session WHERE session = excluded.session`,
		p.s.Profile, id, session)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return fault.Wrap(err, fault.Conflict, fault.CodeIDReused, "The agent keeps another session under this id already.")
	}
	// It may have been seen in the agent's list before it was said to be ours.
	if other := chat.ForeignID(p.s.Profile, id); other != session {
		return unmirror(p.ctx, p.q, other)
	}
	return nil
}
