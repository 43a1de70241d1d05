package turn

import (
	"context"
	"errors"
	"slices"
	"strings"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// Send accepts a prompt. The same request again is answered with the turn as
// it is now (Again); its id with another session or body is a Conflict
// (id_reused); a session in the trash, or removed for good, is Gone.
//
// An idle session starts the turn at once if nothing waits before it. So it
// does while its queue is held for an interrupt, and for a turn that replaces
// or continues another: these are about what just happened.
func (d *Desk) Send(ctx context.Context, id chat.SessionID, t NewTurn) (Accepted, error) {
	t, err := normal(t)
	if err != nil {
		return Accepted{}, err
	}
	can := agent.Abilities{Rewind: agent.RewindTree}
	if t.Compress || t.Root || t.Parent != nil || t.Replaces != nil || t.Continues != nil {
		if can, err = d.abilities(ctx, id); err != nil {
			return Accepted{}, err
		}
	}
	return call(ctx, d, id, func(l *lane, reply func(Accepted, error)) { l.send(t, can, reply) })
}

// normal checks what was asked for and fills in what was left out.
func normal(t NewTurn) (NewTurn, error) {
	if t.ID == "" {
		t.ID = chat.TurnID(chat.NewID(chat.PrefixTurn))
	}
	if !chat.ValidID(chat.PrefixTurn, string(t.ID)) {
		return t, invalid("The id of a turn is trn_ and a ULID.")
	}
	t.Text = strings.ToValidUTF8(t.Text, "\uFFFD")
	if strings.TrimSpace(t.Text) == "" && t.Continues == nil && !t.Compress {
		return t, errNoText
	}
	if t.Replaces != nil && t.Continues != nil || t.Root && (t.Parent != nil || t.Replaces != nil || t.Continues != nil) {
		return t, invalid("A turn can have only one of parent, replaces and continues.")
	}
	if t.Compress {
		if err := compressAlone(t); err != nil {
			return t, err
		}
	}
	switch t.WhenBusy {
	case "":
		t.WhenBusy = Queue
	case Queue, Steer, Interrupt:
	default:
		return t, invalid("when_busy is queue, steer or interrupt.")
	}
	switch t.Origin {
	case "":
		t.Origin = chat.FromPerson
	case chat.FromPerson, chat.FromAgent, chat.FromSchedule, chat.FromElsewhere:
	default:
		return t, invalid("The origin of a turn is person, agent, schedule or elsewhere.")
	}
	return t, nil
}

var errNoText = invalid("The prompt is empty. Write something, also when files are attached.")

func invalid(text string) error { return fault.New(fault.Invalid, fault.CodeInvalid, text) }

func (l *lane) send(t NewTurn, can agent.Abilities, reply func(Accepted, error)) {
	if t.WhenBusy == Steer && l.untilStarted(func() { l.send(t, can, reply) }) {
		return
	}
	if l.catching {
		l.later = append(l.later, func() { l.send(t, can, reply) })
		return
	}
	s, err := l.session()
	if err != nil {
		reply(Accepted{}, err)
		return
	}
	known, err := l.knownTurn(t)
	if err != nil || known != nil {
		answer(reply, known, err)
		return
	}
	if l.live != nil || !l.knows(s) {
		l.sendNow(s, t, can, reply, nil)
		return
	}
	busy := refuse
	if t.Anyway {
		busy = takeAll
	}
	l.catchUp(s, busy, func(s chat.Session, c caughtUp, err error) {
		if err != nil {
			reply(Accepted{}, err)
			return
		}
		var first []chat.Event
		if s.Foreign != chat.Ours {
			first = adopted(s, c.head)
			s.Head = c.head
		}
		l.sendNow(s, t, can, reply, first)
	})
}

// sendNow accepts a prompt for a session that is up to date, or is with the
// events that go first.
func (l *lane) sendNow(s chat.Session, t NewTurn, can agent.Abilities, reply func(Accepted, error), first []chat.Event) {
	if l.desk.drains() {
		reply(Accepted{}, errStopping)
		return
	}
	if err := l.may(s, t, can); err != nil {
		reply(Accepted{}, err)
		return
	}
	if l.canSteer(t) {
		l.steerOrQueue(t, reply)
		return
	}
	reply(l.accept(s, t, first))
}

func answer(reply func(Accepted, error), a *Accepted, err error) {
	if err != nil {
		reply(Accepted{}, err)
		return
	}
	reply(*a, nil)
}

// session reads the lane's session; one in the trash is a fault.
func (l *lane) session() (chat.Session, error) {
	s, _, err := l.desk.Reader.Session(l.ctx, l.id)
	if err != nil {
		return s, err
	}
	return s, notTrashed(s)
}

func notTrashed(s chat.Session) error {
	if s.TrashedAt == nil {
		return nil
	}
	return fault.New(fault.Gone, fault.CodeTrashed, "This session is in the trash. Restore it first.")
}

// knownTurn answers a request that came before; nil for a new one.
func (l *lane) knownTurn(t NewTurn) (*Accepted, error) {
	row, err := l.desk.Reader.Turn(l.ctx, t.ID)
	switch {
	case err == nil:
		return again(row, l.id, t)
	case fault.KindOf(err) != fault.NotFound:
		return nil, err
	case t.WhenBusy == Steer:
		return l.knownWords(t)
	default:
		return nil, nil
	}
}

// again compares a request with the turn that has its id. How busy the session
// was is no part of the comparison. A parent that was left out matches any:
// what it stood for is decided when the turn starts.
func again(row chat.TurnRow, s chat.SessionID, t NewTurn) (*Accepted, error) {
	same := row.Session == s && row.Prompt.Text == t.Text && sameFiles(row.Prompt.Attachments, t.Attachments) &&
		equal(row.Replaces, t.Replaces) && equal(row.Continues, t.Continues) &&
		(t.Parent == nil || equal(row.Parent, t.Parent)) && (!t.Root || row.Parent == nil) && row.Compress == t.Compress
	if !same {
		return nil, reused("A turn with this id exists already, with other contents.")
	}
	return &Accepted{Turn: row, Seq: row.Seq, Again: true}, nil
}

func reused(text string) error { return fault.New(fault.Conflict, fault.CodeIDReused, text) }

func sameFiles(a, b []chat.Attachment) bool {
	return slices.EqualFunc(a, b, func(x, y chat.Attachment) bool { return x.ID == y.ID })
}

func equal[T comparable](a, b *T) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// errKnown leaves the transaction: the turn was there already.
var errKnown = errors.New("turn: known")

// accept commits the prompt and, where nothing is before it, its start; first
// goes before both.
func (l *lane) accept(s chat.Session, t NewTurn, first []chat.Event) (Accepted, error) {
	queue, err := l.desk.Reader.Queue(l.ctx, l.id)
	if err != nil {
		return Accepted{}, err
	}
	pastOnly := t.Root || t.Replaces != nil || t.Continues != nil
	starts := l.live == nil && (len(queue) == 0 || t.WhenBusy == Interrupt || pastOnly)
	if t.Root && !starts {
		return Accepted{}, errTurnLive("A new beginning is not possible while a turn is running. Stop it first.")
	}
	if t.Compress && starts && s.Head == nil {
		return Accepted{}, errNothingToCompress
	}
	events := append(first, l.queued(s, t, len(queue))...)
	var n *next
	if starts {
		if n, err = l.plan(from(s, t), newTurn(l.id, t)); err != nil {
			return Accepted{}, err
		}
		events = append(events, n.events...)
	}
	pause("accepted-before-commit")
	seq, known, err := l.commitNew(t, events)
	if err != nil || known != nil {
		if known == nil {
			return Accepted{}, err
		}
		return *known, err
	}
	pause("accepted-after-commit")
	row, err := l.desk.Reader.Turn(l.ctx, t.ID)
	switch {
	case n != nil:
		l.run(n)
	case t.WhenBusy == Interrupt:
		l.first = t.ID
		l.stop(nil)
	}
	return Accepted{Turn: row, Seq: seq}, err
}

// from is the session as the plan of a new beginning sees it.
func from(s chat.Session, t NewTurn) chat.Session {
	if t.Root {
		s.Head = nil
	}
	return s
}

func newTurn(s chat.SessionID, t NewTurn) chat.Turn {
	return chat.Turn{
		ID: t.ID, Session: s, Parent: t.Parent, Replaces: t.Replaces, Continues: t.Continues, Origin: t.Origin, Compress: t.Compress,
		Prompt: chat.Prompt{Text: t.Text, Attachments: t.Attachments},
	}
}

// queued is how a prompt comes into the log. The first one of a session gives
// it a title. A hold that is left over from a queue that is empty now ends.
func (l *lane) queued(s chat.Session, t NewTurn, waiting int) []chat.Event {
	var events []chat.Event
	if waiting == 0 && s.Held {
		events = append(events, chat.Event{Body: chat.QueueChanged{Order: []chat.TurnID{}}})
	}
	events = append(events, chat.Event{Turn: t.ID, Body: chat.TurnQueued{
		Parent: t.Parent, Replaces: t.Replaces, Continues: t.Continues, Origin: t.Origin,
		Prompt: chat.Prompt{Text: t.Text, Attachments: t.Attachments}, First: t.WhenBusy == Interrupt, Compress: t.Compress,
	}})
	if title := titleOf(t.Text); s.TitleBy == chat.TitleNone && title != "" && !t.Compress {
		by := chat.TitlePrompt
		events = append(events, chat.Event{Body: chat.SessionChanged{Title: &title, TitleBy: &by}})
	}
	return events
}

// commitNew commits the beginning of a turn, unless its id is taken: another
// session's lane may have been faster. That is decided inside the transaction.
func (l *lane) commitNew(t NewTurn, events []chat.Event) (chat.Seq, *Accepted, error) {
	var row chat.TurnRow
	guard := func(v chat.View) error {
		s, err := v.Session(l.id)
		if err != nil {
			return err
		}
		if err := notTrashed(s); err != nil {
			return err
		}
		row, err = v.Turn(t.ID)
		if err == nil {
			return errKnown
		}
		if fault.KindOf(err) != fault.NotFound {
			return err
		}
		return nil
	}
	seq, err := l.desk.Log.Commit(l.ctx, l.id, guard, events...)
	if errors.Is(err, errKnown) {
		known, err := again(row, l.id, t)
		return 0, known, err
	}
	return seq, nil, err
}
