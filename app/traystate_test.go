package main

import (
	"context"
	"testing"
	"time"

	"hermes-webui/server/chat"
	"hermes-webui/server/health"
	"hermes-webui/tray"
)

// oneTurn is a reader of one turn in one session.
type oneTurn struct {
	chat.Reader
	started time.Time
}

func (r oneTurn) Turn(_ context.Context, id chat.TurnID) (chat.TurnRow, error) {
	return chat.TurnRow{Turn: chat.Turn{ID: id, StartedAt: &chat.Time{Time: r.started}}}, nil
}

func (r oneTurn) Session(_ context.Context, id chat.SessionID) (chat.Session, chat.Seq, error) {
	return chat.Session{ID: id, Title: "Fix the parser"}, 0, nil
}

func TestTheEndOfALongTurnIsAMessage(t *testing.T) {
	begin := time.Now()
	for _, c := range []struct {
		took time.Duration
		end  chat.TurnEnded
		want string // "" = no message
	}{
		{19 * time.Second, chat.TurnEnded{State: chat.Done}, ""},
		{21 * time.Second, chat.TurnEnded{State: chat.Done}, "The answer is there."},
		{21 * time.Second, chat.TurnEnded{State: chat.Stopped}, ""},
		{21 * time.Second, chat.TurnEnded{State: chat.Interrupted}, "The turn broke off."},
		{21 * time.Second, chat.TurnEnded{State: chat.Failed, Error: &chat.Failure{Text: "The model is busy."}}, "The model is busy."},
	} {
		f := &trayFeed{p: &process{}, link: newTrayLink(func() {}), reader: oneTurn{started: begin}, ctx: t.Context()}
		e := chat.Event{Session: "ses_1", Turn: "trn_1", At: chat.Time{Time: begin.Add(c.took)}, Body: c.end}
		if !f.take(e) {
			t.Error("the end of a turn changes nothing")
		}
		var got tray.Notice
		select {
		case got = <-f.link.notices:
		default:
		}
		if got.Text != c.want || c.want != "" && (got.Title != "Fix the parser" || got.Path != "/s/ses_1") {
			t.Errorf("%v, %s: the message is %+v, want %q", c.took, c.end.State, got, c.want)
		}
	}
}

func TestWhatIsNotWellComesFirst(t *testing.T) {
	got := trayChecks(health.Results{
		"store": {Finding: health.Finding{Status: health.OK, Says: "The database can be read."}},
		"disk":  {Finding: health.Finding{Status: health.Warning, Says: "The disk is almost full.", Fix: "Free some space."}},
		"agent": {Finding: health.Finding{Status: health.Warning, Says: "No agent is ready."}},
	})
	want := []tray.Check{
		{Name: "Disk", Word: "The disk is almost full", Fix: "Free some space."},
		{Name: "Database", Well: true, Word: "The database can be read"},
	}
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("got %+v", got)
	}
}

func TestOnlyApprovalsAreAnsweredInTheTray(t *testing.T) {
	choices := []chat.Choice{{ID: "once"}, {ID: "always"}, {ID: "deny"}}
	approval := trayAsk(chat.Ask{Kind: chat.Approval, Choices: choices, Digest: "d"})
	if !approval.Allow || !approval.Deny || approval.Danger || approval.More || approval.Digest != "d" {
		t.Errorf("an approval is %+v", approval)
	}
	if q := trayAsk(chat.Ask{Kind: chat.Question, Choices: choices}); q.Allow || q.Deny {
		t.Errorf("a question is %+v", q)
	}
	for _, a := range []chat.Ask{{Kind: chat.Approval, Danger: "It deletes."}, {Kind: chat.Approval, Level: 1}} {
		if !trayAsk(a).Danger {
			t.Errorf("%+v is not dangerous", a)
		}
	}
	if !trayAsk(chat.Ask{Kind: chat.Approval, Diff: "-a"}).More {
		t.Error("a diff need not be read")
	}
}
