package main

import (
	"testing"
	"time"

	"hermes-webui/server/chat"
	"hermes-webui/tray"
)

func TestALongTurnIsWorthAMessageWhereNobodyLooks(t *testing.T) {
	began := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		took    time.Duration
		state   chat.TurnState
		watched bool
		known   bool
		says    string
	}{
		"a long one":           {21 * time.Second, chat.Done, false, true, "The answer is there."},
		"a short one":          {19 * time.Second, chat.Done, false, true, ""},
		"one that was stopped": {time.Minute, chat.Stopped, false, true, ""},
		"one that broke off":   {time.Minute, chat.Failed, false, true, "No key."},
		"with a page in front": {time.Minute, chat.Done, true, true, ""},
		"of unknown length":    {time.Minute, chat.Done, false, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var said []tray.Notice
			h := herald{
				notify:  func(n tray.Notice) { said = append(said, n) },
				watched: func() bool { return c.watched },
				title:   func(chat.SessionID) string { return "" },
				began:   func(chat.TurnID) (time.Time, bool) { return began, c.known },
			}
			end := chat.TurnEnded{State: c.state}
			if c.state == chat.Failed {
				end.Error = &chat.Failure{Text: "No key."}
			}
			h.take(chat.Event{Session: "ses_1", Turn: "trn_1", At: chat.At(began.Add(c.took)), Body: end})
			switch {
			case c.says == "" && len(said) > 0:
				t.Errorf("it says %+v", said)
			case c.says != "" && (len(said) != 1 || said[0].Text != c.says || said[0].Title != "A session" || said[0].Path != "/s/ses_1"):
				t.Errorf("it says %+v", said)
			}
		})
	}
}
