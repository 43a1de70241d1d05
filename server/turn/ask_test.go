package turn_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
	"hermes-webui/server/turn"
)

func approval() chat.Ask {
	return chat.Ask{
		ID: chat.AskID(chat.NewID(chat.PrefixAsk)), Kind: chat.Approval, Title: "Run it?", Command: "ls", Editable: true,
		Choices: []chat.Choice{{ID: "once"}, {ID: "deny"}},
	}
}

// raised lets the agent ask and waits until it is in the log.
func (h *house) raised(k task, a chat.Ask) chat.Ask {
	h.t.Helper()
	h.ok(k.say(agent.Asked{Ask: a}))
	e := h.event(func(e chat.Event) bool {
		b, ok := e.Body.(chat.AskRaised)
		return ok && b.Ask.ID == a.ID
	})
	return e.Body.(chat.AskRaised).Ask
}

func (h *house) closed(id chat.AskID) chat.AskClosed {
	h.t.Helper()
	e := h.event(func(e chat.Event) bool {
		b, ok := e.Body.(chat.AskClosed)
		return ok && b.Ask == id
	})
	return e.Body.(chat.AskClosed)
}

func chose(choice string) turn.Answer {
	return turn.Answer{Answer: agent.Answer{Choice: choice}, By: "page"}
}

func TestTheFirstAnswerWins(t *testing.T) {
	h := newHouse(t)
	k := h.begin("1")
	ask := h.raised(k, approval())
	if h.row(k.Turn).State != chat.Waiting || ask.Digest != turn.Digest(ask) {
		t.Errorf("state %s, digest %q", h.row(k.Turn).State, ask.Digest)
	}
	stale := chose("once")
	stale.Digest = "other"
	_, _, err := h.desk.Answer(t.Context(), ask.ID, stale)
	h.code(err, fault.CodeAskChanged)
	_, _, err = h.desk.Answer(t.Context(), ask.ID, chose("maybe"))
	h.code(err, fault.CodeInvalid)

	var wg sync.WaitGroup
	var mu sync.Mutex
	won, lost := map[string]int{}, 0
	for i := range 40 {
		wg.Go(func() {
			choice := []string{"once", "deny"}[i%2]
			row, seq, err := h.desk.Answer(t.Context(), ask.ID, chose(choice))
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil && row.Closed != nil && row.Closed.Choice == choice && seq > 0:
				won[choice]++
			case fault.CodeOf(err) == fault.CodeAskClosed:
				lost++
			default:
				t.Errorf("%+v, %v", row, err)
			}
		})
	}
	wg.Wait()
	if len(won) != 1 || lost != 20 {
		t.Errorf("won %v, lost %d", won, lost)
	}
	if receive(t, h.puppet.answers); len(h.puppet.answers) > 0 {
		t.Error("the agent was told twice")
	}
	if h.row(k.Turn).State != chat.Running {
		t.Errorf("after the answer the turn is %s", h.row(k.Turn).State)
	}
	h.ok(k.done())
	h.wantEnd(k.Turn, chat.Done)
}

func TestASecretGoesToTheAgentAndNowhereElse(t *testing.T) {
	const secret = "hunter2-correct-horse"
	h := newHouse(t)
	k := h.begin("1")
	ask := h.raised(k, chat.Ask{ID: chat.AskID(chat.NewID(chat.PrefixAsk)), Kind: chat.Secret, Fields: []chat.Field{{ID: "key", Secret: true}}})
	a := turn.Answer{Answer: agent.Answer{Values: map[string]string{"key": secret}, Text: secret}}
	_, _, err := h.desk.Answer(t.Context(), ask.ID, a)
	h.ok(err)
	if got := receive(t, h.puppet.answers); got.answer.Values["key"] != secret {
		t.Errorf("the agent got %+v", got)
	}
	_, _, err = h.desk.Answer(t.Context(), ask.ID, a)
	h.code(err, fault.CodeAskClosed)
	for _, e := range h.all() {
		if strings.Contains(string(e.Wire()), secret) {
			t.Errorf("the secret is in %s", chat.KindOf(e.Body))
		}
	}
}

func TestAnAskExpires(t *testing.T) {
	h := newHouse(t)
	k := h.begin("1")
	ask := approval()
	soon := chat.At(time.Now().Add(20 * time.Millisecond))
	ask.Deadline = &soon
	h.raised(k, ask)
	if got := h.closed(ask.ID); got.How != chat.Expired {
		t.Errorf("closed %s", got.How)
	}
	if got := receive(t, h.puppet.answers); got.answer.Choice != turn.Refused {
		t.Errorf("the agent was told %+v", got)
	}
	_, _, err := h.desk.Answer(t.Context(), ask.ID, chose("once"))
	h.code(err, fault.CodeAskClosed)
	h.ok(k.done())
	h.wantEnd(k.Turn, chat.Done)
}

func TestAnAskEndsWithItsTurnOrWithTheAgentsNeed(t *testing.T) {
	h := newHouse(t)
	k := h.begin("1")
	gone, open := h.raised(k, approval()), h.raised(k, approval())
	h.ok(k.say(agent.AskGone{Ask: gone.ID, How: chat.WithdrawnBy}))
	if got := h.closed(gone.ID); got.How != chat.WithdrawnBy {
		t.Errorf("closed %s", got.How)
	}
	_, _, err := h.desk.Stop(t.Context(), k.Turn)
	h.ok(err)
	if got := h.closed(open.ID); got.How != chat.WithdrawnBy {
		t.Errorf("closed %s", got.How)
	}
	if h.session().Asks != 0 {
		t.Errorf("%d asks are open", h.session().Asks)
	}
	if len(h.puppet.answers) != 0 {
		t.Error("the agent was given an answer that nobody gave")
	}
}

func TestAChangedCommandCanOnlyBeAllowedOnce(t *testing.T) {
	h := newHouse(t)
	k := h.begin("1")
	a := approval()
	a.Choices = []chat.Choice{{ID: "once"}, {ID: "session", Rule: "run exactly: ls"}, {ID: "always", Rule: "run exactly: ls"}, {ID: "deny"}}
	ask := h.raised(k, a)
	for _, choice := range []string{"session", "always"} {
		edited := chose(choice)
		edited.Command = "rm -rf ."
		_, _, err := h.desk.Answer(t.Context(), ask.ID, edited)
		h.code(err, fault.CodeInvalid)
	}
	edited := chose("once")
	edited.Command = "ls -l"
	row, _, err := h.desk.Answer(t.Context(), ask.ID, edited)
	h.ok(err)
	if row.Closed.Command != "ls -l" || (<-h.puppet.answers).answer.Command != "ls -l" {
		t.Errorf("got %+v", row.Closed)
	}
	h.ok(k.done())
}

func TestADiffIsPartOfWhatWasShown(t *testing.T) {
	plain := approval()
	with := plain
	with.Diff = "-a\n+b\n"
	other := plain
	other.Diff = "-a\n+c\n"
	if turn.Digest(plain) == turn.Digest(with) || turn.Digest(with) == turn.Digest(other) {
		t.Error("two asks that show different things have one digest")
	}
}
