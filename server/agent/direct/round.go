package direct

import (
	"cmp"
	"fmt"
	"strings"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// maxRounds is how many questions to the model a turn may take before a person
// is asked whether it should go on, if that person set nothing.
const maxRounds = 50

// rounds asks the model, does the calls of its answer and asks again, until an
// answer has no calls.
func (t *turn) rounds() error {
	most := t.most()
	for n := 1; ; n++ {
		if n > most {
			if err := t.mayGoOn(most); err != nil {
				return err
			}
			n = 1
		}
		s, end, err := t.askPatiently()
		if err == nil {
			err = t.judge(s, end)
		}
		if settled := s.settle(); err == nil { // all that arrived is kept
			err = settled
		}
		if used := t.count(s.usage); err == nil {
			err = used
		}
		if err != nil {
			return err
		}
		said := s.message()
		said.turn, t.last = t.task.Turn, said.text()
		t.messages = append(t.messages, said)
		calls := s.calls()
		if err := t.doCalls(calls, end == cutOff); err != nil {
			return err
		}
		if !t.steer() && len(calls) == 0 && t.steers.close() {
			return nil
		}
	}
}

// most is how many questions the turn may take before it asks.
func (t *turn) most() int { return cmp.Or(t.conn.driver.config.Prefer().AskAfter, maxRounds) }

// doCalls does the calls of an answer and tells the model what came of them.
// cut: the answer ended at a limit of length, so the last call may be half.
func (t *turn) doCalls(calls []opened, cut bool) error {
	if len(calls) == 0 {
		return nil
	}
	uses := make([]*use, len(calls))
	for i, c := range calls {
		uses[i] = t.newUse(c.part, c.call)
		uses[i].cut = cut && i == len(calls)-1
		if len(calls) == 1 {
			break // it begins at once
		}
		// What waits behind a call that a person is asked about must be in the log
		// whole, or the turn could not go on after a restart: see CanResume.
		if err := uses[i].update(chat.ToolPending); err != nil {
			return err
		}
	}
	if err := t.do(uses); err != nil {
		return err
	}
	m := message{role: user, turn: t.task.Turn}
	for _, u := range uses {
		text, failed := resultText(u.part)
		m.pieces = append(m.pieces, result{id: u.call.id, name: u.call.name, text: text, failed: failed})
	}
	t.messages = append(t.messages, m)
	return nil
}

// steer takes along what the person said meanwhile.
func (t *turn) steer() bool {
	list := t.steers.take()
	if len(list) == 0 {
		return false
	}
	text := words(strings.Join(list, "\n\n"))
	if last := &t.messages[len(t.messages)-1]; last.role == user {
		last.pieces = append(last.pieces, text)
	} else {
		t.messages = append(t.messages, message{role: user, pieces: []piece{text}, turn: t.task.Turn})
	}
	return true
}

// judge says what a person must know about how an answer ended.
func (t *turn) judge(s *scribe, end finish) error {
	if err := s.flush(); err != nil {
		return err
	}
	switch end {
	case unfinished, finished:
	case cutOff:
		if err := s.notice(chat.NoticeWarn, "The answer ends here because it reached the model's limit of length."); err != nil {
			return err
		}
	case filtered:
		if err := s.notice(chat.NoticeWarn, "The provider's filter ended the answer here."); err != nil {
			return err
		}
	default:
		return fmt.Errorf("direct: unknown end %d", end)
	}
	t.said = t.said || s.said || end == cutOff || end == filtered
	if t.said {
		return nil
	}
	return &refusal{
		code: fault.CodeProviderOther,
		text: fmt.Sprintf("%s ended its answer without a word. Try again, or choose another model.", t.chosen.endpoint.title()),
	}
}

// count adds what an answer cost.
func (t *turn) count(u *chat.Usage) error {
	if u == nil {
		return nil
	}
	t.add(*u)
	t.usage.Context = u.Input + u.Output
	t.usage.Window = t.fitter.window // a server may have said it since
	return t.put(agent.Used{Usage: t.usage})
}

// add adds to the turn's cost without saying that it is in the window.
func (t *turn) add(u chat.Usage) {
	t.usage.Input += u.Input
	t.usage.Cached += u.Cached
	t.usage.Output += u.Output
	t.usage.Reasoning += u.Reasoning
	if u.Cost > 0 {
		t.usage.Cost += u.Cost
		return
	}
	t.usage.Cost += cost(t.chosen.about.Price, u)
}

const (
	goOn   = "go_on"
	endNow = "stop"
)

// mayGoOn asks the person whether the turn should take more than n questions.
// nil: it should.
func (t *turn) mayGoOn(n int) error {
	a, err := t.ask(t.ctx, chat.Ask{
		Kind:  chat.Question,
		Title: fmt.Sprintf("This turn has asked the model %d times. Should it go on?", n),
		Why:   "A turn that takes this long may be going in circles.",
		Choices: []chat.Choice{
			{ID: goOn, Label: "Go on"},
			{ID: endNow, Label: "Stop here"},
		},
	})
	if err != nil {
		return err
	}
	if a.Choice == endNow {
		return enoughOf(n)
	}
	if a.Text == "" {
		return nil
	}
	// Shown as words into the turn, so that the model hears of them later too.
	t.steers.add(a.Text)
	t.steer()
	return t.notice(chat.NoticeSteer, a.Text)
}

// enoughOf ends a turn that a person wants to go no further.
func enoughOf(n int) error {
	return &refusal{
		code: fault.CodeAgentFailed,
		text: fmt.Sprintf("The turn was ended after %d questions to the model, as you chose. What was done is kept; send a prompt to go on.", n),
	}
}
