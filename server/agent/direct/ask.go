package direct

import (
	"context"
	"errors"
	"slices"
	"sync"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// asks are the questions of a turn that wait for a person.
type asks struct {
	mu    sync.Mutex
	open  map[chat.AskID]chan agent.Answer
	prior map[chat.PartID]revived // "" is the part of asks that have none
}

// revived is an ask that was raised before a restart. Its answer may come before
// the call that needs it is there again.
type revived struct {
	ask   chat.Ask
	reply chan agent.Answer
}

// revive takes over the asks of a turn that waited through a restart. Answers
// to them may come from the moment Start returns.
func (a *asks) revive(r *agent.Resume) {
	a.open, a.prior = map[chat.AskID]chan agent.Answer{}, map[chat.PartID]revived{}
	if r == nil {
		return
	}
	for _, old := range append([]chat.Ask{r.Ask}, r.Open...) {
		reply := make(chan agent.Answer, 1)
		a.prior[partOf(old)], a.open[old.ID] = revived{old, reply}, reply
	}
	a.answer(r.Ask.ID, r.Answer)
}

func partOf(a chat.Ask) chat.PartID {
	if a.Part == nil {
		return ""
	}
	return *a.Part
}

func (a *asks) raise(id chat.AskID) <-chan agent.Answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	reply := make(chan agent.Answer, 1)
	a.open[id] = reply
	return reply
}

// earlier returns the ask that was raised for a part before the restart, once.
func (a *asks) earlier(part chat.PartID) (chat.Ask, <-chan agent.Answer, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	old, ok := a.prior[part]
	delete(a.prior, part)
	return old.ask, old.reply, ok
}

// waits reports whether an ask without a part was raised before the restart.
func (a *asks) waits() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	_, ok := a.prior[""]
	return ok
}

// answer reports whether somebody waits for it.
func (a *asks) answer(id chat.AskID, reply agent.Answer) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	waiting, ok := a.open[id]
	if !ok {
		return false
	}
	delete(a.open, id)
	waiting <- reply // holds one, and there is only one
	return true
}

// errAskChanged says that what would be done now is not what the person was
// shown before the restart.
var errAskChanged = errors.New("while this waited, the files or the workspace changed: what would be done now is not what the user was asked about; look at them again, then repeat the call")

// sameRules reports whether each choice that was shown would still store what it
// said. The rule of a command names the folder: a session whose workspace was
// changed in between would run it in another one.
func sameRules(shown, now []chat.Choice) bool {
	return !slices.ContainsFunc(shown, func(old chat.Choice) bool {
		return old.Rule != "" && !slices.ContainsFunc(now, func(c chat.Choice) bool { return c.ID == old.ID && c.Rule == old.Rule })
	})
}

// ask raises a and waits for the answer. A turn that goes on after a restart
// waits for the ask that was raised then, if it shows the same.
func (t *turn) ask(ctx context.Context, a chat.Ask) (agent.Answer, error) {
	old, reply, ok := t.asks.earlier(partOf(a))
	switch {
	case ok && (old.Kind != a.Kind || old.Command != a.Command || old.Diff != a.Diff || !sameRules(old.Choices, a.Choices)):
		_ = t.put(agent.AskGone{Ask: old.ID, How: chat.WithdrawnBy}) // fails only when the turn was stopped
		return agent.Answer{}, errAskChanged
	case !ok:
		a.ID = chat.AskID(chat.NewID(chat.PrefixAsk))
		reply = t.asks.raise(a.ID)
		if err := t.put(agent.Asked{Ask: a}); err != nil {
			return agent.Answer{}, err
		}
	}
	select {
	case answer := <-reply:
		return answer, nil
	case <-ctx.Done():
		return agent.Answer{}, context.Cause(ctx)
	}
}
