package main

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"hermes-webui/server/chat"
)

// tell shows a message where an event of the stream is worth one.
func (f *farServer) tell(ctx context.Context, data string) {
	var e chat.Event
	if json.Unmarshal([]byte(data), &e) != nil {
		return // of a newer server
	}
	switch b := e.Body.(type) {
	case chat.TurnStarted:
		f.starts[e.Turn] = e.At.Time
	case chat.SessionChanged:
		if b.Title != nil {
			f.titles[e.Session] = *b.Title // what comes with it may be told before it is drawn
		}
	}
	f.herald(ctx, e.Session).take(e)
	if _, ok := e.Body.(chat.TurnEnded); ok {
		delete(f.starts, e.Turn)
	}
}

// herald tells of one session.
func (f *farServer) herald(ctx context.Context, s chat.SessionID) herald {
	return herald{
		notify: f.link.notify,
		title:  func(id chat.SessionID) string { return f.titles[id] },
		began:  func(id chat.TurnID) (time.Time, bool) { return f.began(ctx, s, id) },
		watched: func() bool {
			var c struct{ Watched bool }
			err := f.do(ctx, http.MethodGet, "/api/clients", nil, &c)
			return err == nil && c.Watched
		},
	}
}

// began says when a turn started. The server is asked about one that ran before
// there was a tray.
func (f *farServer) began(ctx context.Context, s chat.SessionID, id chat.TurnID) (time.Time, bool) {
	if at, ok := f.starts[id]; ok {
		return at, true
	}
	var snap struct {
		Turns []struct {
			ID        chat.TurnID
			StartedAt *chat.Time `json:"started_at"`
		}
	}
	if f.do(ctx, http.MethodGet, "/api/sessions/"+string(s)+"?limit=5", nil, &snap) != nil {
		return time.Time{}, false
	}
	for _, t := range snap.Turns {
		if t.ID == id && t.StartedAt != nil {
			return t.StartedAt.Time, true
		}
	}
	return time.Time{}, false
}
