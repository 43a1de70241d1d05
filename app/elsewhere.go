package main

import (
	"context"

	"hermes-webui/server/agent/hermes"
	"hermes-webui/server/chat"
	"hermes-webui/server/hermesdb"
	"hermes-webui/server/mirror"
)

// openMirror makes what reads the databases of the Hermes Agent: one of each
// profile. The agent need not be there, nor the files.
func (p *process) openMirror() {
	c := p.core
	c.profiles = newProfiles(p.whereHermes().Home, c.hermes.Runs)
	c.mirror = mirror.New(mirror.Config{
		Agent: hermes.ID, Store: c.store, Slog: p.log,
		Changed: func(change mirror.Change) { c.status.Set("elsewhere", "", change) },
		Ours:    func(id chat.SessionID) { p.align(id) },
	})
	there, _ := c.profiles.look()
	c.addProfiles(there)
}

// align takes over what was said elsewhere in a session of ours.
func (p *process) align(id chat.SessionID) {
	if err := p.core.desk.Align(context.Background(), id); err != nil {
		p.log.Warn("what was said elsewhere could not be taken over", "session", id, "err", err)
	}
}

// newest reads the newest turns of a session from the agent's database.
func (c *core) newest(ctx context.Context, of string, stored []string) ([]*chat.Turn, error) {
	const most = 3
	base := c.profiles.base(of)
	if base == nil {
		return nil, nil
	}
	settled, _, err := base.Page(ctx, stored, 0, most)
	turns := make([]*chat.Turn, len(settled))
	for i, s := range settled {
		turns[i] = s.Turn
	}
	return turns, err
}

// base is a database of the agent in the words of the mirror.
type base struct {
	db   *hermesdb.DB
	ours func(pid int) bool
}

func (b base) List(ctx context.Context) ([]mirror.Lineage, error) {
	all, err := b.db.List(ctx)
	list := make([]mirror.Lineage, len(all))
	for i, l := range all {
		list[i] = mirror.Lineage{
			IDs: l.IDs, Title: l.Title, Source: l.Source, Folder: l.Folder, Archived: l.Archived, Messages: l.Messages,
			Created: l.StartedAt, Updated: l.ActiveAt,
		}
	}
	return list, err
}

func (b base) Page(ctx context.Context, ids []string, before int64, limit int) ([]chat.Settled, bool, error) {
	turns, more, err := b.db.Page(ctx, ids, before, limit)
	return settledOf(turns), more, err
}

func (b base) After(ctx context.Context, ids []string, after int64) (mirror.Fresh, error) {
	f, err := b.db.Fresh(ctx, ids, after)
	all := make([]mirror.Message, len(f.Messages))
	for i, m := range f.Messages {
		all[i] = mirror.Message{Row: rowOf(m.Row), At: m.At, Text: m.Text, Begins: m.Begins, Summary: m.Summary, Cut: m.Cut, Ends: m.Ends, Raw: m}
	}
	return mirror.Fresh{Messages: all, IDs: f.IDs, Rewritten: f.Rewritten}, err
}

func (b base) Turns(messages []mirror.Message) []chat.Settled {
	all := make([]hermesdb.Message, len(messages))
	for i, m := range messages {
		all[i] = m.Raw.(hermesdb.Message) // as After gave it
	}
	return settledOf(b.db.Turns(all))
}

// Open asks for what the agents say themselves: what the newest rows tell is
// known better from the turns.
func (b base) Open(ctx context.Context, ids []string) (string, error) {
	return b.db.LiveWriter(ctx, ids, b.ours)
}

func (b base) Wait(ctx context.Context) error { return b.db.Wait(ctx) }

func (b base) Settle(ctx context.Context) error { return b.db.Settle(ctx) }

func settledOf(turns []hermesdb.Settled) []chat.Settled {
	all := make([]chat.Settled, len(turns))
	for i, t := range turns {
		all[i] = chat.Settled{Turn: t.Turn, Rows: make([]chat.Row, len(t.Rows))}
		for n, r := range t.Rows {
			all[i].Rows[n] = rowOf(r)
		}
	}
	return all
}

func rowOf(r hermesdb.Row) chat.Row {
	return chat.Row{ID: r.ID, Role: r.Role, Digest: r.Digest, Copy: r.Copy}
}
