package turn

import (
	"context"
	"strings"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// Steer puts words into the running turn. Where that is not possible (it has
// ended, or the agent cannot) they become a queued turn; Outcome says which.
func (d *Desk) Steer(ctx context.Context, id chat.TurnID, text string) (Steered, error) {
	row, err := d.Reader.Turn(ctx, id)
	if err != nil {
		return Steered{}, err
	}
	t, err := normal(NewTurn{Text: text, WhenBusy: Steer})
	if err != nil {
		return Steered{}, err
	}
	return call(ctx, d, row.Session, func(l *lane, reply func(Steered, error)) { l.steer(id, t, reply) })
}

func (l *lane) steer(id chat.TurnID, t NewTurn, reply func(Steered, error)) {
	if l.untilStarted(func() { l.steer(id, t, reply) }) {
		return
	}
	if l.live == nil || l.live.id != id {
		t.WhenBusy = Queue
	}
	l.send(t, agent.Abilities{}, func(a Accepted, err error) {
		outcome := OutcomeSteered
		if a.Turn.ID == t.ID {
			outcome = OutcomeQueued
		}
		reply(Steered{Outcome: outcome, Turn: a.Turn, Seq: a.Seq}, err)
	})
}

// untilStarted keeps words for a turn that the agent is about to take. It
// reports false where there is nothing to wait for.
func (l *lane) untilStarted(again func()) bool {
	v := l.live
	if v == nil || !v.starting || v.stopping || v.ending != nil {
		return false
	}
	v.waiting = append(v.waiting, again)
	return true
}

// goOn lets those who waited for the start of a turn go on.
func (v *live) goOn() {
	waiting := v.waiting
	v.waiting = nil
	for _, again := range waiting {
		again()
	}
}

// wordsID is the part that holds words for a running turn. It is made from the
// id that the client gave, so that the same words sent again are known.
func wordsID(id chat.TurnID) chat.PartID {
	return chat.PartID(chat.PrefixPart + strings.TrimPrefix(string(id), chat.PrefixTurn))
}

// canSteer reports whether a prompt is one for the running turn: text only,
// and an agent that is at it.
func (l *lane) canSteer(t NewTurn) bool {
	v := l.live
	if t.WhenBusy != Steer || t.Compress || len(t.Attachments) > 0 || t.Parent != nil || t.Replaces != nil || t.Continues != nil || t.Root {
		return false
	}
	return v != nil && !v.starting && !v.asleep && !v.stopping && v.ending == nil && l.link != nil && l.link.get() != nil
}

// steerOrQueue gives the words to the agent and records them once it has them.
func (l *lane) steerOrQueue(t NewTurn, reply func(Accepted, error)) {
	v, conn, part := l.live, l.link.get(), wordsID(t.ID)
	if waiting, ok := v.words[part]; ok { // the same request, while the agent is asked
		v.words[part] = append(waiting, reply)
		return
	}
	v.words[part] = []func(Accepted, error){reply}
	l.away(func() error {
		ctx, cancel := context.WithTimeout(v.ctx, callLimit)
		defer cancel()
		return conn.Steer(ctx, t.Text)
	}, func(err error) {
		replies := v.words[part]
		delete(v.words, part)
		a, err := l.steered(v, t, err == nil)
		for i, reply := range replies {
			a.Again = i > 0
			reply(a, err)
		}
	})
}

func (l *lane) steered(v *live, t NewTurn, taken bool) (Accepted, error) {
	if !taken || l.live != v || v.ending != nil {
		s, err := l.session()
		if err != nil {
			return Accepted{}, err
		}
		return l.accept(s, t, nil)
	}
	part := wordsID(t.ID)
	v.rec.steered(part)
	saved := l.save(append(v.rec.flush(time.Now()), chat.Steered{Part: part, Text: t.Text})...)
	row, err := l.desk.Reader.Turn(l.ctx, v.id)
	if err == nil && !saved {
		err = errNotSaved
	}
	return Accepted{Turn: row, Seq: l.desk.Log.Newest()}, err
}

// knownWords answers words for a running turn that came before; nil for new
// ones. Their turn may have ended since: it is one of the newest.
func (l *lane) knownWords(t NewTurn) (*Accepted, error) {
	part := wordsID(t.ID)
	if l.live != nil && l.live.rec.pieces[part] != nil {
		return l.sameWords(l.live.id)
	}
	snapshot, err := l.desk.Reader.Snapshot(l.ctx, l.id, "", 3)
	if err != nil {
		return nil, err
	}
	for _, turn := range snapshot.Turns {
		for _, p := range turn.Parts {
			if p.Common().ID == part {
				return l.sameWords(turn.ID)
			}
		}
	}
	return nil, nil
}

func (l *lane) sameWords(id chat.TurnID) (*Accepted, error) {
	row, err := l.desk.Reader.Turn(l.ctx, id)
	return &Accepted{Turn: row, Seq: l.desk.Log.Newest(), Again: true}, err
}
