package server

import "hermes-webui/server/chat"

// Clients never meet null for a list. What the domain hands out may be nil.

func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func wireSession(s chat.Session) chat.Session {
	s.Tags, s.Stored = list(s.Tags), list(s.Stored)
	return s
}

func wireTurn(t chat.Turn) *chat.Turn {
	t.Prompt.Attachments = list(t.Prompt.Attachments)
	t.Variants, t.Parts = list(t.Variants), list(t.Parts)
	return &t
}

func wireTurns(turns []*chat.Turn) []*chat.Turn {
	out := make([]*chat.Turn, len(turns))
	for i, t := range turns {
		out[i] = wireTurn(*t)
	}
	return out
}

func wireAsk(a chat.Ask) chat.Ask {
	a.Choices, a.Fields = list(a.Choices), list(a.Fields)
	return a
}

func wireAsks(asks []chat.Ask) []chat.Ask {
	out := make([]chat.Ask, len(asks))
	for i, a := range asks {
		out[i] = wireAsk(a)
	}
	return out
}

func wireSnapshot(s chat.Snapshot) chat.Snapshot {
	s.Session = wireSession(s.Session)
	s.Turns, s.Queue.Turns = wireTurns(s.Turns), wireTurns(s.Queue.Turns)
	s.Asks = wireAsks(s.Asks)
	return s
}
