package direct

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// question is what the model is asked next, made to fit its window. It has the
// words that a person said while a pause or a permission was waited for.
func (t *turn) question() (question, error) {
	t.steer()
	q := question{
		model: t.chosen.model, messages: t.messages,
	}
	if slices.Contains(t.chosen.about.Efforts, t.task.Effort) { // chosen for another model, perhaps
		q.effort = t.task.Effort
	}
	if len(t.specs) > 0 && !t.conn.driver.isToolless(t.chosen) {
		q.tools, q.system = t.specs, t.systemText()
	}
	q, n, err := t.fitter.fit(t.ctx, q)
	if err != nil {
		return q, err
	}
	t.messages = q.messages
	if n == nil {
		return q, nil
	}
	return q, t.tell(*n)
}

// askPatiently asks again where that may help, as long as nothing was said: an
// answer that has begun is never thrown away. The scribe is of the last try.
func (t *turn) askPatiently() (*scribe, finish, error) {
	for try := 1; ; {
		s := newScribe(t.put) // what a try held back must not show in the next
		q, err := t.question()
		if err != nil {
			return s, unfinished, err
		}
		end, err := t.askOnce(q, s)
		if err == nil && s.usage != nil {
			t.fitter.learn(q, *s.usage)
		}
		if err == nil || s.said {
			return s, end, err
		}
		changed, told := t.yield(q, err)
		if told != nil {
			return s, end, told
		}
		if changed {
			continue
		}
		r, ok := errors.AsType[*refusal](err)
		if !ok || try > r.tries || r.wait > maxWait {
			return s, end, err
		}
		try++
		if err := t.pause(r); err != nil {
			return s, end, err
		}
	}
}

// yield gives in to a server that refuses what it was sent: too much, pictures,
// or tools. It reports whether to ask again; err: the person could not be told.
func (t *turn) yield(q question, refusal error) (again bool, err error) {
	d := t.conn.driver
	why, ok := errors.AsType[trouble](refusal)
	switch {
	case !ok:
		return false, nil
	case t.fitter.refused(q, why):
		if t.fitter.window > 0 {
			d.learnWindow(t.chosen, t.fitter.window)
		}
		return true, nil
	case hasImages(q) && blindOf(why):
		d.learnBlind(t.chosen)
		t.chosen.about.Images = agent.Blind
		t.messages = sightless(t.messages)
		return true, t.notice(chat.NoticeWarn, fmt.Sprintf("%s takes no pictures, so the model was only told their names.", t.chosen.name()))
	case len(q.tools) > 0 && noTools(why):
		d.learnToolless(t.chosen)
		return true, t.notice(chat.NoticeWarn, fmt.Sprintf("%s cannot use tools, so it can only talk. Choose another model to have it work with files and commands.", t.chosen.name()))
	default:
		return false, nil
	}
}

func hasImages(q question) bool {
	for _, m := range q.messages {
		for _, p := range m.pieces {
			if _, ok := p.(image); ok {
				return true
			}
		}
	}
	return false
}

// sightless puts words in the place of pictures.
func sightless(list []message) []message {
	out := make([]message, len(list))
	for i, m := range list {
		out[i] = m
		out[i].pieces = make([]piece, len(m.pieces))
		for j, p := range m.pieces {
			if _, ok := p.(image); ok {
				p = words("[A picture was here. It could not be shown to you.]")
			}
			out[i].pieces[j] = p
		}
	}
	return out
}

func (t *turn) exchange(take func(delta) error) *exchange {
	d := t.conn.driver
	return &exchange{client: d.client, endpoint: t.chosen.endpoint, dialect: t.dialect, quiet: d.quiet, take: take}
}

// askOnce asks, and once more without what a simple server may not know.
func (t *turn) askOnce(q question, s *scribe) (finish, error) {
	d := t.conn.driver
	x := t.exchange(s.take)
	plain := d.isPlain(t.chosen)
	end, err := x.ask(t.ctx, q, plain)
	if plain || s.said || !picky(err) || explained(q, err) {
		return end, err
	}
	end, err = x.ask(t.ctx, q, true)
	if err == nil || s.said {
		d.setPlain(t.chosen)
	}
	return end, err
}

// picky reports whether a server refused how it was asked.
func picky(err error) bool {
	t, ok := errors.AsType[trouble](err)
	return ok && (t.status == http.StatusBadRequest || t.status == http.StatusUnprocessableEntity)
}

// explained reports whether a server said what it does not take: then asking in
// plainer words does not help.
func explained(q question, err error) bool {
	t, ok := errors.AsType[trouble](err)
	return ok && (tooLong(t) || hasImages(q) && blindOf(t) || len(q.tools) > 0 && noTools(t))
}

// pause waits before the next try and says so.
func (t *turn) pause(r *refusal) error {
	until := time.Now().Add(r.wait)
	text := fmt.Sprintf("%s, trying again in %s", r.brief, spoken(r.wait))
	if err := t.put(agent.Status{Text: text, Until: until}); err != nil {
		return err
	}
	timer := time.NewTimer(r.wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return t.put(agent.Status{Text: "Waiting for the provider"})
	case <-t.ctx.Done():
		return context.Cause(t.ctx)
	}
}

// summarise asks the model for a summary of what does not fit.
func (t *turn) summarise(ctx context.Context, q question) (string, error) {
	if err := t.put(agent.Status{Text: "Summarising the earlier conversation"}); err != nil {
		return "", err
	}
	q.model = t.chosen.model
	text, u, err := t.exchange(nil).text(ctx, q)
	if u != nil {
		t.add(*u)
	}
	if told := t.put(agent.Status{}); err == nil {
		err = told
	}
	return text, err
}

// id is provider/model.
func (c chosen) id() string { return c.endpoint.ID + "/" + c.model }

// name is what people call the model.
func (c chosen) name() string {
	if c.about.Name != "" {
		return c.about.Name
	}
	return c.model
}
