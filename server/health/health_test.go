package health_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"hermes-webui/server/chat"
	"hermes-webui/server/health"
)

// fixedLog is a log with ready events. Embedded interfaces are what Follow does
// not use.
type fixedLog struct {
	chat.Log
	chat.Reader
	live   []chat.TurnRow
	events []chat.Event
	bell   chat.Bell
}

func (l *fixedLog) Newest() chat.Seq                             { return 0 }
func (l *fixedLog) Live(context.Context) ([]chat.TurnRow, error) { return l.live, nil }
func (l *fixedLog) add(s chat.SessionID, t chat.TurnID, b chat.Body) {
	seq := chat.Seq(len(l.events) + 1)
	l.events = append(l.events, chat.Event{Seq: seq, At: chat.Now(), Session: s, Turn: t, Body: b})
	l.bell.Ring(seq, s, true)
}

func (l *fixedLog) After(_ context.Context, after chat.Seq, _ chat.Filter, _ int) ([]chat.Event, error) {
	return l.events[after:], nil
}

func TestTheReportFollowsTheLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &fixedLog{bell: chat.NewBell(), live: []chat.TurnRow{
			{Turn: chat.Turn{ID: "trn_old", Session: "ses_old", State: chat.Waiting, QueuedAt: chat.Now()}},
		}}
		b := health.New()
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- b.Follow(ctx, log, log, log.bell) }()
		synctest.Wait()
		r := b.Report(0)
		if r.ActiveRuns != 1 || r.Sessions != 1 || r.Runs[0].Phase != "waiting" || r.LastRunFinished != nil {
			t.Fatalf("at start: %+v", r)
		}

		time.Sleep(2 * time.Second)
		log.add("ses_1", "trn_1", chat.TurnStarted{})
		log.add("ses_old", "trn_old", chat.AskClosed{})
		log.add("ses_1", "trn_1", chat.AskRaised{})
		synctest.Wait()
		r = b.Report(0)
		if r.ActiveRuns != 2 || r.Runs[0].Phase != "running" || r.Runs[1].Phase != "waiting" || *r.OldestRunAge != 2 {
			t.Fatalf("in the middle: %+v", r)
		}

		log.add("ses_1", "trn_1", chat.TurnEnded{})
		log.add("ses_old", "trn_old", chat.TurnEnded{})
		time.Sleep(3 * time.Second)
		r = b.Report(7)
		if r.ActiveRuns != 0 || len(r.Runs) != 0 || r.LastRunFinished == nil || *r.IdleSince != 3 || r.ActiveStreams != 7 || r.Uptime != 5 {
			t.Fatalf("at the end: %+v", r)
		}
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	})
}

func TestConnectionsAreCountedApartFromRequests(t *testing.T) {
	b := health.New()
	if r := b.Report(0); r.AcceptLoop.Total != 0 || r.AcceptLoop.Last != 0 || r.Phase != health.Starting {
		t.Fatalf("%+v", r)
	}
	b.Accepted()
	b.Requested()
	b.Requested()
	b.SetPhase(health.Ready)
	if r := b.Report(0); r.AcceptLoop.Total != 1 || r.AcceptLoop.Last == 0 || r.Requests != 2 || r.Phase != health.Ready {
		t.Fatalf("%+v", r)
	}
}
