package direct

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

var _ agent.Compressor = (*conn)(nil)

const (
	// worthwhile is the least that a summary is made of, in bytes.
	worthwhile = 400
	// assumedRoom is what a question may have where no window is known, in tokens.
	assumedRoom = 32_000
	// maxFocus bounds what a person wants kept in mind, in bytes.
	maxFocus = 2000
)

// shorten has the model summarise all that came before. Only the notice at its
// end changes what later turns tell the model: until then nothing has happened.
func (t *turn) shorten() error {
	err := t.ready()
	if err == nil {
		err = t.putSummary()
	}
	if told := t.tellCost(); err == nil {
		err = told
	}
	return err
}

func (t *turn) putSummary() error {
	old, covers := t.before()
	text := transcript(old)
	if len(text) < worthwhile || covers == "" || !slices.ContainsFunc(old, func(m message) bool { return m.turn != "" }) {
		return t.notice(chat.NoticeInfo, "There is nothing to shorten: the model is told almost nothing of what came before. Nothing has changed.")
	}
	summary, whole, err := t.summaryOfAll(text)
	if err != nil {
		return err
	}
	if len(summary) >= len(text) {
		return t.notice(chat.NoticeInfo, "The summary is not shorter than what it would replace, so it is not used. Nothing has changed.")
	}
	t.equip()                                                                        // for the weight of the tools only
	was, now := t.weighed(old), t.weighed([]message{say(user, summaryHead+summary)}) // guesses, so not told to the token
	t.usage.Context = now
	told := fmt.Sprintf("From here on the model is told a summary of what came before: about %d tokens in place of about %d. You still see everything.", roundly(now), roundly(was))
	if !whole {
		told += " The beginning was too long to be in it."
	}
	return t.tell(chat.Notice{Level: chat.NoticeInfo, Covers: covers, Summary: summary, Text: told})
}

// roundly leaves two digits of a number.
func roundly(n int64) int64 {
	unit := int64(1)
	for n/unit >= 100 {
		unit *= 10
	}
	return (n + unit/2) / unit * unit
}

// before returns what the model would be told now, and the last turn of it.
func (t *turn) before() ([]message, chat.TurnID) {
	m, _ := pastOf(t.task, t.chosen.about.Images)
	if m.broke != "" {
		m.add(user, words(m.broke))
	}
	covers := chat.TurnID("")
	if t.task.History != nil {
		for _, turn := range slices.Collect(t.task.History) {
			covers = turn.ID
		}
	}
	return m.list, covers
}

// weighed guesses how many tokens a question has with these messages.
func (t *turn) weighed(list []message) int64 {
	q := question{messages: list}
	if len(t.specs) > 0 && !t.conn.driver.isToolless(t.chosen) {
		q.tools, q.system = t.specs, t.systemText()
	}
	return t.fitter.estimate(q)
}

// tellCost reports what was used up, which counts also where nothing came of it.
func (t *turn) tellCost() error {
	if t.usage.Input+t.usage.Output == 0 || t.ctx.Err() != nil {
		return nil
	}
	return t.put(agent.Used{Usage: t.usage})
}

// summaryOfAll asks for the summary, and again in smaller pieces where a server
// finds a question too long. whole: nothing had to be left out.
func (t *turn) summaryOfAll(text string) (summary string, whole bool, err error) {
	focus := middleCut(strings.TrimSpace(t.task.Prompt.Text), maxFocus)
	var asked question
	t.fitter.summarise = func(ctx context.Context, q question) (string, error) {
		asked = q
		return t.summarisePatiently(ctx, q)
	}
	for {
		s := &squeeze{fitter: t.fitter}
		s.room = cmp.Or(t.fitter.room(s.q), assumedRoom)
		said, err := s.summaryOfText(t.ctx, text, focus)
		if err == nil {
			return said, !s.leftOut, nil
		}
		why, ok := errors.AsType[trouble](err)
		if !ok || !t.fitter.refused(asked, why) {
			return "", false, t.noSummary(err)
		}
		if t.fitter.window > 0 {
			t.conn.driver.learnWindow(t.chosen, t.fitter.window)
		}
	}
}

// summarisePatiently asks again where that may help.
func (t *turn) summarisePatiently(ctx context.Context, q question) (string, error) {
	for try := 1; ; try++ {
		counted := t.usage.Input
		said, err := t.summarise(ctx, q)
		if n := t.usage.Input - counted; n > 0 {
			t.fitter.calibrate(q, n)
		}
		r, ok := errors.AsType[*refusal](err)
		if !ok || try > r.tries || r.wait > maxWait {
			return said, err
		}
		if err := t.pause(r); err != nil {
			return "", err
		}
	}
}

// noSummary puts in words why there is none.
func (t *turn) noSummary(err error) error {
	text := ""
	switch {
	case errors.Is(err, errNoRoom):
		text = fmt.Sprintf("The window of %s is too small for a summary. Choose a model with a larger one.", t.chosen.name())
	case errors.Is(err, errNoSummary):
		text = fmt.Sprintf("%s answered without a summary, so nothing has changed. Try again, or choose another model.", t.chosen.name())
	default:
		return err
	}
	return &refusal{code: fault.CodeProviderOther, text: text, cause: err}
}
