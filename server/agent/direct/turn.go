package direct

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// turn is one turn being done.
type turn struct {
	conn   *conn
	task   agent.Task
	asked  []message
	ctx    context.Context
	cancel context.CancelCauseFunc
	done   chan struct{}
}

func newTurn(c *conn, task agent.Task) *turn {
	ctx, cancel := context.WithCancelCause(c.ctx)
	// History is read now: whoever gave it may not have it any more later.
	return &turn{conn: c, task: task, asked: messagesOf(task), ctx: ctx, cancel: cancel, done: make(chan struct{})}
}

func (t *turn) over() bool {
	select {
	case <-t.done:
		return true
	default:
		return false
	}
}

func (t *turn) wait(ctx context.Context) error {
	select {
	case <-t.done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// put sends a step, unless the turn was stopped.
func (t *turn) put(b agent.StepBody) error {
	select {
	case t.conn.steps <- outgoing{t, agent.Step{Turn: t.task.Turn, Body: b}}:
		return nil
	case <-t.ctx.Done():
		return context.Cause(t.ctx)
	}
}

// run does the turn. After a stop it says nothing more.
func (t *turn) run() {
	s := &scribe{put: t.put}
	err := t.answer(s)
	if t.ctx.Err() == nil {
		_ = s.settle() // fails only when the turn was stopped
	}
	// Over before Ended is told: the next turn may start as soon as it is taken.
	close(t.done)
	t.tellEnd(err)
}

func (t *turn) tellEnd(err error) {
	if t.ctx.Err() != nil {
		return
	}
	if err == nil {
		_ = t.put(agent.Ended{State: chat.Done})
		return
	}
	f := failureOf(err)
	t.conn.driver.slog.Warn("turn failed", "session", t.conn.session, "turn", t.task.Turn, "code", f.Code, "cause", errors.Unwrap(err))
	_ = t.put(agent.Ended{State: chat.Failed, Error: f})
}

func failureOf(err error) *chat.Failure {
	if r, ok := errors.AsType[*refusal](err); ok {
		return r.failure()
	}
	return &chat.Failure{Code: string(fault.CodeAgentFailed), Text: "The answer could not be asked for. Try again."}
}

func (t *turn) answer(s *scribe) error {
	c, err := t.conn.driver.choose(t.ctx, t.task.Model)
	if err != nil {
		return err
	}
	dialect, ok := dialectOf(c.endpoint.Kind)
	if !ok {
		return &refusal{code: fault.CodeNoProvider, text: c.endpoint.title() + " speaks a protocol that this version does not know."}
	}
	if err := t.tellUnsent(s); err != nil {
		return err
	}
	x := &exchange{client: t.conn.driver.client, endpoint: c.endpoint, dialect: dialect, quiet: t.conn.driver.quiet, take: s.take}
	q := question{model: c.model, effort: t.task.Effort, messages: t.asked}
	end, err := t.askPatiently(x, c, q, s)
	if err != nil {
		return err
	}
	return t.judge(c, s, end)
}

// tellUnsent says which files the model does not get to see.
func (t *turn) tellUnsent(s *scribe) error {
	for _, a := range t.task.Prompt.Attachments {
		text := fmt.Sprintf("The Direct agent sends text only so far: the model was told of %q but not given its content.", a.Name)
		if err := s.notice(chat.NoticeWarn, text); err != nil {
			return err
		}
	}
	return nil
}

// askPatiently asks again where that may help, as long as nothing was said: an
// answer that has begun is never thrown away.
func (t *turn) askPatiently(x *exchange, c chosen, q question, s *scribe) (finish, error) {
	for try := 1; ; try++ {
		end, err := t.askOnce(x, c, q, s)
		r, ok := errors.AsType[*refusal](err)
		if !ok || s.said || try > r.tries || r.wait > maxWait {
			return end, err
		}
		if err := t.pause(r); err != nil {
			return unfinished, err
		}
	}
}

// askOnce asks, and once more without what a simple server may not know.
func (t *turn) askOnce(x *exchange, c chosen, q question, s *scribe) (finish, error) {
	d := t.conn.driver
	plain := d.isPlain(c)
	end, err := x.ask(t.ctx, q, plain)
	if plain || s.said || !picky(err) {
		return end, err
	}
	end, err = x.ask(t.ctx, q, true)
	if err == nil || s.said {
		d.setPlain(c)
	}
	return end, err
}

// picky reports whether a server refused how it was asked.
func picky(err error) bool {
	t, ok := errors.AsType[trouble](err)
	return ok && (t.status == http.StatusBadRequest || t.status == http.StatusUnprocessableEntity)
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

// judge says what a person must know about how an answer ended.
func (t *turn) judge(c chosen, s *scribe, end finish) error {
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
	if s.said || end == cutOff || end == filtered {
		return nil
	}
	return &refusal{
		code: fault.CodeProviderOther,
		text: fmt.Sprintf("%s ended its answer without a word. Try again, or choose another model.", c.endpoint.title()),
	}
}
