package turn

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// Digest returns the digest of what an ask shows: the hex SHA-256 of its kind,
// title, why, command and danger, and of its diff, level and span if it has them,
// each after its length in bytes and a colon, so that no two asks share one by moving text
// between fields.
func Digest(a chat.Ask) string {
	fields := []string{string(a.Kind), a.Title, a.Why, a.Command, a.Danger}
	if a.Diff != "" {
		fields = append(fields, a.Diff)
	}
	if a.Level != 0 || a.Span != nil {
		fields = append(fields, marked(a))
	}
	h := sha256.New()
	for _, field := range fields {
		_, _ = fmt.Fprintf(h, "%d:%s", len(field), field) // a hash never fails
	}
	return hex.EncodeToString(h.Sum(nil))
}

func marked(a chat.Ask) string {
	span := chat.Stretch{}
	if a.Span != nil {
		span = *a.Span
	}
	return fmt.Sprintf("level %d, %d to %d", a.Level, span.From, span.To)
}

// Once allows an approval this time. Refused is also what an agent is told for
// an approval that expired.
const (
	Once    = "once"
	Refused = "deny"
)

// byDeadline is who closes an ask whose time is over.
const byDeadline = "deadline"

// raise records an ask of the live turn; it waits for a person from now on.
func (l *lane) raise(a chat.Ask) {
	v := l.live
	a.Session, a.Turn, a.RaisedAt, a.Digest = l.id, v.id, chat.Now(), Digest(a)
	why, err := l.badAsk(a)
	switch {
	case err != nil && l.ctx.Err() != nil:
		return // the program ends
	case err != nil:
		l.drop()
		l.end(chat.Failed, l.failureOf(errUnread(err)))
		return
	case why != "":
		l.misbehaved(why)
		return
	}
	v.asks = append(v.asks, a)
	if l.save(chat.AskRaised{Ask: a}) {
		pause("ask-raised")
	}
}

// errUnread says that the turn failed for the database and not for its agent.
func errUnread(err error) error {
	return fault.Wrap(fmt.Errorf("look up an ask: %w", err), fault.Unavailable, fault.CodeInternal,
		"The agent asked something, but the database could not be read, so the turn was ended. Check the disk, then choose Continue or send the prompt again.")
}

// badAsk says what is wrong with an ask ("": nothing). It fails only when the
// database cannot be read.
func (l *lane) badAsk(a chat.Ask) (string, error) {
	switch a.Kind {
	case chat.Approval, chat.Question, chat.Secret:
	default:
		return "an ask of an unknown kind", nil
	}
	if a.ID == "" {
		return "an ask without an id", nil
	}
	if a.Part != nil && l.live.rec.pieces[*a.Part] == nil {
		return "an ask about a part that was never opened", nil
	}
	if l.find(a.ID) >= 0 {
		return raisedTwice, nil
	}
	_, err := l.desk.Reader.Ask(l.ctx, a.ID)
	switch {
	case err == nil:
		return raisedTwice, nil
	case fault.KindOf(err) == fault.NotFound:
		return "", nil
	default:
		return "", err
	}
}

const raisedTwice = "an ask was raised twice"

// find returns the place of an open ask of the live turn, or -1.
func (l *lane) find(id chat.AskID) int {
	return slices.IndexFunc(l.live.asks, func(a chat.Ask) bool { return a.ID == id })
}

// askGone closes an ask that the agent does not need any more.
func (l *lane) askGone(b agent.AskGone) {
	if l.find(b.Ask) < 0 {
		return // a person was faster
	}
	switch b.How {
	case chat.Expired, chat.WithdrawnBy, chat.Lost:
	case chat.Answered, "":
		b.How = chat.WithdrawnBy
	default:
		l.misbehaved("an ask ended in an unknown way")
		return
	}
	l.close(chat.AskClosed{Ask: b.Ask, How: b.How})
}

// expire closes the asks whose time is over, and tells the agent once that is
// committed: what the agent does next must not go before it in the log.
func (l *lane) expire(now time.Time) {
	v := l.live
	l.tellExpired()
	for _, a := range slices.Clone(v.asks) {
		if l.live != v || v.ending != nil || v.stopping || v.starting || a.Deadline == nil || now.Before(a.Deadline.Time) {
			continue
		}
		if !l.save(v.rec.flush(now)...) {
			return // it is tried again soon
		}
		v.expired = append(v.expired, a)
		l.close(chat.AskClosed{Ask: a.ID, How: chat.Expired, By: byDeadline})
		l.tellExpired()
	}
}

// tellExpired answers for the asks whose time is over, unless their ends are
// still to be committed: an approval is refused (choice Refused), anything else
// gets an empty answer.
func (l *lane) tellExpired() {
	v := l.live
	for l.live == v && v.ending == nil && !v.stopping && len(v.unsaved) == 0 && len(v.expired) > 0 {
		a := v.expired[0]
		v.expired = v.expired[1:]
		reply := agent.Answer{}
		if a.Kind == chat.Approval {
			reply.Choice = Refused
		}
		l.tell(a, reply, true)
	}
}

// close commits the end of an open ask and takes it off the list.
func (l *lane) close(end chat.AskClosed) {
	i := l.find(end.Ask)
	l.live.asks = slices.Delete(l.live.asks, i, i+1)
	l.save(end)
}

// Answer gives a person's answer to an ask. The first one wins: the same again
// is the same, any other is a Conflict (ask_closed) that says what won. What
// was entered for a secret goes to the agent and nowhere else, so every later
// answer to one is a Conflict.
func (d *Desk) Answer(ctx context.Context, id chat.AskID, a Answer) (chat.AskRow, chat.Seq, error) {
	row, err := d.Reader.Ask(ctx, id)
	if err != nil {
		return chat.AskRow{}, 0, err
	}
	row, err = callNow(ctx, d, row.Session, func(l *lane) (chat.AskRow, error) { return l.answer(id, a) })
	return row, row.Seq, err
}

func (l *lane) answer(id chat.AskID, a Answer) (chat.AskRow, error) {
	row, err := l.desk.Reader.Ask(l.ctx, id)
	if err != nil {
		return chat.AskRow{}, err
	}
	if row.Closed != nil {
		return sameAnswer(row, a)
	}
	if a.Digest != "" && a.Digest != row.Digest {
		return chat.AskRow{}, fault.New(fault.Conflict, fault.CodeAskChanged, "This is not the question that you were shown. Look at it again, then answer.")
	}
	if err := fitting(row.Ask, a); err != nil {
		return chat.AskRow{}, err
	}
	v := l.live
	if v == nil || v.id != row.Turn || v.ending != nil || v.stopping || l.find(id) < 0 {
		return chat.AskRow{}, fault.New(fault.Conflict, fault.CodeAskClosed, "This question is not open any more.")
	}
	if err := l.commitAnswer(row.Ask, a); err != nil {
		return chat.AskRow{}, err
	}
	pause("answer-committed")
	closed, err := l.desk.Reader.Ask(l.ctx, id)
	l.tell(row.Ask, a.Answer, false)
	return closed, err
}

// commitAnswer makes the answer the one that counts, after all that was said
// before it.
func (l *lane) commitAnswer(ask chat.Ask, a Answer) error {
	v := l.live
	end := chat.AskClosed{Ask: ask.ID, How: chat.Answered, Choice: a.Choice, Text: a.Text, Command: a.Command, By: a.By}
	if ask.Kind == chat.Secret {
		end.Text, end.Command = "", ""
	}
	if !l.save(v.rec.flush(time.Now())...) {
		return errNotSaved
	}
	_, err := l.desk.Log.Append(l.ctx, l.id, v.id, func(view chat.View) error {
		row, err := view.Ask(ask.ID)
		if err == nil && row.Closed != nil {
			_, err = sameAnswer(row, a)
		}
		return err
	}, end)
	if err != nil {
		return err
	}
	i := l.find(ask.ID)
	v.asks = slices.Delete(v.asks, i, i+1)
	return nil
}

var errNotSaved = fault.New(fault.Unavailable, fault.CodeInternal, "This could not be stored. Is the disk full? Try again in a moment.")

// sameAnswer is the answer to an answer that came too late.
func sameAnswer(row chat.AskRow, a Answer) (chat.AskRow, error) {
	won := row.Closed
	same := won.How == chat.Answered && row.Kind != chat.Secret &&
		won.Choice == a.Choice && won.Text == a.Text && won.Command == a.Command
	if same {
		return row, nil
	}
	return chat.AskRow{}, fault.New(fault.Conflict, fault.CodeAskClosed, "This question is not open any more.").
		With("how", won.How).With("choice", won.Choice).With("by", won.By)
}

// fitting checks that an answer is one that the ask allows.
func fitting(ask chat.Ask, a Answer) error {
	if a.Command != "" && !ask.Editable {
		return invalid("This command cannot be changed.")
	}
	if a.Command != "" && ask.Kind == chat.Approval && a.Choice != Once && a.Choice != Refused {
		// The rule that was shown is about another command.
		return invalid("A command that you changed can only be allowed once.")
	}
	known := slices.ContainsFunc(ask.Choices, func(c chat.Choice) bool { return c.ID == a.Choice })
	switch ask.Kind {
	case chat.Approval:
		if !known && (len(ask.Choices) > 0 || a.Choice == "") {
			return invalid("Choose one of the answers that are offered.")
		}
	case chat.Question:
		if a.Choice != "" && !known {
			return invalid("Choose one of the answers that are offered, or write your own.")
		}
		if a.Choice == "" && a.Text == "" {
			return invalid("An answer needs a choice or some text.")
		}
	case chat.Secret:
		if a.Choice != "" && !known && a.Choice != Refused {
			return invalid("Choose one of the answers that are offered.")
		}
	default:
		return fault.New(fault.Internal, fault.CodeInternal, "This question is of a kind that this program does not know.")
	}
	return nil
}

// tell hands an answer to the agent. After a restart there may be none: then
// the turn goes on with it. expired: nobody gave it.
func (l *lane) tell(ask chat.Ask, a agent.Answer, expired bool) {
	v := l.live
	if v.asleep {
		l.wake(ask, a)
		return
	}
	if v.starting { // the agent that is to hear it may still be opening
		v.waiting = append(v.waiting, func() {
			if l.live == v && v.ending == nil {
				l.tell(ask, a, expired)
			}
		})
		return
	}
	k := l.link
	if k == nil {
		return
	}
	l.away(func() error {
		ctx, cancel := context.WithTimeout(v.ctx, callLimit)
		defer cancel()
		conn := k.get()
		if conn == nil {
			return errGone
		}
		return conn.Answer(ctx, ask.ID, a)
	}, func(err error) {
		if err == nil || l.live != v || v.ending != nil || v.stopping {
			return
		}
		if expired && fault.CodeOf(err) == fault.CodeNoAsk {
			return // its own clock was faster
		}
		l.drop()
		l.end(chat.Failed, l.failureOf(fmt.Errorf("hand over an answer: %w", err)))
	})
}
