package mirror

import (
	"context"
	"slices"
	"time"

	"hermes-webui/server/chat"
)

// Knows reports whether the agent keeps a session in a database that is read
// here.
func (m *Mirror) Knows(s chat.Session) bool {
	return s.Agent == m.Agent && len(s.Stored) > 0 && m.baseOf(s.Profile) != nil
}

// Transcript returns all turns of a foreign session, oldest first.
func (m *Mirror) Transcript(ctx context.Context, s chat.Session) (chat.News, error) {
	b, err := m.base(s)
	if err != nil {
		return chat.News{}, err
	}
	open, err := b.Open(ctx, s.Stored)
	if err != nil {
		return chat.News{}, err
	}
	var pages [][]chat.Settled
	for row, more := int64(0), true; more; {
		turns, older, err := m.page(ctx, s, row, pageTurns)
		if err != nil {
			return chat.News{}, err
		}
		if more = older && len(turns) > 0; more {
			row = turns[0].Rows[0].ID
		}
		pages = append(pages, turns)
	}
	slices.Reverse(pages)
	all := slices.Concat(pages...)
	chain(s, nil, all)
	return chat.News{Turns: all, Unfinished: unfinished(all), Open: open}, nil
}

// quiet is how long after its newest row a turn that has no end is taken for one
// that nobody is at any more.
const quiet = 5 * time.Minute

// unfinished reports whether somebody else is at the newest of turns.
func unfinished(turns []chat.Settled) bool {
	if len(turns) == 0 {
		return false
	}
	t := turns[len(turns)-1].Turn
	return t.State == chat.Stopped && t.EndedAt != nil && time.Since(t.EndedAt.Time) < quiet
}

// News compares what the agent has of a session of ours with what the log has:
// all rows that are known, and the turns of the path, oldest first. What is new
// goes on from the head.
func (m *Mirror) News(ctx context.Context, s chat.Session, kept []chat.KeptRow, path []*chat.Turn) (chat.News, error) {
	b, err := m.base(s)
	if err != nil {
		return chat.News{}, err
	}
	after := int64(0)
	for _, k := range kept {
		after = max(after, k.ID)
	}
	fresh, err := b.After(ctx, s.Stored, after)
	if err != nil {
		return chat.News{}, err
	}
	a := align(knownOf(s, kept, path), fresh)
	news := chat.News{Kept: a.kept}
	if news.Open, err = b.Open(ctx, fresh.IDs); err != nil {
		return chat.News{}, err
	}
	for _, group := range a.fresh {
		for _, t := range b.Turns(group) {
			if len(t.Rows) > 0 {
				news.Turns = append(news.Turns, t)
			}
		}
	}
	chain(s, s.Head, news.Turns)
	news.Unfinished = a.newest && unfinished(news.Turns)
	for _, id := range fresh.IDs {
		if !slices.Contains(s.Stored, id) {
			news.Stored = append(news.Stored, id)
		}
	}
	return news, nil
}
