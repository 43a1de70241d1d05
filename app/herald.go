package main

import (
	"cmp"
	"time"

	"hermes-webui/server/chat"
	"hermes-webui/tray"
)

// longTurn is how long a turn takes for its end to be worth a message.
const longTurn = 20 * time.Second

// herald tells a person whom no page tells, by messages of the desktop: that
// something waits for them, and that a long turn has ended.
type herald struct {
	notify  func(tray.Notice)
	watched func() bool // a person has a page in front of them
	title   func(chat.SessionID) string
	began   func(chat.TurnID) (time.Time, bool)
}

// take says what is worth it of an event.
func (h herald) take(e chat.Event) {
	switch b := e.Body.(type) {
	case chat.AskRaised:
		if !h.watched() {
			h.notify(tray.Notice{Key: string(b.Ask.ID), Title: h.name(e.Session) + " needs you", Text: b.Ask.Title, Path: pathOf(e.Session)})
		}
	case chat.AskClosed:
		h.notify(tray.Notice{Key: string(b.Ask)})
	case chat.TurnEnded:
		h.ended(e, b)
	}
}

func (h herald) ended(e chat.Event, b chat.TurnEnded) {
	began, known := h.began(e.Turn)
	if !known || e.At.Sub(began) <= longTurn || b.State == chat.Stopped || h.watched() {
		return
	}
	n := tray.Notice{Key: string(e.Session), Title: h.name(e.Session), Text: "The answer is there.", Path: pathOf(e.Session)}
	if b.State != chat.Done {
		n.Text = "The turn broke off."
		if b.Error != nil {
			n.Text = b.Error.Text
		}
	}
	h.notify(n)
}

func (h herald) name(s chat.SessionID) string { return cmp.Or(h.title(s), "A session") }
